package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import dev.weft.protocol.RelayMessage.Scope;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Those who mean harm, at the same document as two who write it: each is refused for itself, with a
 * code, and the two notice nothing.
 */
class HostilePeersTest {
  private static final int MILLION = 1_000_000;

  @TempDir Path directory;
  private TestRelay relay;
  private Bystanders bystanders;

  @BeforeEach
  void setUp() {
    relay = TestRelay.start(directory, new Tuning().hello(Duration.ofSeconds(10)));
    bystanders = new Bystanders(relay.uri());
  }

  @AfterEach
  void tearDown() {
    bystanders.close();
    relay.close();
  }

  private Peer inDocument() {
    Peer peer = Peer.greet(relay.uri());
    peer.say(new ClientMessage.Open(1, Author.DOCUMENT, VersionVector.EMPTY));
    peer.hear(RelayMessage.Opened.class);
    return peer;
  }

  // --- Below the protocol ---

  /**
   * Frames of RFC 6455 that none may send, as hexadecimal digits, masked with zeros where they are
   * masked, how many zeros follow, and the status with which the connection is to be closed.
   */
  @ParameterizedTest
  @CsvSource({
    "8201ff, 0, 1002", // not masked
    "c28100000000ff, 0, 1002", // compressed, which was not agreed on
    "a28100000000ff, 0, 1002", // a reserved bit
    "838100000000ff, 0, 1002", // an opcode that is reserved
    "8b8100000000ff, 0, 1002", // and one of control
    "808100000000ff, 0, 1002", // goes on with nothing
    "098000000000, 0, 1002", // a Ping in pieces
    "89fe007e00000000, 126, 1002", // a Ping that is too long
    "888100000000ff, 0, 1002", // a Close with half a status
    "88820000000003ed, 0, 1002", // a Close with a status that is never sent
    "818100000000ff, 0, 1003", // text, whether it is any or not
    "82ffffffffffffffffff00000000, 0, 1009", // a negative length
  })
  void shouldCloseConnectionOfFramesThatAreNone(String frame, int zeros, int status)
      throws Exception {
    try (RawHttp connection = new RawHttp(relay.uri())) {
      connection.upgrade("").head();
      connection.send(hex(frame) + "\0".repeat(zeros));

      assertClosed(connection.all(), status);
    }
    bystanders.assertUndisturbed();
  }

