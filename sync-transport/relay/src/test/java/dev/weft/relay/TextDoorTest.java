package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The plain text of a document by HTTP. */
class TextDoorTest {
  /** For the round trip of another document, while one asks for the heads of long texts. */
  private static final double MOST_MILLIS = 100;

  @RegisterExtension final Silence silence = Silence.of(Reading.class);

  @TempDir Path directory;

  @Test
  void shouldGiveTextAndItsVersion() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("grüße, 世界 🌍\n");
      ada.save("s1");

      HttpResponse<byte[]> text = get(relay, "/v1/documents/notes/text");

      assertThat(text.statusCode()).isEqualTo(200);
      assertThat(new String(text.body(), StandardCharsets.UTF_8)).isEqualTo("grüße, 世界 🌍\n");
      assertThat(header(text, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
      assertThat(header(text, "Cache-Control")).isEqualTo("no-cache");
      assertThat(header(text, "Weft-Version")).isEqualTo(ada.text.version().toString());
      assertThat(header(text, "ETag")).matches("\"[A-Za-z0-9_-]{22}\"");
    }
  }

  @Test
  void shouldSayNotModifiedUntilDocumentChanges() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("one");
      ada.save("s1");
      String tag = header(get(relay, "/v1/documents/notes/text"), "ETag");

      HttpResponse<byte[]> same = get(relay, "/v1/documents/notes/text", "\"old\", W/" + tag);
      ada.type(" two");
      ada.save("s2");
      HttpResponse<byte[]> changed = get(relay, "/v1/documents/notes/text", tag);

