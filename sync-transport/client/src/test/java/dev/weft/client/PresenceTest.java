package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.Workshop.Device;
import dev.weft.crdt.Selection;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is where, as several devices see each other. */
class PresenceTest {
  @TempDir Path directory;
  private Workshop workshop;
  private Device ann;
  private Device bob;

  @BeforeEach
  void setUp() {
    workshop = new Workshop(directory, 29);
    ann = workshop.device("ann");
    ann.awaitLive();
    ann.text.insert(0, "warp and weft");
    bob = workshop.device("bob");
    bob.awaitLive();
    workshop.run(Duration.ofSeconds(1));
  }

  private static List<String> names(Device device) {
    return device.text.presence().others().stream().map(Participant::name).toList();
  }

  private static List<Selection> selections(Device device) {
    Participant other = device.text.presence().others().get(0);
    return device.text.read(other::selections);
  }

  private List<Presence> shown() {
    return workshop.relay.received.stream()
        .filter(Presence.class::isInstance)
        .map(Presence.class::cast)
        .toList();
  }

  @Test
  void shouldShowASelectionThatStaysWithTheText() {
    ann.text.presence().show("Ann", 0xFF8800);
    ann.text.presence().select(new Selection(5, 8));
    workshop.run(Duration.ofMillis(200));
    Participant seen = bob.text.presence().others().get(0);
    assertThat(seen.name()).isEqualTo("Ann");
    assertThat(seen.color()).isEqualTo(0xFF8800);
    assertThat(selections(bob)).containsExactly(new Selection(5, 8));

    bob.text.insert(0, "the ");

    assertThat(selections(bob)).containsExactly(new Selection(9, 12));
    assertThat(names(ann)).isEmpty();
  }

  @Test
  void shouldShowNobodyWhoHasNotAskedForIt() {
    ann.text.presence().select(Selection.caret(3));
    workshop.run(Duration.ofSeconds(30));

    assertThat(shown()).isEmpty();
  }

  @Test
  void shouldSendTheNewestTenTimesASecond() {
    ann.text.presence().show("Ann", 0);
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.received.clear();

    for (int i = 0; i < 1_000; i++) {
      ann.text.presence().select(Selection.caret(i % 13));
      workshop.run(Duration.ofMillis(1));
    }
    ann.text.presence().select(Selection.caret(7));
    workshop.run(Duration.ofMillis(200));

    assertThat(shown()).hasSizeBetween(9, 12);
    assertThat(selections(bob)).containsExactly(Selection.caret(7));
  }

  @Test
  void shouldSendLessOftenWhereTheRelayAsksForIt() {
    ann.text.presence().show("Ann", 0);
    workshop.run(Duration.ofSeconds(1));
    workshop.relay.sendToAll(new RelayMessage.Throttle(0, 500, 0, "overloaded", "too much"));
    workshop.run(Duration.ofMillis(10));
    workshop.relay.received.clear();

    for (int i = 0; i < 400; i++) {
      ann.text.presence().select(Selection.caret(i % 13));
      workshop.run(Duration.ofMillis(10));
    }

    assertThat(shown()).hasSizeBetween(3, 5);
  }

  @Test
  void shouldShowItselfToWhoComesLaterAndToARelayThatHasForgotten() {
    ann.text.presence().show("Ann", 0);
    workshop.run(Duration.ofSeconds(1));

    Device cid = workshop.device("cid");
    cid.awaitLive();
    workshop.run(Duration.ofMillis(100));
    assertThat(names(cid)).containsExactly("Ann");

    workshop.relay.crash();
    workshop.relay.forgetPresence();
    workshop.run(Duration.ofSeconds(5));
    assertThat(names(cid)).containsExactly("Ann");
    assertThat(names(bob)).containsExactly("Ann");
  }

  @Test
  void shouldForgetWhoDidNotComeBackWithTheRelay() {
    ann.text.presence().show("Ann", 0);
    workshop.run(Duration.ofSeconds(1));
    ann.crash();

    workshop.relay.crash();
    workshop.relay.forgetPresence();
    workshop.await("gone", () -> bob.text.status().connection() != Connection.LIVE);
    assertThat(names(bob)).containsExactly("Ann");
    bob.awaitLive();
    workshop.run(Duration.ofMillis(2_100));

    assertThat(names(bob)).isEmpty();
  }