  private static String hex(String digits) {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < digits.length(); i += 2) {
      bytes.append((char) Integer.parseInt(digits, i, i + 2, 16));
    }
    return bytes.toString();
  }

  /**
   * The last frame is a Close with the status, behind what the relay has said before, if it has.
   */
  private static void assertClosed(String heard, int status) {
    String close = "" + (char) (status >> 8) + (char) (status & 0xff);
    int at = heard.lastIndexOf((char) 0x88);
    assertThat(at).as("a Close").isNotNegative();
    assertThat(heard.substring(at + 2, at + 4)).isEqualTo(close);
  }

  @Test
  void shouldTakeNoMemoryForALengthThatIsOnlySaid() throws Exception {
    long before = Heap.used();
    List<RawHttp> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      RawHttp connection = new RawHttp(relay.uri());
      all.add(connection);
      connection.upgrade("").head();
      // Two gibibytes, of which a few come.
      connection.send(hex("82ff000000007fffffff00000000") + "x".repeat(1_000));
    }
    Eventually.holds(() -> relay.server.hub().connections() == 52, () -> "all are there");

    assertThat(Heap.used() - before).isLessThan(50L << 20);
    // And what is too long is not waited for.
    all.get(0).send("x".repeat(Frames.MAX_SMALL_BYTES));
    assertClosed(all.get(0).all(), 1009);
    bystanders.assertUndisturbed();
    for (RawHttp each : all) {
      each.close();
    }
  }

  @Test
  void shouldAgreeOnNoCompression() throws Exception {
    try (RawHttp connection = new RawHttp(relay.uri())) {
      String head =
          connection
              .upgrade("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\n")
              .head();

      assertThat(head).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("Extensions");
    }
  }

  @ParameterizedTest
  @CsvSource({"gzip", "deflate", "br", "'identity, gzip'"})
  void shouldRefuseBodiesThatAreCompressed(String encoding) throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
      byte[] zeros = new byte[MILLION];
      for (int i = 0; i < 10; i++) {
        out.write(zeros);
      }
    }

    Polls.Answer answer =
        Polls.poll(
            relay.uri(),
            Author.DOCUMENT,
            request -> request.header("Content-Encoding", encoding),
            bomb.toByteArray());

    assertThat(answer.status()).isEqualTo(415);
    assertThat(new String(answer.response().body(), StandardCharsets.UTF_8))
        .isEqualTo("The content must not be compressed.\n");
    bystanders.assertUndisturbed();
  }

  // --- Vectors ---

  @Test
  void shouldRefuseVectorsOfAMillionWhereverTheyStand() throws Exception {
    VersionVector million = Vectors.ofReplicas(MILLION);
    List<ClientMessage> bombs =
        List.of(
            new ClientMessage.Open(1, Author.DOCUMENT, million),
            new ClientMessage.Edits(1, Payload.EMPTY, million),
            new ClientMessage.Save(1, "s", million, Guarantee.FSYNCED),
            new ClientMessage.Ping(7, 1, million));
    for (ClientMessage bomb : bombs) {
      try (Peer peer = inDocument()) {
        peer.say(bomb);

        Bystanders.assertRefused(peer, Codes.TOO_LARGE, Scope.CONNECTION);
        assertThat(peer.closed().status()).isEqualTo(1009);
      }
    }
    bystanders.assertUndisturbed();
  }

  // --- Who one is, and what one has said ---

  @Test
  void shouldRefuseWhoWritesOtherThingsUnderAnothersNumbers() {
    try (Peer peer = inDocument()) {
      Author forger = Author.over(peer, 0xa);
      forger.text.insert(0, "I am Ada, and this is what I wrote");
      forger.peer.say(new ClientMessage.Edits(1, Payload.of(forger.text.ownChangesSince(0)), null));

      Bystanders.assertRefused(peer, Codes.FORKED_IDENTITY, Scope.CHANNEL);
    }
    bystanders.assertUndisturbed();
    assertThat(bystanders.text()).doesNotContain("I am Ada");
  }

  @Test
  void shouldRefuseWhoGoesOnFromWhatAnotherHasNotWritten() {
    try (Peer peer = inDocument()) {
      Author forger = Author.over(peer, 0xa);
      forger.text.insert(0, "x".repeat(100));
      long behind = 50;
      forger.peer.say(
          new ClientMessage.Edits(1, Payload.of(forger.text.ownChangesSince(behind)), null));
      // The numbers before it come by who has them; it is found out when they are there.
      bystanders.typeUntil(0xa, behind);

      Bystanders.assertRefused(peer, Codes.FORKED_IDENTITY, Scope.CHANNEL);
    }
    bystanders.assertUndisturbed();
  }

  /**
   * An id is no proof of who one is: what goes on from all that was written under it is taken for
   * the same writer's. (Whose id it is can go on only if it hears of that before it writes more.)
   */
  @Test
  void shouldTakeWhatGoesOnUnderAnothersIdForTheOthers() {
    try (Author forger = Author.over(Peer.greet(relay.uri()), 0xa)) {
      forger.open(Author.DOCUMENT);
      forger.type("not by Ada");
      forger.save("f");
      bystanders.takeIn(forger.text.version());

      bystanders.assertUndisturbed();
      assertThat(bystanders.text()).contains("not by Ada");
    }
  }

  @Test
  void shouldTakeNothingTwiceThatIsSaidAgain() {
    byte[] everything = bystanders.everything();
    String before = bystanders.text();
    try (Peer peer = inDocument()) {
      Author reader = Author.over(peer, 0xc);
      for (int i = 0; i < 200; i++) {
        peer.say(new ClientMessage.Edits(1, Payload.of(everything), null));
        peer.say(new ClientMessage.Save(1, "a1", VersionVector.EMPTY, Guarantee.FSYNCED));
      }
      peer.say(new ClientMessage.Ping(7, 1, null));
      peer.hear(RelayMessage.Pong.class, pong -> pong.nonce() == 7);

      assertThat(bystanders.text()).isEqualTo(before);
      assertThat(reader.text.text()).isEmpty();
      bystanders.assertUndisturbed();
      peer.hearNothingOf(RelayMessage.Fault.class);
    }
  }

  // --- Many ---

  @Test
  void shouldServeOthersThroughAStormOfConnections() throws Exception {
    for (int i = 0; i < 300; i++) {
      RawHttp connection = new RawHttp(relay.uri());
      switch (i % 3) {
        case 0 -> connection.reset();
        case 1 -> connection.upgrade("").reset();
        default -> {
          connection.upgrade("").head();
          connection.send(
              new String(
                  RawWebSocket.frame(Frames.encode(Polls.hello())), StandardCharsets.ISO_8859_1));
          connection.reset();
        }
      }
      if (i % 50 == 0) {
        bystanders.goOn();
      }
    }
    bystanders.assertUndisturbed();
    Eventually.holds(() -> relay.server.sockets() == 2, relay.server::sockets);
    // One after the other: a socket is counted no more before its address is.
    Eventually.holds(
        () -> relay.server.addresses().connections() == 2, relay.server.addresses()::connections);
    Eventually.holds(() -> relay.server.hub().connections() == 2, relay.server.hub()::connections);
  }

  /** More than there are threads, each in the middle of its first words, of whatever kind. */
  @Test
  void shouldServeOthersWhileManySayNothingToTheEnd() throws Exception {
    List<RawHttp> all = new ArrayList<>();
    try {
      for (int i = 0; i < 240; i++) {
        RawHttp connection = new RawHttp(relay.uri());
        all.add(connection);
        switch (i % 4) {
          case 0 -> connection.send("GET /v1/sy");
          case 1 -> connection.upgrade("");
          case 2 -> {
            connection.upgrade("").head();
            connection.send(hex("82fe0100"));
          }
          default ->
              connection
                  .request(
                      "POST",
                      "/v1/documents/notes/sync",
                      "Content-Type: " + Polls.TYPE + "\nContent-Length: 1000\n")
                  .send("x");
        }
      }

      bystanders.assertUndisturbed();
    } finally {
      for (RawHttp each : all) {
        each.close();
      }
    }
    Eventually.holds(() -> relay.server.sockets() == 2, relay.server::sockets);
  }

  // --- Names ---

  /** What a page or a terminal would take for more than text. */
  @Test
  void shouldShowNothingAsMoreThanText() throws Exception {
    String name = "%3Cimg%20src=x%3E%1b%5B31m";
    try (RawHttp connection = new RawHttp(relay.uri())) {
      connection.request("GET", "/v1/documents/" + name + "/text", "Connection: close\n");
      String answer = connection.all();

      assertThat(answer)
          .startsWith("HTTP/1.1 400")
          .contains("Content-Type: text/plain; charset=utf-8\r\n")
          .doesNotContain("<", "\u001b");
    }
  }
}
