package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole conversations in one request each, over real sockets. */
class PollTest {
  private static final String NOTES = Author.DOCUMENT;

  @TempDir Path directory;

  private final TextDocument ada = TextDocument.create(new ReplicaId(1));

  @Test
  void shouldExchangeEditsWithWebSocket() throws Exception {
    try (TestRelay relay = TestRelay.start(directory);
        Author ben = Author.join(relay.uri(), 2)) {
      ada.insert(0, "hello ");
      Polls.Answer first =
          Polls.poll(
              relay.uri(),
              NOTES,
              Polls.hello(),
              new ClientMessage.Open(1, NOTES, VersionVector.EMPTY),
              edits(VersionVector.EMPTY),
              save("s1"),
              new ClientMessage.Ping(7, 1, null));

      assertThat(first.status()).isEqualTo(200);
      assertThat(first.heard().get(0)).isInstanceOf(RelayMessage.Welcome.class);
      assertThat(first.only(RelayMessage.Opened.class).vector()).isEqualTo(VersionVector.EMPTY);
      assertThat(first.only(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("s1");
      assertThat(first.only(RelayMessage.Pong.class).vector()).isEqualTo(ada.version());
      ben.awaitText("hello ");
      ben.type("world");
      ben.save("s2");
      Polls.Answer second =
          Polls.poll(
              relay.uri(), NOTES, Polls.hello(), new ClientMessage.Open(1, NOTES, ada.version()));
      RelayMessage.Opened opened = second.only(RelayMessage.Opened.class);
      ada.apply(opened.changes().bytes());
      assertThat(ada.text()).isEqualTo("hello world");
      assertThat(opened.durable()).isEqualTo(ada.version());
      assertThat(relay.server.connectionsByVersion().values())
          .extracting(ConnectionCount::opened)
          .containsExactly(3L);
    }
  }

  @Test
  void shouldTakeTokenFromHeaderWhenHelloHasNone() {
    Authenticator secret =
        (token, peer) ->
            CompletableFuture.completedFuture(
                token.equals("right")
                    ? Identity.ofWriter("ada")
                    : Authenticator.Refused.unauthorised("That token is not known."));
    try (TestRelay relay =
        TestRelay.start(directory, new Tuning(), builder -> builder.authenticator(secret))) {
      byte[] body =
          Polls.delimited(Polls.hello(), new ClientMessage.Open(1, NOTES, VersionVector.EMPTY));

      Polls.Answer refused = Polls.poll(relay.uri(), NOTES, request -> request, body);
      Polls.Answer admitted =
          Polls.poll(
              relay.uri(), NOTES, request -> request.header("Authorization", "Bearer right"), body);
      Polls.Answer byHello =
          Polls.poll(
              relay.uri(),
              NOTES,
              request -> request.header("Authorization", "Bearer wrong"),
              Polls.delimited(
                  Polls.hello("right"), new ClientMessage.Open(1, NOTES, VersionVector.EMPTY)));

      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.response().headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(refused.heard()).hasSize(1);
      assertThat(refused.only(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.UNAUTHORISED);
      assertThat(admitted.only(RelayMessage.Opened.class).channel()).isEqualTo(1);
      assertThat(byHello.only(RelayMessage.Opened.class).channel()).isEqualTo(1);
    }
  }

  @Test
  void shouldRefuseRequestWithStatusAndErrorWhenItIsNotInOrder() {
    ClientMessage open = new ClientMessage.Open(1, NOTES, VersionVector.EMPTY);
    byte[] whole = Polls.delimited(Polls.hello(), open);
    try (TestRelay relay = TestRelay.start(directory)) {
      assertRefused(relay, 400, Codes.WRONG_STATE, new byte[0]);
      assertRefused(relay, 400, Codes.WRONG_STATE, Polls.delimited(open));
      assertRefused(
          relay,
          400,
          Codes.WRONG_STATE,
          Polls.delimited(Polls.hello(), new ClientMessage.Open(1, "other", VersionVector.EMPTY)));
      assertRefused(
          relay,
          400,
          Codes.WRONG_STATE,
          Polls.delimited(Polls.hello(), new ClientMessage.Open(2, NOTES, VersionVector.EMPTY)));
      assertRefused(
          relay,
          400,
          Codes.WRONG_STATE,
          Polls.delimited(Polls.hello(), open, new ClientMessage.Renew("t")));
      assertRefused(relay, 400, Codes.MALFORMED, Arrays.copyOf(whole, whole.length - 1));
      assertRefused(relay, 400, Codes.MALFORMED, new byte[] {3, 1, 2, 3});
      // The length of a Hello that nobody would say.
      assertRefused(relay, 413, Codes.TOO_LARGE, new byte[] {(byte) 0xff, (byte) 0xff, 0x7f, 1});
      assertRefused(relay, 400, Codes.MALFORMED, new byte[] {-1, -1, -1, -1, -1, -1});
    }
  }

  @Test
  void shouldRefuseRequestWhenItIsTooLong() {
    Tuning small =
        new Tuning()
            .maxFrameBytes(100_000)
            .allowances(new Allowances(1_000_000, 1 << 30, 1_000_000, 1 << 30));
    try (TestRelay relay = TestRelay.start(directory, small)) {
      ClientMessage[] pings = new ClientMessage[200_000];
      Arrays.fill(pings, new ClientMessage.Ping(Long.MAX_VALUE, 0, null));
      pings[0] = Polls.hello();
      assertRefused(relay, 413, Codes.TOO_LARGE, Polls.delimited(pings));
    }
  }

  private static void assertRefused(TestRelay relay, int status, String code, byte[] body) {
    Polls.Answer answer = Polls.poll(relay.uri(), NOTES, request -> request, body);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.heard()).hasSize(1);
    RelayMessage.Fault fault = answer.only(RelayMessage.Fault.class);
    assertThat(fault.scope()).isEqualTo(RelayMessage.Scope.CONNECTION);
    assertThat(fault.refusal().code()).isEqualTo(code);
  }

  @Test
  void shouldAnswerWithSentenceWhenRequestIsNoPoll() {
    try (TestRelay relay = TestRelay.start(directory)) {
      Map<HttpRequest.Builder, Integer> requests =
          Map.of(
              request(relay, "/v1/documents/notes/sync"),
              405,
              request(relay, "/v1/documents/notes/sync").POST(nothing()),
              415,
              request(relay, "/v1/documents/notes/sync")
                  .POST(nothing())
                  .header("Content-Type", "application/vnd.weft.v7"),
              415,
              request(relay, "/v1/documents/no%20tes/sync").POST(nothing()),
              400,
              request(relay, "/v1/documents/notes/other"),
              404,
              request(relay, "/v1/documents/notes"),
              404,
              request(relay, "/v1/sync"),
              426,
              request(relay, "/notes"),
              404);
      requests.forEach(
          (request, status) -> {
            var answer = Polls.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as("%s", answer).isEqualTo(status);
            assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("text/plain; charset=utf-8");
            assertThat(answer.body()).endsWith(".\n").doesNotContain("<");
            if (status == 405) {
              assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
            }
          });
    }
  }

  private static HttpRequest.Builder request(TestRelay relay, String path) {
    return HttpRequest.newBuilder(Polls.address(relay.uri(), path));
  }

  private static HttpRequest.BodyPublisher nothing() {
    return HttpRequest.BodyPublishers.noBody();
  }

  @Test
  void shouldSayWhenToComeAgainWhenTooManyAreThere() {
    Tuning one = new Tuning().connections(1);
    try (TestRelay relay = TestRelay.start(directory, one);
        Peer peer = Peer.greet(relay.uri())) {
      Polls.Answer answer =
          Polls.poll(
              relay.uri(),
              NOTES,
              Polls.hello(),
              new ClientMessage.Open(1, NOTES, VersionVector.EMPTY));

      assertThat(peer.isOpen()).isTrue();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("1");
      assertThat(answer.only(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.OVERLOADED);
    }
  }

  @Test
  void shouldRefuseForNowWhatRequestsThatDoNotEndWouldHoldTogether() throws Exception {
    Tuning little = new Tuning().pollHeldBytes(300_000);
    try (TestRelay relay = TestRelay.start(directory, little)) {
      ClientMessage[] messages = {
        Polls.hello(), new ClientMessage.Open(1, NOTES, VersionVector.EMPTY)
      };
      try (Author ada = Author.join(relay.uri(), 1)) {
        ada.type(Texts.noise(200_000));
        ada.save("s1");
      }
      ReaderBudget budget = relay.server.hub().pollBudget();
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        sockets.add(beginAndDoNotEnd(relay, Polls.delimited(messages)));
      }
      await(() -> budget.used() > 200_000);

      Polls.Answer answer = Polls.poll(relay.uri(), NOTES, messages);
      assertThat(budget.used()).isLessThanOrEqualTo(300_000);
      for (Socket each : sockets) {
        each.close();
      }
      await(() -> budget.used() == 0);
      Polls.Answer later = Polls.poll(relay.uri(), NOTES, messages);

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.only(RelayMessage.Fault.class).refusal().code())
          .isEqualTo(Codes.OVERLOADED);
      assertThat(later.status()).isEqualTo(200);
      await(() -> budget.used() == 0);
    }
  }

  private static Socket beginAndDoNotEnd(TestRelay relay, byte[] body) throws IOException {
    Socket socket = new Socket(relay.uri().getHost(), relay.uri().getPort());
    String head =
        "POST /v1/documents/notes/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
            + Polls.TYPE
            + "\r\nContent-Length: "
            + (body.length + 100)
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    return socket;
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(Peer.DEADLINE_SECONDS).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void shouldSendRequestsElsewhereWhileRelayDrains() throws Exception {
    byte[] body =
        Polls.delimited(Polls.hello(), new ClientMessage.Open(1, NOTES, VersionVector.EMPTY));
    try (TestRelay relay = TestRelay.start(directory);
        Author ben = Author.join(relay.uri(), 2);
        KeptConnection poller = new KeptConnection(relay.uri());
        KeptConnection reader = new KeptConnection(relay.uri())) {
      String path = "/v1/documents/" + NOTES + "/sync";
      String text = "/v1/documents/" + NOTES + "/text";
      assertThat(poller.request("POST", path, Polls.TYPE, body).status).isEqualTo(200);
      assertThat(reader.request("GET", text, "text/plain", new byte[0]).status).isEqualTo(404);
      relay.store.shut();
      ben.type("not stored yet");
      relay.store.awaitKnock();
      CompletableFuture<Void> drained =
          CompletableFuture.runAsync(() -> relay.server.drain(Duration.ofSeconds(20)));
      ben.peer.hear(RelayMessage.Drain.class);

      // The relay listens no more when it drains, but goes on with connections that are there; one
      // whose request it refuses before it has read all of it is closed with that.
      KeptConnection.Response answer = poller.request("POST", path, Polls.TYPE, body);
      KeptConnection.Response refused = reader.request("GET", text, "text/plain", new byte[0]);

      assertThat(answer.status).isEqualTo(503);
      assertThat(Polls.parse(answer.body))
          .singleElement()
          .isInstanceOfSatisfying(
              RelayMessage.Fault.class,
              fault -> assertThat(fault.refusal().code()).isEqualTo(Codes.DRAINING));
      assertThat(refused.status).isEqualTo(503);
      assertThat(refused.headers).containsEntry("retry-after", "1");
      relay.store.open();
      drained.join();
    }
  }

  @Test
  void shouldAnswerWithWhatThereIsWhenTimeIsOver() {
    Tuning hasty = new Tuning().poll(Duration.ofMillis(50)).pollSaves(Duration.ofMinutes(5));
    try (TestRelay relay = TestRelay.start(directory, hasty)) {
      relay.store.shut();
      ada.insert(0, "hello");
      ClientMessage[] messages = {
        Polls.hello(),
        new ClientMessage.Open(1, NOTES, VersionVector.EMPTY),
        edits(VersionVector.EMPTY),
        save("s1")
      };
      Polls.Answer first = Polls.poll(relay.uri(), NOTES, messages);
      // The time may be over before the document is open, which it is for who comes again.
      for (int i = 0; i < 200 && first.all(RelayMessage.Opened.class).isEmpty(); i++) {
        assertThat(first.status()).isEqualTo(200);
        first = Polls.poll(relay.uri(), NOTES, messages);
      }
      assertThat(first.status()).isEqualTo(200);
      assertThat(first.only(RelayMessage.Opened.class).vector()).isEqualTo(VersionVector.EMPTY);
      assertThat(first.all(RelayMessage.SaveAcknowledged.class)).isEmpty();
      relay.store.open();

      // The same id, until it is answered.
      Polls.Answer next = first;
      while (next.all(RelayMessage.SaveAcknowledged.class).isEmpty()) {
        next = Polls.poll(relay.uri(), NOTES, messages);
      }
      assertThat(next.only(RelayMessage.SaveAcknowledged.class).vector()).isEqualTo(ada.version());
    }
  }

  @Test
  void shouldEndResponseWhenItIsLongAndGoOnInTheNext() throws Exception {
    Tuning small = new Tuning().partBytes(500).pollResponseBytes(2_000);
    try (TestRelay relay = TestRelay.start(directory, small);
        Author ben = Author.join(relay.uri(), 2);
        Author dan = Author.join(relay.uri(), 4)) {
      // In turn, so that it is many changes.
      for (int i = 0; i < 20; i++) {
        ben.type("a line by ben, number " + i + "; ".repeat(50) + "\n");
        dan.awaitVersion(ben.text.version());
        dan.type("a line by dan, number " + i + "; ".repeat(50) + "\n");
        ben.awaitVersion(dan.text.version());
      }
      // Something, so that it gets no snapshot.
      TextDocument cyd = TextDocument.create(new ReplicaId(3));
      cyd.insert(0, "x");
      int polls = 0;
      while (!cyd.version().includes(ben.text.version())) {
        polls++;
        Polls.Answer answer =
            Polls.poll(
                relay.uri(), NOTES, Polls.hello(), new ClientMessage.Open(1, NOTES, cyd.version()));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body().length).isLessThan(4_000);
        RelayMessage.Opened opened = answer.only(RelayMessage.Opened.class);
        cyd.apply(opened.changes().bytes());
        assertThat(opened.after()).isEqualTo(opened.more() ? cyd.version() : null);
        for (RelayMessage.Edits edits : answer.all(RelayMessage.Edits.class)) {
          cyd.apply(edits.changes().bytes());
        }
      }
      assertThat(polls).isGreaterThan(1);
    }
  }

  @Test
  void shouldLeaveNothingScheduledWhenRequestsAreAnswered() {
    try (TestRelay relay = TestRelay.start(directory)) {
      ClientMessage.Open open = new ClientMessage.Open(1, NOTES, VersionVector.EMPTY);
      for (int i = 0; i < 5; i++) {
        assertThat(Polls.poll(relay.uri(), NOTES, Polls.hello(), open).status()).isEqualTo(200);
        assertThat(Polls.poll(relay.uri(), NOTES, open).status()).isEqualTo(400);
      }

      // But for the look whether the document is still used.
      awaitTrue("nothing scheduled", () -> relay.server.scheduled() <= 1);
    }
  }

  @Test
  void shouldCountRequestUntilItsConnectionIsClosedWhenClientReadsNothing() throws Exception {
    // All of the answer is its end.
    Tuning brief = new Tuning().idle(Duration.ofSeconds(1)).pollResponseBytes(1 << 10);
    try (TestRelay relay = TestRelay.start(directory, brief)) {
      ada.insert(0, noise(1_000_000));
      ClientMessage.Open open = new ClientMessage.Open(1, NOTES, VersionVector.EMPTY);
      Polls.poll(relay.uri(), NOTES, Polls.hello(), open, edits(VersionVector.EMPTY));
      awaitTrue("the author has gone", () -> relay.server.hub().connections() == 0);
      try (Socket socket = new Socket()) {
        socket.setReceiveBufferSize(4 << 10);
        socket.connect(new InetSocketAddress(relay.uri().getHost(), relay.uri().getPort()));
        byte[] body = Polls.delimited(Polls.hello(), open);
        socket.getOutputStream().write(head(body.length));
        socket.getOutputStream().write(body);
        // It is counted before it is answered, and the first of the answer comes.
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        awaitTrue("it is cut", () -> relay.server.hub().connections() == 0);

        assertThat(readUntilClosed(socket)).isLessThan(512 << 10);
      }
    }
  }

  private static String noise(int units) {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder(units);
    for (int i = 0; i < units; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }

  private static int readUntilClosed(Socket socket) throws IOException {
    socket.setSoTimeout(10_000);
    byte[] bytes = new byte[64 << 10];
    int total = 0;
    try {
      InputStream in = socket.getInputStream();
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        total += read;
      }
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    return total;
  }

  private static void awaitTrue(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(Peer.DEADLINE_SECONDS).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void shouldHoldNoThreadWhileRequestsComeSlowly() throws Exception {
    try (TestRelay relay = TestRelay.start(directory)) {
      List<Socket> slow = new ArrayList<>();
      try {
        for (int i = 0; i < 220; i++) {
          slow.add(beginRequest(relay.uri()));
        }

        Polls.Answer answer =
            Polls.poll(
                relay.uri(),
                NOTES,
                Polls.hello(),
                new ClientMessage.Open(1, NOTES, VersionVector.EMPTY));

        // More than Jetty has threads.
        assertThat(answer.status()).isEqualTo(200);
      } finally {
        for (Socket each : slow) {
          each.close();
        }
      }
    }
  }

  /** Sends a request up to the middle of its Hello. */
  private static Socket beginRequest(URI relay) throws IOException {
    Socket socket = new Socket(relay.getHost(), relay.getPort());
    OutputStream out = socket.getOutputStream();
    out.write(head(1_000));
    out.write(100);
    out.flush();
    return socket;
  }

  private static byte[] head(int length) {
    return ("POST /v1/documents/notes/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
            + length
            + "\r\nContent-Type: "
            + Polls.TYPE
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void shouldLeavePresenceBehindAndNotShowItToItsOwner() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ben = Author.join(relay.uri(), 2)) {
      Polls.poll(
          relay.uri(),
          NOTES,
          Polls.hello(),
          new ClientMessage.Open(1, NOTES, VersionVector.EMPTY),
          presence(7, 1));
      assertThat(ben.peer.hear(Presence.class)).isEqualTo(presence(7, 1));
      Polls.Answer own =
          Polls.poll(
              relay.uri(),
              NOTES,
              Polls.hello(),
              new ClientMessage.Open(1, NOTES, VersionVector.EMPTY),
              presence(7, 2));
      // Not that it is gone.
      assertThat(ben.peer.hear(Presence.class)).isEqualTo(presence(7, 2));
      ben.peer.say(presence(8, 1));
      ben.peer.say(new ClientMessage.Ping(1, 1, null));
      ben.peer.hear(RelayMessage.Pong.class);
      Polls.Answer other =
          Polls.poll(
              relay.uri(),
              NOTES,
              Polls.hello(),
              new ClientMessage.Open(1, NOTES, VersionVector.EMPTY),
              presence(9, 1));

      assertThat(own.all(Presence.class)).isEmpty();
      assertThat(other.all(Presence.class))
          .containsExactlyInAnyOrder(presence(7, 2), presence(8, 1));
    }
  }

  private static Presence presence(long participant, long clock) {
    return new Presence(1, participant, clock, false, 0, "Ada", 0, List.of(), Payload.EMPTY);
  }

  private ClientMessage.Edits edits(VersionVector since) {
    return new ClientMessage.Edits(1, Payload.of(ada.changesSince(since)), null);
  }

  private ClientMessage.Save save(String id) {
    return new ClientMessage.Save(1, id, ada.version(), Guarantee.FSYNCED);
  }
}