      assertThat(same.statusCode()).isEqualTo(304);
      assertThat(same.body()).isEmpty();
      assertThat(header(same, "ETag")).isEqualTo(tag);
      assertThat(changed.statusCode()).isEqualTo(200);
      assertThat(header(changed, "ETag")).isNotEqualTo(tag);
    }
  }

  @Test
  void shouldGiveHeadersAloneWhenAskedForHead() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("hello");
      ada.save("s1");

      HttpResponse<byte[]> head = head(relay, "/v1/documents/notes/text");

      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(header(head, "Content-Length")).isEqualTo("5");
      assertThat(header(head, "ETag"))
          .isEqualTo(header(get(relay, "/v1/documents/notes/text"), "ETag"));
    }
  }

  @Test
  void shouldReadDocumentThatIsOnlyStored() {
    try (TestRelay relay = TestRelay.start(directory)) {
      try (Author ada = Author.join(relay.uri(), 1)) {
        ada.type("kept");
        ada.save("s1");
      }
      relay.restart();

      assertThat(get(relay, "/v1/documents/notes/text").body())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("kept");
    }
  }

  @Test
  void shouldSayThatThereIsNoSuchDocumentAndOpenNone() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      HttpResponse<byte[]> never = get(relay, "/v1/documents/never/text");
      HttpResponse<byte[]> empty = get(relay, "/v1/documents/notes/text");

      assertThat(ada.text.length()).isZero();
      for (HttpResponse<byte[]> each : List.of(never, empty)) {
        assertThat(each.statusCode()).isEqualTo(404);
        assertThat(each.body()).asString(StandardCharsets.UTF_8).startsWith("The relay has no");
      }
      assertThat(relay.server.hub().openDocument(new DocumentId("never"))).isNull();
      assertThat(relay.store.documents()).isEmpty();
    }
  }

  @Test
  void shouldAnswerWhateverTheStoreThrows() {
    try (TestRelay relay = TestRelay.start(directory)) {
      relay.store.versionFailure = new IllegalArgumentException("thrown by a test");

      HttpResponse<byte[]> answer = get(relay, "/v1/documents/notes/text");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).asString(StandardCharsets.UTF_8).contains("try again");
    }
  }

  @Test
  void shouldCountReadersAsConnections() {
    Tuning one = new Tuning().connections(1);
    try (TestRelay relay = TestRelay.start(directory, one)) {
      assertThat(get(relay, "/v1/documents/notes/text").statusCode()).isEqualTo(404);
      // It is counted out when it is done, which may be after the answer has come.
      while (relay.server.hub().unwelcome() != null) {
        Thread.onSpinWait();
      }
      try (Author ada = Author.join(relay.uri(), 1)) {
        ada.type("hello");
        ada.save("s1");

        HttpResponse<byte[]> answer = get(relay, "/v1/documents/notes/text");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(header(answer, "Retry-After")).isEqualTo("1");
      }
    }
  }

  @Test
  void shouldBoundWhatSlowReadersHold() throws Exception {
    Tuning little = new Tuning().readerBytes(1_500_000);
    try (TestRelay relay = TestRelay.start(directory, little);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2, "other")) {
      ada.type("x".repeat(1_000_000));
      ada.save("s1");
      ben.type("y".repeat(1_000_000));
      ben.save("s1");
      try (Socket slow = new Socket()) {
        slow.setReceiveBufferSize(4 << 10);
        slow.connect(new InetSocketAddress(relay.uri().getHost(), relay.uri().getPort()));
        slow.getOutputStream()
            .write(
                "GET /v1/documents/notes/text HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(slow.getInputStream().read()).isEqualTo('H');

        HttpResponse<byte[]> shared = get(relay, "/v1/documents/notes/text");
        HttpResponse<byte[]> beyond = get(relay, "/v1/documents/other/text");
        HttpResponse<byte[]> events = get(relay, "/v1/documents/other/events");

        assertThat(shared.statusCode()).isEqualTo(200);
        assertThat(shared.body()).hasSize(1_000_000);
        for (HttpResponse<byte[]> each : List.of(beyond, events)) {
          assertThat(each.statusCode()).isEqualTo(503);
          assertThat(header(each, "Retry-After")).isEqualTo("5");
          assertThat(header(each, "ETag")).isEmpty();
        }
        assertThat(relay.server.hub().readerBudget().used()).isEqualTo(1_000_000);
      }
      while (relay.server.hub().readerBudget().used() > 0) {
        Thread.onSpinWait();
      }
      assertThat(get(relay, "/v1/documents/other/text").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void shouldRefuseWhoMayNotRead() {
    Authenticator team =
        (token, peer) ->
            CompletableFuture.completedFuture(
                switch (token) {
                  case "ada" -> Identity.ofWriter("ada");
                  case "ben" -> new Identity("ben", null, document -> DocumentAccess.NONE);
                  default -> Authenticator.Refused.unauthorised("That token is not known.");
                });
    try (TestRelay relay =
        TestRelay.start(directory, new Tuning(), builder -> builder.authenticator(team))) {
      HttpResponse<byte[]> nobody = get(relay, "/v1/documents/notes/text");
      HttpResponse<byte[]> ben = bearer(relay, "ben");
      HttpResponse<byte[]> ada = bearer(relay, "ada");

      assertThat(nobody.statusCode()).isEqualTo(401);
      assertThat(header(nobody, "WWW-Authenticate")).isEqualTo("Bearer");
      assertThat(nobody.body())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("That token is not known.\n");
      assertThat(ben.statusCode()).isEqualTo(403);
      assertThat(ada.statusCode()).isEqualTo(404);
    }
  }

  /** It writes nothing, so there need be no room for it. */
  @Test
  void shouldAnswerHeadWithoutRoomForTheText() throws Exception {
    try (TestRelay relay = TestRelay.start(directory, new Tuning().readerBytes(10));
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("grüße, 世界 🌍\n".repeat(100));
      ada.save("s1");
      ReaderBudget budget = relay.server.hub().readerBudget();
      budget.take(10);

      HttpResponse<byte[]> head = head(relay, "/v1/documents/notes/text");
      HttpResponse<byte[]> refused = get(relay, "/v1/documents/notes/text");
      budget.giveBack(10);
      HttpResponse<byte[]> text = get(relay, "/v1/documents/notes/text");

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(header(head, "Content-Length"))
          .isEqualTo(header(text, "Content-Length"))
          .isEqualTo(String.valueOf(text.body().length));
    }
  }

  @Test
  void shouldTellLengthOfEachVersion() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      for (String typed : List.of("é", "x", "🌍")) {
        ada.type(typed);
        ada.save("s" + ada.text.length());

        HttpResponse<byte[]> head = head(relay, "/v1/documents/notes/text");
        HttpResponse<byte[]> same = head(relay, "/v1/documents/notes/text");

        String text = ada.text.text();
        assertThat(header(head, "Content-Length"))
            .isEqualTo(String.valueOf(text.getBytes(StandardCharsets.UTF_8).length))
            .isEqualTo(header(same, "Content-Length"));
      }
    }
  }

  // --- What it costs others ---

  /** A hundred bytes each, for which a worker writes all of the text. */
  @Test
  void shouldServeOthersWhileOneAsksForTheHeadOfLongTexts() throws Exception {
    try (TestRelay relay = TestRelay.start(directory);
        Author author = Author.join(relay.uri(), 1, "long");
        Author second = Author.join(relay.uri(), 2, "longer");
        Peer other = Peer.greet(relay.uri())) {
      for (int i = 0; i < 8; i++) {
        author.type("0123456789abcdeé".repeat(1 << 16));
        second.type("0123456789abcdeé".repeat(1 << 16));
      }
      author.save("s");
      second.save("s");
      other.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      other.hear(RelayMessage.Opened.class);
      roundTrips(other, 100);
      long[] alone = roundTrips(other, 200);

      // A machine that stands still for a moment is not the relay's doing, and not so every time.
      long[] beside = roundTripsBesideHeads(relay, other);
      for (int again = 0; again < 4 && millis(beside, 95) >= MOST_MILLIS; again++) {
        beside = roundTripsBesideHeads(relay, other);
      }

      assertThat(millis(beside, 95))
          .as(
              "p95 of another document's round trip, ms; median %s; alone p95 %s",
              millis(beside, 50), millis(alone, 95))
          .isLessThan(MOST_MILLIS);
    }
  }

  private static long[] roundTripsBesideHeads(TestRelay relay, Peer other) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Socket socket = new Socket(relay.uri().getHost(), relay.uri().getPort());
      sockets.add(socket);
      String path = i % 2 == 0 ? "long" : "longer";
      byte[] request =
          ("HEAD /v1/documents/" + path + "/text HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
              .repeat(500)
              .getBytes(StandardCharsets.US_ASCII);
      OutputStream out = socket.getOutputStream();
      out.write(request);
      out.flush();
    }
    long[] beside = roundTrips(other, 100);
    for (Socket each : sockets) {
      each.close();
    }
    return beside;
  }

  private static double millis(long[] nanos, int percent) {
    return nanos[nanos.length * percent / 100] / 1e6;
  }

  private static long[] roundTrips(Peer peer, int count) throws Exception {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long nonce = System.nanoTime();
      peer.say(new ClientMessage.Ping(nonce, 1, null));
      peer.hear(RelayMessage.Pong.class, pong -> pong.nonce() == nonce);
      nanos[i] = System.nanoTime() - nonce;
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static HttpResponse<byte[]> head(TestRelay relay, String path) {
    return Polls.send(
        request(relay, path).method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> bearer(TestRelay relay, String token) {
    return Polls.send(
        request(relay, "/v1/documents/notes/text")
            .header("Authorization", "Bearer " + token)
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> get(TestRelay relay, String path) {
    return Polls.send(request(relay, path).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> get(TestRelay relay, String path, String known) {
    return Polls.send(
        request(relay, path).header("If-None-Match", known).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpRequest.Builder request(TestRelay relay, String path) {
    return HttpRequest.newBuilder(Polls.address(relay.uri(), path));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
