package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A document's text as server-sent events over real sockets. */
class EventsDoorTest {
  @TempDir Path directory;

  @Test
  void shouldFollowWhatOthersType() throws Exception {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("grüße");
      ada.save("s1");
      try (Events events = Events.open(relay, "")) {
        assertThat(events.next().name()).isEqualTo("text");
        assertThat(events.copy.text()).isEqualTo("grüße");
        ada.type(" 🌍\n\"quoted\"");
        ada.text.delete(0, 1);
        ada.type(".");
        while (!events.copy.version().equals(VersionTag.of(ada.text.version()))) {
          assertThat(events.next().name()).isEqualTo("edit");
        }

        assertThat(events.copy.text()).isEqualTo(ada.text.text());
      }
    }
  }

  @Test
  void shouldGoOnWhereReaderWasWhenNothingHasChanged() throws Exception {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("hello");
      ada.save("s1");
      String known = VersionTag.of(ada.text.version());
      try (Events same = Events.open(relay, known);
          Events other = Events.open(relay, "elsewhere")) {
        assertThat(other.next().name()).isEqualTo("text");
        same.copy.keep("hello");
        ada.type("!");

        assertThat(same.next().name()).isEqualTo("edit");
        assertThat(other.next().name()).isEqualTo("edit");
        assertThat(other.copy.text()).isEqualTo("hello!").isEqualTo(same.copy.text());
      }
    }
  }

  @Test
  void shouldEndStreamWhenRelayDrains() throws Exception {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("hello");
      ada.save("s1");
      try (Events events = Events.open(relay, "")) {
        events.next();

        relay.server.drain(Duration.ofSeconds(5));

        assertThat(events.poll()).isNull();
      }
    }
  }

  @Test
  void shouldEndStreamWhenTokenIsOver() throws Exception {
    Authenticator brief =
        (token, peer) ->
            CompletableFuture.completedFuture(
                new Identity(
                    "ada",
                    token.equals("brief") ? Duration.ofMillis(1_500) : null,
                    document -> DocumentAccess.WRITE));
    try (TestRelay relay =
            TestRelay.start(directory, new Tuning(), builder -> builder.authenticator(brief));
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("hello");
      ada.save("s1");
      try (Events events = Events.open(relay, "", "brief")) {
        assertThat(events.next().name()).isEqualTo("text");

        assertThat(events.poll()).isNull();
      }
    }
  }

  @Test
  void shouldNotFollowWhatThereIsNotOrMayNotBeRead() {
    Authenticator nobody =
        (token, peer) ->
            CompletableFuture.completedFuture(
                new Identity(
                    "ben",
                    null,
                    document ->
                        document.value().equals("never")
                            ? DocumentAccess.READ
                            : DocumentAccess.NONE));
    try (TestRelay relay =
        TestRelay.start(directory, new Tuning(), builder -> builder.authenticator(nobody))) {
      assertThat(status(relay, "never")).isEqualTo(404);
      assertThat(status(relay, "notes")).isEqualTo(403);
    }
  }

  private static int status(TestRelay relay, String document) {
    return Polls.send(
            HttpRequest.newBuilder(
                    Polls.address(relay.uri(), "/v1/documents/" + document + "/events"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  /** A stream that is read event by event. */
  static final class Events implements AutoCloseable {
    final ServerEvent.Copy copy = new ServerEvent.Copy();
    private final BufferedReader lines;

    private Events(InputStream body) {
      this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    static Events open(TestRelay relay, String known) {
      return open(relay, known, "");
    }

    static Events open(TestRelay relay, String known, String token) {
      HttpResponse<InputStream> response =
          Polls.send(
              HttpRequest.newBuilder(Polls.address(relay.uri(), "/v1/documents/notes/events"))
                  .header("Last-Event-ID", known)
                  .header("Authorization", "Bearer " + token)
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
      return new Events(response.body());
    }

    ServerEvent next() throws IOException {
      ServerEvent next = poll();
      if (next == null) {
        throw new AssertionError("the stream has ended");
      }
      return next;
    }

    /** Returns the next event; null if the stream has ended. */
    @Nullable ServerEvent poll() throws IOException {
      List<String> block = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty() && !line.startsWith(":")) {
          block.add(line);
        } else if (!block.isEmpty()) {
          ServerEvent event = ServerEvent.of(block);
          copy.apply(event);
          return event;
        }
      }
      return null;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
