package dev.weft.relay;

import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS in front of HTTP, with certificates that are read again when their files change: connections
 * that come then are shown the new ones, and those that are there go on with the old. Used by one
 * thread; the files are looked at on another.
 */
final class TlsFront implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TlsFront.class);

  private final Certificates certificates;
  private final Duration interval;
  private final SslContextFactory.Server factory = new SslContextFactory.Server();
  private @Nullable FileWatch watch;

  /** What the files were when they were taken over last. Written by one thread at a time. */
  private List<byte[]> taken;

  /**
   * Reads the files.
   *
   * @throws UnusableFileException if they are not in order
   */
  TlsFront(Certificates certificates, Duration interval) {
    this.certificates = certificates;
    this.interval = interval;
    this.taken = bytes();
    use(certificates.read());
    certificates.secrets().forEach(SettingsFile::warnIfExposed);
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
  }

  private List<byte[]> bytes() {
    List<byte[]> bytes = new ArrayList<>();
    for (Path file : certificates.files()) {
      bytes.add(SettingsFile.bytes(file));
    }
    return bytes;
  }

  private void use(Certificates.Keys keys) {
    factory.setKeyStore(keys.store());
    factory.setKeyStorePassword(keys.password());
    for (X509Certificate own : Certificates.own(keys.store())) {
      try {
        own.checkValidity();
        log.info("shows a certificate that is good until {}", own.getNotAfter().toInstant());
      } catch (CertificateExpiredException e) {
        log.warn(
            "the certificate was good until {}: clients will not connect",
            own.getNotAfter().toInstant());
      } catch (CertificateNotYetValidException e) {
        log.warn(
            "the certificate is not good before {}: clients will not connect",
            own.getNotBefore().toInstant());
      }
    }
  }

  /** Returns what a connector needs in front of HTTP. */
  ConnectionFactory connections(HttpConfiguration http) {
    // That the name is the right one is the client's to check, who may have come by an address.
    SecureRequestCustomizer customizer = new SecureRequestCustomizer();
    customizer.setSniHostCheck(false);
    http.addCustomizer(customizer);
    return new SslConnectionFactory(factory, HttpVersion.HTTP_1_1.asString());
  }

  /** Begins to look at the files. */
  void start() {
    watch =
        FileWatch.begin(
            "the certificate (" + certificates.files() + ")",
            certificates.files(),
            interval,
            this::read);
  }

  private void read() {
    List<byte[]> bytes = bytes();
    if (Arrays.deepEquals(bytes.toArray(), taken.toArray())) {
      return;
    }
    Certificates.Keys keys = certificates.read();
    if (!Arrays.deepEquals(bytes().toArray(), bytes.toArray())) {
      // They are just being written.
      throw new UnusableFileException(
          certificates.files().get(0), "it, or its key, changed while they were read");
    }
    try {
      factory.reload(anew -> use(keys));
    } catch (Exception e) {
      throw new UnusableFileException(
          certificates.files().get(0), "TLS cannot be begun with it: " + e.getMessage(), e);
    }
    taken = bytes;
    certificates.secrets().forEach(SettingsFile::warnIfExposed);
  }

  /** Looks at the files no more. */
  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