  @Test
  void shouldForgetWhoIsNotHeardAnyMore() {
    ann.text.presence().show("Ann", 0);
    workshop.run(Duration.ofMinutes(3));
    assertThat(names(bob)).as("repeated in time").containsExactly("Ann");

    ann.crash();
    workshop.run(Duration.ofSeconds(31));

    assertThat(names(bob)).isEmpty();
  }

  @Test
  void shouldTellHowLongSomebodyHasNotMoved() {
    ann.text.presence().show("Ann", 0);
    workshop.run(Duration.ofSeconds(45));
    Participant idle = bob.text.presence().others().get(0);
    assertThat(idle.idleFor()).isBetween(Duration.ofSeconds(44), Duration.ofSeconds(45));

    ann.text.presence().select(Selection.caret(2));
    workshop.run(Duration.ofSeconds(1));

    assertThat(bob.text.presence().others().get(0).idleFor()).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void shouldHideAtOnceAndShowAgain() {
    ann.text.presence().show("Ann", 0);
    workshop.run(Duration.ofSeconds(1));
    ann.text.presence().hide();
    workshop.run(Duration.ofMillis(200));
    assertThat(names(bob)).isEmpty();

    ann.text.presence().show("Anna", 1);
    workshop.run(Duration.ofMillis(200));

    assertThat(names(bob)).containsExactly("Anna");
  }

  @Test
  void shouldTellListenersWhenSomebodyComesMovesAndGoes() {
    List<List<String>> told = new ArrayList<>();
    bob.text
        .presence()
        .observe(others -> told.add(others.stream().map(Participant::name).toList()));
    workshop.run(Duration.ofMillis(50));
    ann.text.presence().show("Ann", 0);
    workshop.run(Duration.ofMinutes(1));
    ann.text.presence().select(Selection.caret(1));
    workshop.run(Duration.ofSeconds(1));
    ann.text.presence().hide();
    workshop.run(Duration.ofSeconds(1));

    assertThat(told).containsExactly(List.of(), List.of("Ann"), List.of("Ann"), List.of());
  }

  @Test
  void shouldLeaveOutACaretInTextThatHasNotCome() {
    workshop.relay.lossOfEdits = 1;
    ann.text.insert(0, "not seen ");
    ann.text.presence().show("Ann", 0);
    ann.text.presence().select(List.of(Selection.caret(3), Selection.caret(22)));
    workshop.run(Duration.ofMillis(200));

    assertThat(selections(bob)).containsExactly(Selection.caret(13));
  }

  @Test
  void shouldSendItsNameAloneWhereTheRelayTakesNoMore() {
    workshop.relay.maxPresenceBytes = 100;
    workshop.relay.cut("a restart");
    workshop.run(Duration.ofSeconds(5));

    ann.text.presence().show("Ann", 0);
    ann.text.presence().extend(new byte[200]);
    workshop.run(Duration.ofSeconds(1));

    assertThat(names(bob)).containsExactly("Ann");
  }

  @Test
  void shouldShowNobodyWhereTheRelayTakesNotEvenTheName() {
    workshop.relay.maxPresenceBytes = 60;
    workshop.relay.cut("a restart");
    workshop.run(Duration.ofSeconds(5));
    workshop.relay.received.clear();

    ann.text.presence().show("Ann of the very long name ".repeat(4), 0);
    workshop.run(Duration.ofSeconds(1));
    assertThat(shown()).isEmpty();

    ann.text.presence().show("Ann", 0);
    workshop.run(Duration.ofSeconds(1));
    assertThat(names(bob)).containsExactly("Ann");
  }

  @Test
  void shouldPassOverAnchorsThatAreNone() {
    Payload nonsense = Payload.of(new byte[] {9, 9, 9});
    workshop.relay.sendToAll(
        new Presence(
            1,
            77,
            1,
            false,
            0,
            "Mallory",
            0,
            List.of(new Presence.Selection(nonsense, nonsense)),
            Payload.EMPTY));
    workshop.run(Duration.ofMillis(50));

    assertThat(names(bob)).isEmpty();
    assertThat(bob.text.status().connection()).isEqualTo(Connection.LIVE);
  }

  @Test
  void shouldRefuseWhatNobodyCouldShow() {
    SharedPresence presence = ann.text.presence();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> presence.show("n".repeat(257), 0))
        .withMessage("a name has at most 256 bytes of UTF-8, bytes=257");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> presence.show("Ann", 0x1000000))
        .withMessage("a color is from 0x000000 to 0xffffff, color=0x1000000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> presence.extend(new byte[1_025]))
        .withMessage("an extension has at most 1024 bytes, bytes=1025");
  }
}
