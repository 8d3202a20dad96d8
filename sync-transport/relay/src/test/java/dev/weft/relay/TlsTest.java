package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weft.protocol.RelayMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that come by TLS, and certificates that change while they are there. */
class TlsTest {
  @RegisterExtension final LogLines looks = LogLines.of(FileWatch.class);
  @RegisterExtension final LogLines front = LogLines.of(TlsFront.class);
  @RegisterExtension final LogLines files = LogLines.of(SettingsFile.class);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void shouldLetClientsInByTls(String algorithm) throws Exception {
    TestCertificates.Identity identity = TestCertificates.identity(algorithm);
    write(identity);
    try (TestRelay relay = start(pem())) {
      assertThat(relay.uri().getScheme()).isEqualTo("wss");
      SSLContext trust = TestCertificates.trusting(identity.certificate());

      assertEdits(relay, trust);

      HttpResponse<String> page =
          client(trust)
              .send(
                  HttpRequest.newBuilder(
                          URI.create(
                              "https://" + relay.uri().getAuthority() + "/v1/documents/a/text"))
                      .header("Origin", "https://" + relay.uri().getAuthority())
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(page.statusCode()).as("of its own origin").isEqualTo(404);
      assertThat(page.headers().firstValue("Strict-Transport-Security")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ecparam -name prime256v1 -genkey -noout -out KEY, BEGIN EC PRIVATE KEY",
    "ecparam -name secp384r1 -genkey -out KEY, BEGIN EC PARAMETERS",
    "genrsa -traditional -out KEY 2048, BEGIN RSA PRIVATE KEY",
    "genpkey -algorithm RSA -out KEY, BEGIN PRIVATE KEY",
    "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out KEY, BEGIN PRIVATE KEY",
    "genpkey -algorithm ED25519 -out KEY, BEGIN PRIVATE KEY",
  })
  void shouldReadWhatOpensslWrites(String command, String form) throws Exception {
    assumeThat(openssl("version")).isTrue();
    assertThat(openssl(command.replace("KEY", key().toString()))).isTrue();
    assertThat(Files.readString(key())).contains(form);
    assertThat(
            openssl(
                "req -x509 -new -days 1 -subj /CN=localhost -key " + key() + " -out " + chain()))
        .isTrue();

    Certificates.Keys keys = pem().read();

    assertThat(Certificates.own(keys.store()))
        .singleElement()
        .satisfies(each -> assertThat(each.getSubjectX500Principal()).hasToString("CN=localhost"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PKCS12", "JKS"})
  void shouldLetClientsInWithKeystore(String type) throws Exception {
    TestCertificates.Identity identity = TestCertificates.identity("EC");
    Path store = directory.resolve("store");
    Path password = Files.writeString(directory.resolve("password"), "open sesame\n");
    TestCertificates.store(store, identity, type, "open sesame");
    try (TestRelay relay = start(Certificates.keyStore(store, password))) {
      assertEdits(relay, TestCertificates.trusting(identity.certificate()));

      TestCertificates.Identity next = TestCertificates.identity("RSA");
      TestCertificates.store(store, next, type, "open sesame");
      awaitShown(relay, next.certificate());
    }
  }

  @Test
  void shouldShowNewCertificateToWhoComesAndKeepWhoIsThere() throws Exception {
    TestCertificates.Identity first = TestCertificates.identity("EC");
    TestCertificates.Identity second = TestCertificates.identity("RSA");
    write(first);
    try (TestRelay relay = start(pem())) {
      try (Author ada =
          Author.over(Peer.greet(relay.uri(), TestCertificates.trusting(first.certificate())), 1)) {
        ada.sayOpenAnew(Author.DOCUMENT);
        ada.caughtUp();

        write(second);
        awaitShown(relay, second.certificate());

        ada.type("still here").save("s1");
        assertEdits(relay, TestCertificates.trusting(second.certificate()));
        assertThatThrownBy(
                () -> shown(relay, TestCertificates.trusting(first.certificate()), "TLSv1.3"))
            .isInstanceOf(SSLException.class);
      }
    }
  }

  @Test
  void shouldShowOldCertificateUntilBothFilesFit() throws Exception {
    TestCertificates.Identity first = TestCertificates.identity("EC");
    TestCertificates.Identity second = TestCertificates.identity("EC");
    write(first);
    try (TestRelay relay = start(pem())) {
      replace(chain(), TestCertificates.pem(second.certificate()));
      Eventually.holds(() -> !looks.all().isEmpty(), looks::all);
      assertThat(looks.all().get(0)).startsWith("ERROR").contains("not that of the private key");
      assertThat(shown(relay, trust(first, second), "TLSv1.3")).isEqualTo(first.certificate());

      String key = TestCertificates.pem(second.keys());
      replace(key(), key.substring(0, key.length() / 2));
      Eventually.holds(() -> looks.all().size() == 2, looks::all);
      assertThat(looks.all().get(1)).contains("private key").doesNotContain(key.substring(40, 60));
      assertThat(shown(relay, trust(first, second), "TLSv1.3")).isEqualTo(first.certificate());

      replace(key(), key);
      awaitShown(relay, second.certificate());
      Eventually.holds(() -> looks.all().size() == 3, looks::all);
    }
  }

  @Test
  void shouldSpeakNothingOlderThanTls12AndNoPlainHttp() throws Exception {
    TestCertificates.Identity identity = TestCertificates.identity("RSA");
    write(identity);
    try (TestRelay relay = start(pem())) {
      SSLContext trust = TestCertificates.trusting(identity.certificate());
      assertThat(shown(relay, trust, "TLSv1.2")).isEqualTo(identity.certificate());
      assertThatThrownBy(() -> shown(relay, trust, "TLSv1.1")).isInstanceOf(IOException.class);

      assertThatThrownBy(
              () -> Peer.connect(URI.create(relay.uri().toString().replace("wss:", "ws:"))))
          .hasRootCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void shouldNotBeBuiltWithFilesThatDoNotFit() throws Exception {
    TestCertificates.Identity first = TestCertificates.identity("EC");
    TestCertificates.Identity second = TestCertificates.identity("RSA");
    assertUnusable(pem(), "no such file");
    write(first);
    replace(key(), TestCertificates.pem(second.keys()));
    assertUnusable(pem(), "not that of the private key");
    replace(key(), "nothing");
    assertUnusable(pem(), "no private key in PEM");
    replace(key(), TestCertificates.pem(first.keys()));
    replace(chain(), "nothing");
    assertUnusable(pem(), "certificate");
    Path store = directory.resolve("store");
    Path password = Files.writeString(directory.resolve("password"), "wrong");
    TestCertificates.store(store, first, "PKCS12", "right");
    assertUnusable(Certificates.keyStore(store, password), "no keystore that the password in");
  }

  @Test
  void shouldSayHowAnEncryptedKeyCanBeUsed() throws Exception {
    assumeThat(openssl("version")).isTrue();
    TestCertificates.Identity identity = TestCertificates.identity("RSA");
    write(identity);
    for (String option : new String[] {"pkey -aes128", "rsa -traditional -aes128"}) {
      Path plain =
          Files.writeString(directory.resolve("plain"), TestCertificates.pem(identity.keys()));
      assertThat(openssl(option + " -passout pass:secret -in " + plain + " -out " + key()))
          .isTrue();

      assertUnusable(pem(), "openssl pkey");
    }
  }

  @Test
  void shouldWarnOfCertificateThatIsOver() throws Exception {
    write(TestCertificates.identity("EC", Instant.now().minusSeconds(60)));
    try (TestRelay relay = start(pem())) {
      assertThat(relay.server.port()).isPositive();
      assertThat(front.all()).singleElement().asString().startsWith("WARN").contains("was good");
    }
  }

  private static void assertUnusable(Certificates certificates, String why) {
    assertThatThrownBy(() -> new TlsFront(certificates, Duration.ofMillis(5)))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining(why);
  }

  private static void assertEdits(TestRelay relay, SSLContext trust) {
    try (Author author = Author.over(Peer.greet(relay.uri(), trust), System.nanoTime())) {
      author.sayOpenAnew(Author.DOCUMENT);
      author.caughtUp();
      author.type("x");
      RelayMessage.SaveAcknowledged saved = author.save("s");
      assertThat(saved.vector()).isEqualTo(author.text.version());
    }
  }

  private static SSLContext trust(
      TestCertificates.Identity first, TestCertificates.Identity second) {
    return TestCertificates.trusting(first.certificate(), second.certificate());
  }

  private static void awaitShown(TestRelay relay, X509Certificate certificate) {
    SSLContext trust = TestCertificates.trusting(certificate);
    Eventually.holds(
        () -> {
          try {
            return shown(relay, trust, "TLSv1.3").equals(certificate);
          } catch (IOException e) {
            return false;
          }
        },
        () -> certificate);
  }

  /** Returns the certificate that the relay shows. */
  private static X509Certificate shown(TestRelay relay, SSLContext trust, String version)
      throws IOException {
    try (SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", relay.server.port())) {
      socket.setSoTimeout(10_000);
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      SSLSession session = socket.getSession();
      return (X509Certificate) session.getPeerCertificates()[0];
    }
  }

  private static HttpClient client(SSLContext trust) {
    return HttpClient.newBuilder().sslContext(trust).build();
  }

  private static boolean openssl(String arguments) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(("openssl " + arguments).split(" ", -1))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private TestRelay start(Certificates certificates) {
    return TestRelay.start(
        directory.resolve("relay"),
        new Tuning(),
        builder -> builder.tls(certificates).certificatesLooked(Duration.ofMillis(5)));
  }

  private void write(TestCertificates.Identity identity) throws IOException {
    replace(chain(), TestCertificates.pem(identity.certificate()));
    replace(key(), TestCertificates.pem(identity.keys()));
  }

  private void replace(Path file, String content) throws IOException {
    Path next = Files.writeString(directory.resolve("next"), content);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private Certificates pem() {
    return Certificates.pem(chain(), key());
  }

  private Path chain() {
    return directory.resolve("fullchain.pem");
  }

  private Path key() {
    return directory.resolve("privkey.pem");
  }
}
