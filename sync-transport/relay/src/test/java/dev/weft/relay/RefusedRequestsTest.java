package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.weft.store.StoreDamagedException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What those who run a relay learn of requests that it refuses. */
class RefusedRequestsTest {
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
