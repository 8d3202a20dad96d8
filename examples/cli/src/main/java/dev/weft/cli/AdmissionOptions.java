package dev.weft.cli;

import dev.weft.relay.Authenticator;
import dev.weft.relay.Certificates;
import dev.weft.relay.JwtAuthenticator;
import dev.weft.relay.RelayServer;
import dev.weft.relay.TokenFile;
import dev.weft.relay.UnusableFileException;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom a relay lets in, and how it shows them who it is. */
final class AdmissionOptions {
  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description = "Let in who bears a token of a file, read again when it changes.")
  private @Nullable Path tokens;

  @Option(
      names = "--jwt-issuer",
      paramLabel = "ISS",
      description = "Let in who bears a JWT of this issuer, signed with one of the keys below.")
  private @Nullable String jwtIssuer;

  @Option(
      names = "--jwt-audience",
      paramLabel = "AUD",
      description = "For whom a JWT must have been issued.")
  private @Nullable String jwtAudience;

  @Option(
      names = "--jwt-secret",
      paramLabel = "FILE",
      description = "The file of the secret that JWTs are signed with (HS256).")
  private @Nullable Path jwtSecret;

  @Option(
      names = "--jwt-key",
      paramLabel = "FILE",
      description = "The public key or certificate, in PEM, of the key that JWTs are signed with.")
  private @Nullable Path jwtKey;

  @Option(
      names = "--jwt-keys",
      paramLabel = "FILE|URL",
      description = "The keys that JWTs are signed with, as a JWK set: a file, or where to get it.")
  private @Nullable String jwtKeys;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "Serve by TLS, with this chain of certificates in PEM.")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The private key of --tls-certificate, in PEM.")
  private @Nullable Path key;

  @Option(
      names = "--tls-keystore",
      paramLabel = "FILE",
      description = "Serve by TLS, with the certificate and the key of a keystore.")
  private @Nullable Path keyStore;

  @Option(
      names = "--tls-keystore-password",
      paramLabel = "FILE",
      description = "The file of the password of --tls-keystore.")
  private @Nullable Path keyStorePassword;

  /**
   * Applies the options.
   *
   * @throws IllegalArgumentException if they do not go together
   * @throws UnusableFileException if a file that says who is let in cannot be used; of a
   *     certificate the relay says that when it is built
   */
  void applyTo(RelayServer.Builder relay) {
    Authenticator authenticator = authenticator();
    if (authenticator != null) {
      relay.authenticator(authenticator);
    }
    Certificates certificates = certificates();
    if (certificates != null) {
      relay.tls(certificates);
    }
  }

  private @Nullable Authenticator authenticator() {
    boolean signed = Stream.of(jwtSecret, jwtKey, jwtKeys).anyMatch(each -> each != null);
    if (tokens != null && (signed || jwtIssuer != null || jwtAudience != null)) {
      throw new IllegalArgumentException("choose --tokens or --jwt-...: a relay asks one of them");
    }
    if (tokens != null) {
      return TokenFile.open(tokens);
    }
    if (!signed && jwtIssuer == null && jwtAudience == null) {
      return null;
    }
    return signedTokens();
  }

  private Authenticator signedTokens() {
    if (jwtIssuer == null
        || jwtAudience == null
        || Stream.of(jwtSecret, jwtKey, jwtKeys).filter(each -> each != null).count() != 1) {
      throw new IllegalArgumentException(
          "to let in by JWT give --jwt-issuer, --jwt-audience, and one of --jwt-secret, --jwt-key"
              + " and --jwt-keys");
    }
    JwtAuthenticator.Builder builder =
        JwtAuthenticator.builder().issuer(jwtIssuer).audience(jwtAudience);
    if (jwtSecret != null) {
      builder.secret(jwtSecret);
    } else if (jwtKey != null) {
      builder.publicKey(jwtKey);
    } else if (jwtKeys != null && jwtKeys.matches("https?://.*")) {
      builder.keysAt(URI.create(jwtKeys));
    } else if (jwtKeys != null) {
      builder.keySet(Path.of(jwtKeys));
    }
    return builder.build();
  }

  private @Nullable Certificates certificates() {
    boolean pem = certificate != null || key != null;
    boolean store = keyStore != null || keyStorePassword != null;
    if (pem && store) {
      throw new IllegalArgumentException(
          "choose --tls-certificate and --tls-key, or --tls-keystore: a relay shows one of them");
    }
    if (certificate != null && key != null) {
      return Certificates.pem(certificate, key);
    }
    if (keyStore != null && keyStorePassword != null) {
      return Certificates.keyStore(keyStore, keyStorePassword);
    }
    if (pem || store) {
      throw new IllegalArgumentException(
          pem
              ? "--tls-certificate and --tls-key go together"
              : "--tls-keystore and --tls-keystore-password go together");
    }
    return null;
  }
}
