package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.relay.AccessRule;
import dev.weft.relay.Certificates;
import dev.weft.relay.DocumentAccess;
import dev.weft.relay.RelayServer;
import dev.weft.relay.TokenFile;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Whom a relay lets in, for how long and for what, as a client's user has it: TLS and tokens. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class AdmissionEndToEndTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final String PASSWORD = "of a test";
  private static final String[] TRUST = {
    "javax.net.ssl.trustStore", "javax.net.ssl.trustStorePassword", "javax.net.ssl.trustStoreType"
  };

  @TempDir Path directory;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, String> lines = new LinkedHashMap<>();
  private final Map<String, String> tokens = new LinkedHashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void trustTheRelay() throws Exception {
    Path keys = directory.resolve("keys.p12");
    makeKey(keys);
    Files.writeString(directory.resolve("password"), PASSWORD);
    // As an administrator would have a JVM trust an authority of its own.
    System.setProperty(TRUST[0], keys.toString());
    System.setProperty(TRUST[1], PASSWORD);
    System.setProperty(TRUST[2], "PKCS12");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (String each : TRUST) {
      System.clearProperty(each);
    }
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private static void makeKey(Path keys) throws IOException, InterruptedException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process made =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-keystore",
                keys.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-alias",
                "relay",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1")
            .redirectErrorStream(true)
            .start();
    String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(made.waitFor()).as(said).isZero();
  }

  // --- Who may do what ---

  private void allow(String name, DocumentAccess access) throws IOException {
    String token = tokens.computeIfAbsent(name, unused -> TokenFile.newToken(random));
    lines.put(name, TokenFile.line(name, token, null, List.of(new AccessRule("*", access))));
    write();
  }

  /** Takes a token back; the next one for the same name is another. */
  private void takeBack(String name) throws IOException {
    tokens.remove(name);
    lines.remove(name);
    write();
  }

  private void write() throws IOException {
    Path next = directory.resolve("tokens.next");
    Files.writeString(next, String.join("\n", lines.values()) + "\n");
    Files.move(next, tokenFile(), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path tokenFile() {
    return directory.resolve("tokens");
  }

  private RelayServer relay(UnaryOperator<RelayServer.Builder> more) {
    TokenFile file = TokenFile.open(tokenFile());
    open.add(file);
    SqliteChangeStore store = SqliteChangeStore.open(directory.resolve("relay"), random);
    open.add(store);
    RelayServer relay =
        more.apply(
                RelayServer.builder()
                    .store(store)
                    .authenticator(file)
                    .tls(
                        Certificates.keyStore(
                            directory.resolve("keys.p12"), directory.resolve("password"))))
            .build();
    relay.start();
    open.add(relay);
    return relay;
  }

  /** A person's device. */
  private final class Device implements AutoCloseable {
    final WeftClient client;
    final SharedText text;
    private final SqliteChangeStore store;

    Device(String name, RelayServer relay) {
      this(name, relay.uri());
    }

    Device(String name, URI relay) {
      store = SqliteChangeStore.open(directory.resolve(name), random);
      client =
          WeftClient.builder()
              .relay(relay)
              .store(store)
              .closeWithin(Duration.ofSeconds(30))
              .token(() -> tokens.getOrDefault(name, "none"))
              .build();
      text = client.open(NOTES);
      open.add(this);
    }

    @Override
    public void close() {
      client.close();
      store.close();
    }
  }

  private static void awaitConnection(Device device, Connection connection) {
    Await.status(device.text, status -> status.connection() == connection);
  }

  // --- What becomes of it ---

  @Test
  void shouldBeRefusedWhenTheTokenIsTakenBackAndGoOnWithANewOne() throws Exception {
    allow("ann", DocumentAccess.WRITE);
    allow("bob", DocumentAccess.WRITE);
    RelayServer relay = relay(builder -> builder);
    assertThat(relay.uri().getScheme()).isEqualTo("wss");
    Device ann = new Device("ann", relay);
    Device bob = new Device("bob", relay);
    ann.text.insert(0, "before");
    Await.done(ann.text.save());
    Await.inStep(ann.text, bob.text);

    takeBack("ann");
    awaitConnection(ann, Connection.REFUSED);

    assertThat(ann.text.status().describe()).contains("token");
    ann.text.insert(6, ", meanwhile");
    bob.text.insert(0, "Bob: ");
    Await.done(bob.text.save());
    SyncStatus refused = ann.text.status();
    assertThat(refused.unsentChanges() + refused.deadLetters()).isPositive();
    assertThat(refused.saves()).isNotEqualTo(Saves.SAVED);
    assertThat(bob.text.text()).isEqualTo("Bob: before");
    assertThat(bob.text.status().connection()).isEqualTo(Connection.LIVE);

    allow("ann", DocumentAccess.WRITE);
    Await.until(() -> isLiveWhenTriedAgain(ann), ann.text::toString);
    Await.done(ann.text.save());
    Await.inStep(ann.text, bob.text);

    assertThat(bob.text.text()).isEqualTo("Bob: before, meanwhile").isEqualTo(ann.text.text());
    assertThat(ann.text.status().deadLetters()).isZero();
  }

  /** The relay looks at its file once a second. */
  private static boolean isLiveWhenTriedAgain(Device device) {
    if (device.text.status().connection() == Connection.REFUSED) {
      device.client.reconnect();
    }
    return device.text.status().connection() == Connection.LIVE;
  }

  @Test
  void shouldSayWhichSideSpeaksTlsWhereTheOtherDoesNot() throws Exception {
    allow("ann", DocumentAccess.WRITE);
    RelayServer encrypted = relay(builder -> builder);
    SqliteChangeStore store = SqliteChangeStore.open(directory.resolve("plain"), random);
    open.add(store);
    RelayServer plain = RelayServer.builder().store(store).build();
    open.add(plain);
    plain.start();

    Device ann = new Device("ann", URI.create("ws://127.0.0.1:" + encrypted.port()));
    Device bob = new Device("bob", URI.create("wss://127.0.0.1:" + plain.port()));

    Await.status(ann.text, status -> status.connection() == Connection.OFFLINE);
    Await.status(bob.text, status -> status.connection() == Connection.OFFLINE);
    for (int look = 0; look < 3; look++) {
      Await.status(
          ann.text,
          status ->
              status
                  .reason()
                  .equals(
                      "the relay there speaks TLS: its address begins with wss: and not with ws:"));
      Await.status(
          bob.text,
          status ->
              status
                  .reason()
                  .equals(
                      "what answers there does not speak TLS, for which wss: in the address"
                          + " asks"));
      ann.client.reconnect();
      bob.client.reconnect();
    }
  }

  @Test
  void shouldKeepWhatAReaderWritesUntilItMayWrite() throws Exception {
    allow("ann", DocumentAccess.READ);
    allow("bob", DocumentAccess.WRITE);
    RelayServer relay = relay(builder -> builder);
    Device ann = new Device("ann", relay);
    Device bob = new Device("bob", relay);
    bob.text.insert(0, "for all");
    Await.done(bob.text.save());
    Await.inStep(ann.text, bob.text);

    ann.text.insert(0, "mine, ");
    Await.status(ann.text, status -> status.degradations().contains(Degradation.READ_ONLY));
    Await.status(ann.text, status -> status.deadLetters() > 0);
    bob.text.insert(7, "!");
    Await.until(() -> ann.text.text().equals("mine, for all!"), ann.text::toString);
    assertThat(bob.text.text()).isEqualTo("for all!");
    assertThat(ann.text.status().connection()).isEqualTo(Connection.LIVE);

    allow("ann", DocumentAccess.WRITE);
    Await.inStep(ann.text, bob.text);

    assertThat(bob.text.text()).isEqualTo("mine, for all!").isEqualTo(ann.text.text());
    Await.status(ann.text, status -> status.deadLetters() == 0);
    Await.done(ann.text.save());
  }

  @Test
  void shouldWaitWhereItsAddressHasTooManyAndGetInLater() throws Exception {
    for (String each : List.of("ann", "bob", "cem")) {
      allow(each, DocumentAccess.WRITE);
    }
    RelayServer relay = relay(builder -> builder.connectionsPerAddress(2));
    Device ann = new Device("ann", relay);
    Device bob = new Device("bob", relay);
    awaitConnection(ann, Connection.LIVE);
    awaitConnection(bob, Connection.LIVE);

    Device cem = new Device("cem", relay);
    cem.text.insert(0, "waits");
    Await.status(cem.text, status -> status.describe().contains("from this address"));
    assertThat(cem.text.status().connection()).isEqualTo(Connection.OFFLINE);
    ann.text.insert(0, "goes on");
    Await.done(ann.text.save());
    ann.client.close();

    awaitConnection(cem, Connection.LIVE);
    Await.done(cem.text.save());
    Await.inStep(bob.text, cem.text);
    assertThat(bob.text.text()).contains("waits").contains("goes on");
  }
}
