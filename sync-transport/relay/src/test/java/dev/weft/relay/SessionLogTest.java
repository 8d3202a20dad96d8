package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the log of what clients say. */
class SessionLogTest {
  /** Ten messages a second, forty at once. */
  private static final Allowances FEW = new Allowances(10, 1 << 20, 1_000, 16 << 20);

  private static final Allowances FEW_FOR_ALL = new Allowances(1_000, 8 << 20, 10, 16 << 20);

  /** Lets everybody in, under the name that is the token. */
  private static final Authenticator BY_TOKEN =
      (token, peer) -> CompletableFuture.completedFuture(Identity.ofWriter(token));

  @RegisterExtension final LogLines log = LogLines.ofAll(Level.INFO);

  @TempDir Path directory;

  private SteppedHub hub(Allowances allowances) {
    return new SteppedHub(
        directory, BY_TOKEN, new Tuning().times(), new Tuning().allowances(allowances).bounds());
  }

  private static Line greet(SteppedHub hub, String token) {
    Line line = hub.connect();
    line.say(new ClientMessage.Hello("test/1", token, Capabilities.NONE, ""));
    hub.settle();
    return line;
  }

  private List<String> warnings() {
    return log.all().stream().filter(each -> each.startsWith("WARN")).toList();
  }

  @Test
  void shouldLetNoClientWriteLinesOfTheLog() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Capabilities unknown =
          new Capabilities(Set.of("x\n12:00:00 INFO admin: all is well"), Set.of());
      hub.connect().say(new ClientMessage.Hello("test/1", "", unknown, ""));
      hub.settle();
    }

    assertThat(log.all()).isNotEmpty();
    assertThat(log.all()).noneMatch(each -> each.contains("\n"));
  }

  @Test
  void shouldNameWhoSendsMoreThanItMayNowAndThen() {
    try (SteppedHub hub = hub(FEW)) {
      Line line = greet(hub, "ada");
      for (int i = 0; i < 10_000; i++) {
        line.say(new ClientMessage.Ping(i, 0, null));
      }

      hub.advance(Duration.ofSeconds(29));
      assertThat(warnings()).isEmpty();

      hub.advance(Duration.ofSeconds(2));
      assertThat(warnings())
          .singleElement()
          .asString()
          .matches(
              "WARN session \\S+ of \"ada\" from the test has sent more than it may for 30 s, and is"
                  + " read from more slowly");

      hub.advance(Duration.ofMinutes(9));
      assertThat(warnings()).hasSize(1);
      hub.advance(Duration.ofMinutes(2));
      assertThat(warnings()).hasSize(2);
    }
  }

  @Test
  void shouldSayNothingOfWhoSendsTooMuchForAMoment() {
    try (SteppedHub hub = hub(FEW)) {
      Line line = greet(hub, "ada");
      for (int times = 0; times < 20; times++) {
        for (int i = 0; i < 60; i++) {
          line.say(new ClientMessage.Ping(i, 0, null));
        }
        hub.advance(Duration.ofSeconds(20));
      }

      assertThat(line.unread()).isZero();
      assertThat(warnings()).isEmpty();
    }
  }

  @Test
  void shouldNameTheDocumentThatIsWrittenByTooManyAtOnce() {
    try (SteppedHub hub = hub(FEW_FOR_ALL)) {
      Line line = greet(hub, "ada");
      line.say(new ClientMessage.Open(1, "notes", VersionVector.EMPTY));
      hub.settle();
      for (int i = 0; i < 1_000; i++) {
        line.say(new ClientMessage.Ping(i, 1, null));
      }
      hub.advance(Duration.ofSeconds(40));

      assertThat(warnings())
          .singleElement()
          .asString()
          .startsWith("WARN document notes: session ")
          .contains(" of \"ada\" from the test and all others");
    }
  }

  @Test
  void shouldShowNamesSoThatNoneLooksLikeMoreOfTheLine() {
    try (SteppedHub hub = hub(FEW)) {
      Line line = greet(hub, "ada\" from home\n" + "x".repeat(100));
      line.say(new ClientMessage.Hello("test/1", "", Capabilities.NONE, ""));
      hub.settle();

      assertThat(log.all())
          .singleElement()
          .asString()
          .matches(
              "INFO session \\S+ of \"ada\\? from home\\?x{49}…\" from the test refused: wrong-state .*");
    }
  }
}
