package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.store.DocumentId;
import dev.weft.store.StoreDamagedException;
import dev.weft.store.StoreException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What those who run a relay learn of what it refuses. */
class RefusalLogTest {
  private static final String TEXT = "/v1/documents/notes/text";

  /** Knows everybody whose token begins with "known", and lets them read what is called so. */
  private static final Authenticator BY_TOKEN =
      (token, peer) ->
          CompletableFuture.completedFuture(
              token.startsWith("known")
                  ? new Identity(
                      "ben",
                      null,
                      document ->
                          document.value().startsWith("known")
                              ? DocumentAccess.READ
                              : DocumentAccess.NONE)
                  : Authenticator.Refused.unauthorised("That is no token of this relay's."));

  @RegisterExtension final LogLines log = LogLines.ofAll(Level.INFO);

  @TempDir Path directory;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private TestRelay start(@Nullable Authenticator authenticator) {
    return TestRelay.start(
        directory,
        new Tuning(),
        builder ->
            (authenticator == null ? builder : builder.authenticator(authenticator))
                .meters(meters));
  }

  private static HttpResponse<String> get(TestRelay relay, String path, String token) {
    return Polls.send(
        HttpRequest.newBuilder(Polls.address(relay.uri(), path))
            .header("Authorization", "Bearer " + token)
            .build(),
        BodyHandlers.ofString());
  }

  private double refused(String code) {
    Counter counter = meters.find("weft.refusals").tag("code", code).counter();
    return counter == null ? 0 : counter.count();
  }

  private List<String> lines() {
    return log.all().stream().filter(each -> each.startsWith("INFO request")).toList();
  }

  @Test
  void shouldCountThoseWhoTryTokensAndTellOfThemWithinBounds() {
    try (TestRelay relay = start(BY_TOKEN)) {
      long begunNanos = System.nanoTime();
      for (int i = 0; i < 50; i++) {
        assertThat(get(relay, TEXT, "guess" + i).statusCode()).isEqualTo(401);
      }
      long seconds = (System.nanoTime() - begunNanos) / 1_000_000_000;

      assertThat(refused("unauthorised")).isEqualTo(50);
      assertThat(lines()).hasSizeBetween(10, 11 + (int) seconds);
      assertThat(lines().get(0))
          .startsWith("INFO request from 127.0.0.1:")
          .endsWith(
              " for GET " + TEXT + " refused: unauthorised That is no token of this relay's.");
      assertThat(log.all()).noneMatch(each -> each.contains("guess"));
    }
  }

  private SteppedHub hub() {
    return new SteppedHub(directory, BY_TOKEN, RelayTimes.DEFAULT, RelayBounds.DEFAULT);
  }

  private static void greet(Line line, String token) {
    line.say(new ClientMessage.Hello("test/1", token, Capabilities.NONE, ""));
  }

