package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.Guarantee;
import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Degradation;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.desktop.StatusWords.Phrase;
import dev.weft.protocol.Refusal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusWordsTest {
  private static final Guarantee FSYNCED = new Guarantee(Guarantee.Level.FSYNCED, 1);
  private static final Guarantee DEVICE = new Guarantee(Guarantee.Level.DEVICE, 0);

  private Connection connection = Connection.LIVE;
  private String reason = "";
  private Freshness freshness = Freshness.FRESH;
  private @Nullable Duration sinceHeard = Duration.ofMillis(200);
  private Saves saves = Saves.SAVED;
  private @Nullable Duration nextAttempt;
  private boolean again;
  private @Nullable Guarantee savedAs = FSYNCED;
  private @Nullable Refusal refusal;
  private Set<Degradation> degradations = Set.of();
  private String storeProblem = "";
  private int deadLetters;
  private long unstored;
  private long unsent;
  private long undurable;

  private StatusWords words(boolean hasRelay, @Nullable Duration savingFor) {
    return words(hasRelay ? RelayUse.WANTED : RelayUse.NONE, savingFor);
  }

  private StatusWords words(RelayUse use, @Nullable Duration savingFor) {
    return StatusWords.of(
        new SyncStatus(
            connection,
            reason,
            nextAttempt,
            freshness,
            sinceHeard,
            saves,
            savedAs,
            refusal,
            degradations,
            storeProblem,
            deadLetters,
            unstored,
            unsent,
            undurable),
        use,
        again,
        savingFor);
  }

  private StatusWords words() {
    return words(true, null);
  }

  private void unsaved(Saves how, long changes) {
    saves = how;
    savedAs = null;
    undurable = changes;
  }

  @Test
  void shouldTickOnlyWhenRelayHoldsAll() {
    assertThat(words().saves().sign()).isEqualTo(StatusSign.SAVED);
    assertThat(words().saves().text()).isEqualTo("Saved on the relay, written to its disk");
    assertThat(words().saves().explanation()).contains("crash of the relay");

    for (Saves other : EnumSet.complementOf(EnumSet.of(Saves.SAVED))) {
      unsaved(other, 3);
      assertThat(words().saves().sign()).isNotEqualTo(StatusSign.SAVED);
      assertThat(words().saves().text()).doesNotStartWith("Saved");
    }
  }

  @Test
  void shouldNotTickWhenThereIsNothingToSave() {
    connection = Connection.OFFLINE;
    savedAs = null;

    assertThat(words().saves())
        .returns("Nothing written yet", Phrase::text)
        .returns(StatusSign.NOTHING, Phrase::sign);
  }

  @Test
  void shouldSayOnHowManyMachinesWhenSavedOnSeveralMachines() {
    savedAs = new Guarantee(Guarantee.Level.REPLICATED, 3);

    assertThat(words().saves().text()).isEqualTo("Saved on the relay, on 3 machines");
    assertThat(words().saves().explanation())
        .contains("loss of one")
        .contains("disks of 3 machines");
  }

  @Test
  void shouldCountChangesThatWaitWhenOffline() {
    connection = Connection.OFFLINE;
    reason = "connection refused";
    unsent = 1_234;
    unsaved(Saves.UNSAVED, 1_234);

    assertThat(words().connection().text()).isEqualTo("Offline, 1,234 changes waiting");
    assertThat(words().connection().explanation()).contains("connection refused");
    assertThat(words().saves().text()).isEqualTo("1,234 changes not saved yet");
    assertThat(words().saves().explanation()).contains("stored on this device");
  }

  @Test
  void shouldSayWhenItIsTriedAgainAndNeverSooner() {
    connection = Connection.OFFLINE;
    unsent = 1;
    nextAttempt = Duration.ofMillis(7_001);
    assertThat(words().connection().text())
        .isEqualTo("Offline, 1 change waiting, next attempt in 8 s");
    nextAttempt = Duration.ZERO;
    assertThat(words().connection().text()).endsWith("next attempt in 0 s");
  }

  @Test
  void shouldTellOfflineByChoiceFromLostNetwork() {
    connection = Connection.OFFLINE;
    reason = "disconnected on purpose";
    unsent = 2;
    assertThat(words(RelayUse.NOT_NOW, null).connection())
        .returns("Working offline, 2 changes waiting", Phrase::text)
        .returns(StatusSign.OFFLINE, Phrase::sign);
    assertThat(words(RelayUse.NOT_NOW, null).connection().explanation())
        .startsWith("You chose to work offline.")
        .contains("Connect Now");

    // The connection is not cut yet.
    connection = Connection.LIVE;
    assertThat(words(RelayUse.NOT_NOW, null).connection().text()).isEqualTo("Connected");
  }

  @Test
  void shouldBeInTouchOnlyWhileRelayIsHeard() {
    assertThat(words().inTouch()).isTrue();
    freshness = Freshness.STALE;
    assertThat(words().inTouch()).isFalse();
    connection = Connection.CATCHING_UP;
    assertThat(words().inTouch()).isFalse();
    freshness = Freshness.FRESH;
    assertThat(words().inTouch()).isTrue();
    connection = Connection.OFFLINE;
    assertThat(words().inTouch()).isFalse();
  }

  /** Not that nothing is heard: of much that comes slowly, all but the end may have come. */
  @Test
  void shouldSayHowFarBehindItMayBeWhenStale() {
    freshness = Freshness.STALE;
    sinceHeard = Duration.ofSeconds(12);

    assertThat(words().connection())
        .returns("Connected, may be 12 s behind", Phrase::text)
        .returns(StatusSign.WARNING, Phrase::sign);
    assertThat(words().connection().explanation()).contains("in the last 12 s may not be shown");
    connection = Connection.CATCHING_UP;
    assertThat(words().connection())
        .returns("Connected, catching up slowly (12 s)", Phrase::text)
        .returns(StatusSign.WARNING, Phrase::sign);
    assertThat(words().connection().explanation()).contains("in the last 12 s may not be shown");
    connection = Connection.DRAINING;
    assertThat(words().connection().explanation()).contains("in the last 12 s may not be shown");

    sinceHeard = null;
    connection = Connection.LIVE;
    assertThat(words().connection().text()).isEqualTo("Connected, may be behind");
    connection = Connection.CATCHING_UP;
    assertThat(words().connection().text()).isEqualTo("Connected, catching up");
  }

  @Test
  void shouldStayOfflineInWordsAndButtonsWhileItIsTriedAgain() {
    unsent = 3;
    connection = Connection.CONNECTING;
    assertThat(words().connection().text()).isEqualTo("Connecting, 3 changes waiting");
    assertThat(words().remedies()).isEmpty();

    again = true;
    assertThat(words().connection())
        .returns("Offline, 3 changes waiting, connecting", Phrase::text)
        .returns(StatusSign.OFFLINE, Phrase::sign);
    assertThat(words().remedies()).containsExactly(Remedy.CONNECT);
  }

  @Test
  void shouldSayHowLongSaveTakesWhenItIsSlow() {
    unsaved(Saves.SAVING, 3);
    assertThat(words(true, Duration.ofMillis(900)).saves().text())
        .isEqualTo("Saving, not confirmed yet");
    assertThat(words(true, Duration.ofSeconds(7)).saves().text())
        .isEqualTo("Saving, not confirmed yet (7 s)");

    connection = Connection.OFFLINE;
    assertThat(words(true, Duration.ofSeconds(7)).saves().text())
        .isEqualTo("Save waits for the relay (7 s)");
  }

  @Test
  void shouldSayWhyAndWhatToDoWhenSaveWasRefused() {
    unsaved(Saves.REFUSED, 2);
    refusal = new Refusal("quota", "the document is full", false, 0);

    assertThat(words().saves().text()).isEqualTo("Not saved: refused");
    assertThat(words().saves().explanation())
        .contains("the document is full (quota)")
        .contains("2 changes are stored on this device")
        .contains("File, Save");
  }

  @Test
  void shouldNotCallDeviceStoredWhenItIsNot() {
    unsaved(Saves.UNSAVED, 5);
    unstored = 4;
    unsent = 5;
    degradations = Set.of(Degradation.STORE_UNAVAILABLE);
    storeProblem = "the disk is full";

    assertThat(words().saves().explanation()).contains("4 changes would not survive");
    assertThat(words().degradations())
        .singleElement()
        .returns("This device cannot store", Phrase::text)
        .returns(
            "4 changes would not survive a crash of the editor: the disk is full.",
            Phrase::explanation);
  }

  /** Until the relay has it, it is nowhere but in the editor. */
  @Test
  void shouldPromiseNothingOfDeviceThatCannotStore() {
    degradations = EnumSet.allOf(Degradation.class);
    storeProblem = "the disk is full";
    unsaved(Saves.UNSAVED, 5);
    unstored = 5;
    unsent = 5;

    for (Connection state : Connection.values()) {
      connection = state;
      assertThat(words().explanation())
          .doesNotContainPattern("(kept|stays|waits) on this\\s+device")
          .contains("5 changes would not survive");
    }
    assertThat(words(false, null).connection().explanation()).doesNotContain("keeps it");
  }

  /** A store may be in trouble and have all of the text. */
  @Test
  void shouldNotCallUnstoredWhatDeviceHas() {
    degradations = Set.of(Degradation.STORE_UNAVAILABLE);
    storeProblem = "the store is damaged";
    assertThat(explanation(Degradation.STORE_UNAVAILABLE))
        .isEqualTo(
            "All that was written until now is stored on this device, but not all is well with its"
                + " store: the store is damaged.");

    unsaved(Saves.UNSAVED, 3);
    unstored = 3;
    assertThat(explanation(Degradation.STORE_UNAVAILABLE))
        .isEqualTo(
            "3 changes are kept nowhere but at the relay, if they were not lost on the way there:"
                + " the store is damaged.");
  }

  private String explanation(Degradation only) {
    degradations = Set.of(only);
    return words().degradations().get(0).explanation();
  }

  @Test
  void shouldNotSpeakOfRelayWhereThereIsNone() {
    connection = Connection.OFFLINE;
    unsaved(Saves.SAVING, 0);
    assertThat(words(false, null).saves().explanation()).doesNotContain("relay");
  }

  /** What others wrote has just come from the relay, and comes again. */
  @Test
  void shouldCallOnlyInDangerWhatRelayWasNotSent() {
    unsaved(Saves.UNSAVED, 54_415);
    unstored = 54_415;
    unsent = 22;
    assertThat(words().saves().explanation()).startsWith("22 changes would not survive");

    unsent = 0;
    assertThat(words().saves().explanation())
        .startsWith("54,415 changes are not known to be safe on the relay")
        .contains("not on this device's disk yet; the relay has been sent them.");

    assertThat(words(false, null).saves().explanation())
        .startsWith("54,415 changes would not survive");
  }

  @Test
  void shouldSayOfWhatIsSafeAlreadyThatRelayHasIt() {
    unsaved(Saves.SAVING, 0);
    assertThat(words().saves().explanation()).endsWith("The relay is known to have all of it.");
  }

  @Test
  void shouldNotSaveAtRelayWhereThereIsNone() {
    connection = Connection.OFFLINE;
    unsaved(Saves.SAVING, 3);
    StatusWords words = words(false, null);

    assertThat(words.saves())
        .returns("Saving, not confirmed yet", Phrase::text)
        .returns(
            "The save is under way. 3 changes are stored on this device but not known to survive"
                + " a crash of it.",
            Phrase::explanation);
    assertThat(words.explanation()).doesNotContain("on the relay");
  }

  @Test
  void shouldSaveAtRelayThatIsAboutToStop() {
    connection = Connection.DRAINING;
    unsaved(Saves.SAVING, 3);
    assertThat(words(true, Duration.ofSeconds(1)).saves().text())
        .isEqualTo("Saving, not confirmed yet");
  }

  @Test
  void shouldEndSentenceWhereThereIsNoReason() {
    connection = Connection.OFFLINE;
    assertThat(words().connection().explanation()).startsWith("Not connected to the relay. What");
  }

  @Test
  void shouldSpeakOfOneChangeAsOne() {
    unsaved(Saves.UNSAVED, 1);
    assertThat(words().saves())
        .returns("1 change not saved yet", Phrase::text)
        .returns(
            "1 change is stored on this device but not known to be safe on the relay. Choose File,"
                + " Save to be told when all is safe.",
            Phrase::explanation);
  }

  @Test
  void shouldSayWhereThingsAreKeptWhenDeviceCannotStoreWhatRelayHas() {
    degradations = Set.of(Degradation.STORE_UNAVAILABLE);
    storeProblem = "the disk is full";
    unstored = 3;

    assertThat(words().degradations())
        .extracting(Phrase::explanation)
        .containsExactly(
            "3 changes are kept nowhere but at the relay, if they were not lost on the way there: the"
                + " disk is full.");
  }

  @Test
  void shouldCountWhatWaitsWhenOutboxIsNearlyFull() {
    degradations = Set.of(Degradation.OUTBOX_NEARLY_FULL);
    unsent = 9_000;
    undurable = 9_500;

    assertThat(words().degradations())
        .extracting(Phrase::explanation)
        .singleElement()
        .asString()
        .startsWith("9,000 changes are waiting to be sent");
  }

  @Test
  void shouldSayWhereRelayIsThereToTellWhoIsHere() {
    Set<Connection> telling =
        EnumSet.of(Connection.CATCHING_UP, Connection.LIVE, Connection.DRAINING);
    for (Connection each : Connection.values()) {
      connection = each;
      assertThat(words().inTouch()).as("%s", each).isEqualTo(telling.contains(each));
      assertThat(words(false, null).inTouch()).isFalse();
    }
  }

  @Test
  void shouldTellWhoMayOnlyReadWhatIsOfUseToThem() {
    degradations = Set.of(Degradation.READ_ONLY);
    unsaved(Saves.REFUSED, 2);
    refusal = new Refusal("read-only", "You may read this document but not edit it.", false, 0);

    assertThat(words().connection().explanation()).doesNotContain("both ways");
    assertThat(words().saves().explanation())
        .contains("but not edit it (read-only). 2 changes")
        .contains("sign in as somebody who may write")
        .doesNotContain("File, Save");
  }

  /** Whoever opens a saved text with a token that is over has lost nothing by it. */
  @Test
  void shouldNotCallUnsavedWhatRelayHasWhenItRefusesWhoOpensIt() {
    connection = Connection.REFUSED;
    reason = "The token is over.";
    unsaved(Saves.REFUSED, 0);
    refusal = new Refusal("token-expired", "The token is over.", false, 0);

    assertThat(words().saves())
        .returns("Nothing waits to be saved", Phrase::text)
        .returns(StatusSign.NOTHING, Phrase::sign);
    assertThat(words().saves().explanation())
        .startsWith("The relay is known to have all of it.")
        .contains("The token is over (token-expired)")
        .doesNotContain("File, Save");
    assertThat(words().remedies()).containsExactly(Remedy.CONNECT, Remedy.SIGN_IN);
  }

  @Test
  void shouldTellHowToGetInWhenRelayRefuses() {
    connection = Connection.REFUSED;
    reason = "The token is not valid: ask whoever runs it for another.";

    assertThat(words().connection().explanation())
        .contains("for another. What you write")
        .contains("Choose Connection, Sign In");
  }

  @Test
  void shouldNotCallItOfflineWhenThereIsNoRelay() {
    connection = Connection.OFFLINE;
    reason = "no relay is set";
    freshness = Freshness.STALE;
    savedAs = DEVICE;

    StatusWords words = words(false, null);

    assertThat(words.connection().text()).isEqualTo("On this device only");
    assertThat(words.saves().text()).isEqualTo("Saved on this device");
  }

  @Test
  void shouldOfferNothingWhenAllIsWell() {
    assertThat(words().remedies()).isEmpty();
  }

  @Test
  void shouldOfferToConnectWhenOfflineAndThereIsRelay() {
    connection = Connection.OFFLINE;
    assertThat(words().remedies()).containsExactly(Remedy.CONNECT);
    assertThat(words(false, null).remedies()).isEmpty();
  }

  @Test
  void shouldOfferToSignInWhenRefused() {
    connection = Connection.REFUSED;
    assertThat(words().remedies()).containsExactly(Remedy.CONNECT, Remedy.SIGN_IN);
  }

  @Test
  void shouldOfferWhatHelpsWhenSaveWasRefused() {
    unsaved(Saves.REFUSED, 2);
    assertThat(words().remedies()).containsExactly(Remedy.SAVE_AGAIN, Remedy.EXPORT);

    deadLetters = 1;
    assertThat(words().remedies()).containsExactly(Remedy.SHOW_REFUSED, Remedy.EXPORT);
  }

  @Test
  void shouldOfferWhatHelpsWhoMayOnlyReadOrHadEditsRefused() {
    degradations = Set.of(Degradation.READ_ONLY);
    assertThat(words().remedies()).containsExactly(Remedy.SIGN_IN);

    deadLetters = 1;
    assertThat(words().remedies()).containsExactlyInAnyOrder(Remedy.SHOW_REFUSED, Remedy.SIGN_IN);
  }

  @Test
  void shouldOfferToExportWhenDeviceCannotStore() {
    degradations = Set.of(Degradation.STORE_UNAVAILABLE);
    assertThat(words().remedies()).containsExactly(Remedy.EXPORT);
  }

  @Test
  void shouldTellStatesApartWithoutColor() {
    Set<String> texts =
        Stream.of(Connection.values())
            .map(
                state -> {
                  connection = state;
                  return words().connection().text();
                })
            .collect(Collectors.toSet());

    assertThat(texts).hasSize(Connection.values().length);
  }
}