  private List<String> sessions() {
    return log.all().stream().filter(each -> each.startsWith("INFO session")).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTellWithinBoundsOfThoseWhoConnectWithTokensThatAreNone(boolean polling) {
    Entrance entrance =
        polling
            ? Entrance.ofPoll(ProtocolVersion.V1, "", new DocumentId("notes"))
            : Entrance.ofWebSocket(ProtocolVersion.V1);
    try (SteppedHub hub = hub()) {
      for (int i = 0; i < 50; i++) {
        greet(hub.connect(entrance), "guess" + i);
        hub.settle();
      }

      assertThat(sessions()).hasSize(10);
      assertThat(hub.meters.get("weft.refusals").tag("code", "unauthorised").counter().count())
          .isEqualTo(50);

      hub.pass(Duration.ofSeconds(1));
      greet(hub.connect(entrance), "guess");
      greet(hub.connect(entrance), "guess");
      hub.settle();

      assertThat(sessions()).hasSize(11);
      assertThat(sessions().get(10)).endsWith(" (and 40 more since the last such line)");
      assertThat(log.all()).noneMatch(each -> each.contains("guess"));
    }
  }

  @Test
  void shouldHideNothingButTheSameBehindThoseWhoAreRefusedAgainAndAgain() {
    try (SteppedHub hub = hub()) {
      for (int i = 0; i < 50; i++) {
        greet(hub.connect(), "guess");
        hub.settle();
      }
      Line known = hub.connect();
      greet(known, "known");
      hub.settle();
      greet(known, "known");
      hub.settle();

      assertThat(sessions())
          .last()
          .asString()
          .matches("INFO session \\S+ of \"ben\" .* refused: wrong-state .*");
    }
  }

  @Test
  void shouldTellWithinBoundsOfChannelsThatAreRefused() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Line line = hub.greet();
      hub.store.readFailure = new StoreException("no such disk");
      for (int i = 1; i <= 50; i++) {
        line.say(new ClientMessage.Open(i, "notes", VersionVector.EMPTY));
        hub.settle();
      }

      assertThat(log.all())
          .filteredOn(each -> each.startsWith("INFO document notes: channel "))
          .hasSize(10)
          .allMatch(each -> each.contains(" refused: store-unavailable "));
    }
  }

  @Test
  void shouldCountWhoIsRefusedBeforeItHasAWebSocket() throws Exception {
    try (TestRelay relay =
            TestRelay.start(
                directory, new Tuning().connections(1), builder -> builder.meters(meters));
        Author ada = Author.join(relay.uri(), 1);
        RawHttp second = new RawHttp(relay.uri())) {
      ada.type("hello");
      second.upgrade("");

      assertThat(second.head())
          .startsWith("HTTP/1.1 503")
          .containsIgnoringCase("retry-after: 1\r\n");
      assertThat(refused("overloaded")).isOne();
      assertThat(lines()).singleElement().asString().contains(" for GET /v1/sync refused: ");
    }
  }

  @Test
  void shouldCountAndNameWhoMayNotReadADocument() {
    try (TestRelay relay = start(BY_TOKEN)) {
      assertThat(get(relay, TEXT, "known").statusCode()).isEqualTo(403);

      assertThat(refused("unauthorised")).isOne();
      assertThat(lines()).singleElement().asString().startsWith("INFO request of \"ben\" from ");
    }
  }

  @Test
  void shouldCountWhatIsNoDocument() {
    try (TestRelay relay = start(BY_TOKEN)) {
      assertThat(get(relay, "/v1/documents/a!b/text", "known").statusCode()).isEqualTo(400);

      assertThat(refused("bad-document-id")).isOne();
    }
  }

  @Test
  void shouldAnswerForADamagedDocumentAsForAFaultOfItsOwn() {
    try (TestRelay relay = start(null)) {
      try (Author ada = Author.join(relay.uri(), 1)) {
        ada.type("hello");
        ada.save("s1");
      }
      relay.restart();
      relay.store.readFailure = new StoreDamagedException("page 7 is not as it was written", null);

      HttpResponse<String> answer = get(relay, TEXT, "");

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(answer.body()).contains("damaged").contains("operator");
      assertThat(refused("store-damaged")).isOne();

      relay.store.versionFailure = relay.store.readFailure;
      assertThat(get(relay, "/v1/documents/other/text", "").statusCode()).isEqualTo(500);
      assertThat(refused("store-damaged")).isEqualTo(2);
    }
  }

  @Test
  void shouldTellOfDamageInALineWithoutTheStack() {
    try (TestRelay relay = start(null)) {
      try (Author ada = Author.join(relay.uri(), 1)) {
        ada.type("hello");
        ada.save("s1");
      }
      relay.restart();
      relay.store.readFailure = new StoreDamagedException("page 7 is not as it was written", null);

      get(relay, TEXT, "");

      assertThat(log.all()).noneMatch(each -> each.contains("\n"));
      assertThat(log.all())
          .contains(
              "ERROR document notes: what is stored is damaged, to be repaired with the relay"
                  + " stopped: page 7 is not as it was written");
    }
  }

  @Test
  void shouldTellOfAStoreThatCannotBeWrittenInALineWithoutTheStack() {
    try (TestRelay relay = start(null);
        Author ada = Author.join(relay.uri(), 1)) {
      relay.store.failure = "the disk is full";
      ada.type("hello");

      String line = "WARN document notes: the store cannot be written: the disk is full";
      Eventually.holds(() -> log.all().contains(line), log::all);
      assertThat(log.all()).noneMatch(each -> each.contains("\n"));
    }
  }
}
