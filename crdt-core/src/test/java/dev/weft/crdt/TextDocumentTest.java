package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextDocumentTest {
  private static final ReplicaId A = new ReplicaId(0xa);
  private static final ReplicaId B = new ReplicaId(0xb);

  private final TextDocument document = TextDocument.create(A);

  @Test
  void shouldBeEmptyWhenCreated() throws MalformedUpdateException {
    assertThat(document.replica()).isEqualTo(A);
    assertThat(document.length()).isZero();
    assertThat(document.text()).isEmpty();
    assertThat(document.text(0, 0)).isEmpty();
    assertThat(document.version()).isEqualTo(VersionVector.EMPTY);
    assertThat(document.nextSequence()).isZero();
    assertThat(Change.parse(document.changesSince(VersionVector.EMPTY))).isEmpty();
    assertThat(Change.parse(document.ownChangesSince(0))).isEmpty();
    assertThat(Change.parse(document.snapshot())).isEmpty();
    document.checkInvariants();
  }

  @Test
  void shouldLoadTheSnapshotOfAnEmptyDocument() throws MalformedUpdateException {
    TextDocument loaded = TextDocument.load(B, document.snapshot());
    loaded.insert(0, "hello");
    assertThat(loaded.text()).isEqualTo("hello");
  }

  @Test
  void shouldChangeNothingWhenAnEmptyUpdateIsApplied() throws MalformedUpdateException {
    ApplyResult result = document.apply(document.changesSince(VersionVector.EMPTY));
    assertThat(result).isEqualTo(new ApplyResult(0, 0, List.of(), 0, List.of()));
    assertThat(result.isComplete()).isTrue();
  }

  @Test
  void shouldEditAsAStringBuilderDoes() {
    document.insert(0, "weave");
    document.insert(5, " in");
    document.replace(0, 5, "thread");
    document.insert(6, "ed");
    document.delete(8, 9);

    assertThat(document.text()).isEqualTo("threadedin");
    assertThat(document.length()).isEqualTo(10);
    assertThat(document.text(2, 6)).isEqualTo("read");
    assertThat(document.charAt(8)).isEqualTo('i');
  }

  @Test
  void shouldTakeASequenceNumberForEachUnitInsertedAndDeleted() {
    document.insert(0, "abc");
    assertThat(document.nextSequence()).isEqualTo(3);
    document.delete(0, 2);
    assertThat(document.nextSequence()).isEqualTo(5);
    document.replace(0, 1, "xyz");
    assertThat(document.nextSequence()).isEqualTo(9);
    assertThat(document.version()).isEqualTo(VersionVector.of(A, 9));
  }

  @Test
  void shouldTakeNoSequenceNumberWhenNothingIsInsertedOrDeleted() {
    document.insert(0, "abc");
    document.insert(1, "");
    document.delete(2, 2);
    document.replace(3, 3, "");
    document.transact(() -> {});
    assertThat(document.nextSequence()).isEqualTo(3);
  }

  @Test
  void shouldTakeAnyCharSequence() {
    document.insert(0, CharBuffer.wrap("built"));
    document.replace(0, 1, CharBuffer.wrap("g"));
    assertThat(document.text()).isEqualTo("guilt");
  }

  @Test
  void shouldNotFollowACharSequenceThatChangesLater() {
    StringBuilder text = new StringBuilder("before");
    document.insert(0, text);
    text.replace(0, 6, "after");
    assertThat(document.text()).isEqualTo("before");
  }

  @ParameterizedTest
  @CsvSource({"-1", "4", "2147483647", "-2147483648"})
  void shouldNameIndexAndLengthWhenAnIndexIsOutOfBounds(int index) {
    document.insert(0, "abc");
    assertThatThrownBy(() -> document.insert(index, "x"))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining(String.valueOf(index))
        .hasMessageContaining("3");
    assertThatThrownBy(() -> document.charAt(index))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining(String.valueOf(index))
        .hasMessageContaining("3");
    assertThatThrownBy(() -> document.charAt(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(document.text()).isEqualTo("abc");
    assertThat(document.nextSequence()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"-1,2", "0,4", "2,1", "4,4", "-1,-1", "0,2147483647", "2147483647,-2147483648"})
  void shouldNameRangeAndLengthWhenARangeIsOutOfBounds(int start, int end) {
    document.insert(0, "abc");
    assertThatThrownBy(() -> document.delete(start, end))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining(String.valueOf(start))
        .hasMessageContaining(String.valueOf(end))
        .hasMessageContaining("3");
    assertThatThrownBy(() -> document.replace(start, end, "x"))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> document.text(start, end))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(document.text()).isEqualTo("abc");
    assertThat(document.nextSequence()).isEqualTo(3);
  }

  @Test
  void shouldChangeNothingWhenTheTextOfAReplacementIsRefused() {
    document.insert(0, "abc");
    assertThatIllegalArgumentException().isThrownBy(() -> document.replace(0, 3, "x\uD83E"));
    assertThat(document.text()).isEqualTo("abc");
    assertThat(document.nextSequence()).isEqualTo(3);
  }

  @Test
  void shouldTakeAMillionCharactersAtOnce() throws MalformedUpdateException {
    String pasted = "0123456789abcdef".repeat(1 << 16);
    document.insert(0, "[]");
    document.insert(1, pasted);
    document.checkInvariants();
    assertThat(document.length()).isEqualTo(pasted.length() + 2);

    TextDocument other = TextDocument.create(B);
    other.apply(document.changesSince(VersionVector.EMPTY));
    other.delete(1 + 500_000, 1 + 500_010);
    document.apply(other.ownChangesSince(0));
    String expected = "[" + pasted.substring(0, 500_000) + pasted.substring(500_010) + "]";
    assertThat(document.text().equals(expected)).isTrue();
    assertThat(TextDocument.load(B, document.snapshot()).text().equals(expected)).isTrue();

    document.delete(0, document.length());
    other.apply(document.changesSince(other.version()));
    assertThat(other.length()).isZero();
    other.checkInvariants();
  }

  @Test
  void shouldTellObserversOfATransactionOnce() {
    List<TextChange> changes = observed();
    document.transact(
        () -> {
          document.insert(0, "abc");
          document.delete(0, 1);
          document.insert(2, "d");
        });
    assertThat(document.text()).isEqualTo("bcd");
    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).origin()).isEqualTo(TextChange.Origin.LOCAL);
    StringBuilder mirror = new StringBuilder();
    changes.get(0).applyTo(mirror);
    assertThat(mirror.toString()).isEqualTo("bcd");
  }

  @Test
  void shouldKeepWhatWasDoneWhenATransactionThrows() throws MalformedUpdateException {
    List<TextChange> changes = observed();
    IllegalStateException thrown = new IllegalStateException("thrown by the caller's own code");
    assertThatThrownBy(
            () ->
                document.transact(
                    () -> {
                      document.insert(0, "kept");
                      throw thrown;
                    }))
        .isSameAs(thrown);

    assertThat(document.text()).isEqualTo("kept");
    assertThat(changes).hasSize(1);
    document.insert(4, "!");
    assertThat(changes).hasSize(2);
    TextDocument other = TextDocument.load(B, document.snapshot());
    assertThat(other.text()).isEqualTo("kept!");
  }

  @Test
  void shouldRefuseEditsAndUpdatesFromInsideAnObserver() {
    TextDocument other = TextDocument.create(B);
    other.insert(0, "other");
    byte[] update = other.ownChangesSince(0);
    List<Throwable> refused = new ArrayList<>();
    Subscription subscription =
        document.observe(
            change -> {
              refused.add(catchThrowable(() -> document.insert(0, "x")));
              refused.add(catchThrowable(() -> document.delete(0, 1)));
              refused.add(catchThrowable(() -> document.replace(0, 1, "x")));
              refused.add(catchThrowable(() -> document.transact(() -> document.insert(0, "x"))));
              refused.add(catchThrowable(() -> apply(document, update)));
            });

    document.insert(0, "abc");

    assertThat(refused).hasSize(5).allMatch(IllegalStateException.class::isInstance);
    assertThat(document.text()).isEqualTo("abc");
    document.checkInvariants();
    subscription.close();
    document.insert(3, "d");
    assertThat(document.text()).isEqualTo("abcd");
  }

  @Test
  void shouldTellEveryObserverUntilItsSubscriptionIsClosed() {
    List<TextChange> first = new ArrayList<>();
    List<TextChange> second = new ArrayList<>();
    Subscription one = document.observe(first::add);
    Subscription two = document.observe(second::add);
    document.insert(0, "a");
    one.close();
    one.close();
    document.insert(1, "b");
    two.close();
    document.insert(2, "c");

    assertThat(first).hasSize(1);
    assertThat(second).hasSize(2);
  }

  @Test
  void shouldTellNobodyWhenNothingChanges() throws MalformedUpdateException {
    document.insert(0, "abc");
    List<TextChange> changes = observed();
    document.insert(0, "");
    document.delete(1, 1);
    document.transact(() -> {});
    document.apply(document.snapshot());
    assertThat(changes).isEmpty();
  }

  @Test
  void shouldTellLocalFromRemoteChanges() throws MalformedUpdateException {
    List<TextChange> changes = observed();
    document.insert(0, "ac");
    TextDocument other = TextDocument.load(B, document.snapshot());
    other.insert(1, "b");
    document.apply(other.ownChangesSince(0));

    assertThat(changes)
        .containsExactly(
            new TextChange(TextChange.Origin.LOCAL, List.of(new TextChange.Edit(0, 0, "ac"))),
            new TextChange(TextChange.Origin.REMOTE, List.of(new TextChange.Edit(1, 0, "b"))));
  }

  @Test
  void shouldWaitForTheChangeBefore() throws MalformedUpdateException {
    document.insert(0, "a");
    byte[] first = document.ownChangesSince(0);
    document.insert(1, "b");
    byte[] second = document.ownChangesSince(1);
    TextDocument other = TextDocument.create(B);

    ApplyResult early = other.apply(second);
    assertThat(early.applied()).isZero();
    assertThat(early.waiting()).isEqualTo(1);
    assertThat(early.missing()).containsExactly(new EventId(A, 0));
    assertThat(other.text()).isEmpty();

    ApplyResult late = other.apply(first);
    assertThat(late).isEqualTo(new ApplyResult(2, 0, List.of(), 0, List.of()));
    assertThat(other.text()).isEqualTo("ab");
  }

  @Test
  void shouldWaitForTheChangesThatAChangeWasMadeOn() throws MalformedUpdateException {
    document.insert(0, "ac");
    TextDocument other = TextDocument.load(B, document.snapshot());
    other.insert(1, "b");
    TextDocument reader = TextDocument.create(new ReplicaId(0xc));

    ApplyResult early = reader.apply(other.ownChangesSince(0));
    assertThat(early.waiting()).isEqualTo(1);
    assertThat(early.missing()).containsExactly(new EventId(A, 1));

    ApplyResult late = reader.apply(document.ownChangesSince(0));
    assertThat(late.applied()).isEqualTo(3);
    assertThat(reader.text()).isEqualTo("abc");
  }

  @Test
  void shouldKeepTheLongerOfTwoChangesThatWaitForTheSame() throws MalformedUpdateException {
    document.insert(0, "a");
    byte[] first = document.ownChangesSince(0);
    document.insert(1, "bc");
    byte[] shorter = document.ownChangesSince(1);
    document.insert(3, "d");
    byte[] longer = document.ownChangesSince(1);
    TextDocument other = TextDocument.create(B);

    other.apply(longer);
    other.apply(shorter);
    other.apply(first);
    assertThat(other.text()).isEqualTo("abcd");
  }

  @Test
  void shouldPutTheLowerReplicaFirstWhenTwoInsertAtOnePlace() throws MalformedUpdateException {
    TextDocument low = TextDocument.create(new ReplicaId(Long.MAX_VALUE));
    TextDocument high = TextDocument.create(new ReplicaId(Long.MIN_VALUE));
    low.insert(0, "low ");
    high.insert(0, "high ");
    low.apply(high.ownChangesSince(0));
    high.apply(low.ownChangesSince(0));

    assertThat(low.text()).isEqualTo("low high ");
    assertThat(high.text()).isEqualTo("low high ");
  }

  @Test
  void shouldRefuseUpdatesWithinATransaction() {
    byte[] update = document.snapshot();
    assertThatIllegalStateException()
        .isThrownBy(() -> document.transact(() -> apply(document, update)));
  }

  private List<TextChange> observed() {
    List<TextChange> changes = new ArrayList<>();
    Subscription unused = document.observe(changes::add);
    return changes;
  }

  private static void apply(TextDocument document, byte[] update) {
    try {
      document.apply(update);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("the update is valid", e);
    }
  }

  private static Throwable catchThrowable(Runnable action) {
    return org.assertj.core.api.Assertions.catchThrowable(action::run);
  }

  @Test
  void shouldEndATransactionWhateverIsThrown() throws MalformedUpdateException {
    document.insert(0, "abc");
    List<TextChange> changes = observed();
    Subscription failing =
        document.observe(
            change -> {
              throw new IllegalArgumentException("observer");
            });

    assertThat(catchThrowable(() -> document.insert(3, "d"))).hasMessage("observer");
    Throwable thrown =
        catchThrowable(
            () ->
                document.transact(
                    () -> {
                      document.insert(4, "e");
                      throw new IllegalStateException("edits");
                    }));
    assertThat(thrown).hasMessage("edits");
    assertThat(thrown.getSuppressed()).singleElement().asString().contains("observer");
    failing.close();

    assertThat(changes).hasSize(2);
    assertThat(document.text()).isEqualTo("abcde");
    assertThat(document.apply(document.snapshot()).isComplete()).isTrue();
  }

  @Test
  void shouldTakeTheTextToInsertAsItIsBeforeTheEdit() {
    document.insert(0, "abc");
    CharSequence meddling =
        new CharSequence() {
          @Override
          public int length() {
            return 1;
          }

          @Override
          public char charAt(int index) {
            return 'x';
          }

          @Override
          public CharSequence subSequence(int start, int end) {
            return this;
          }

          @Override
          public String toString() {
            document.delete(0, 3);
            return "x";
          }
        };

    assertThat(catchThrowable(() -> document.insert(3, meddling)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    document.insert(0, "ok");
    assertThat(document.text()).isEqualTo("ok");
  }

  @Test
  void shouldLetNobodyBeginToObserveInsideATransaction() {
    assertThatIllegalStateException()
        .isThrownBy(() -> document.transact(() -> document.observe(change -> {}).close()));
  }

  @Test
  void shouldTellNobodyWhoseSubscriptionAnotherObserverClosed() {
    List<TextChange> told = new ArrayList<>();
    List<Subscription> second = new ArrayList<>();
    Subscription unused = document.observe(change -> second.get(0).close());
    second.add(document.observe(told::add));

    document.insert(0, "a");
    assertThat(told).isEmpty();
  }

  @Test
  void shouldTellOfAWholeHistoryAsOneEdit() throws MalformedUpdateException {
    TextDocument other = TextDocument.create(B);
    for (int i = 0; i < 50; i++) {
      other.insert(other.length() / 2, "xy");
    }
    List<TextChange> changes = observed();
    document.apply(other.changesSince(VersionVector.EMPTY));

    assertThat(changes)
        .containsExactly(
            new TextChange(
                TextChange.Origin.REMOTE, List.of(new TextChange.Edit(0, 0, other.text()))));
  }

  @Test
  void shouldNotTakeAKnownChangeForTheSameIfItSaysToDependOnMore() throws MalformedUpdateException {
    document.insert(0, "abc");
    TextDocument other = TextDocument.load(B, document.snapshot());
    EventList dependencies = new EventList();
    dependencies.add(0x4d, 5, 0);
    ChangeWriter again = new ChangeWriter();
    again.change(A.bits(), 0, 0, dependencies, 0);
    again.insert(Names.none(), Names.none(), "abc".toCharArray(), 0, 3, 0);
    again.endChange(0);

    assertThatThrownBy(() -> other.apply(again.toChange().toBytes()))
        .isInstanceOf(ForkedReplicaException.class);
    assertThat(other.footprint().waitingChanges()).isZero();
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without such checks may do
  void shouldNameTheArgumentThatMustNotBeNull() {
    assertNamed("inserted", () -> document.insert(0, null));
    assertNamed("inserted", () -> document.replace(0, 0, null));
    assertNamed("bias", () -> document.anchor(0, null));
    assertNamed("anchor", () -> document.indexOf(null));
    assertNamed("version", () -> document.textAt(null));
    assertNamed("version", () -> document.revertTo(null));
    assertNamed("name", () -> document.nameVersion(null));
    assertNamed("updateOrSnapshot", () -> document.apply(null));
    assertNamed("seen", () -> document.changesSince(null));
    assertNamed("from", () -> document.diff(null, VersionVector.EMPTY));
    assertNamed("to", () -> document.diff(VersionVector.EMPTY, null));
    assertNamed("other", () -> document.merge(null));
    assertNamed("other", () -> document.rebase(null));
    assertNamed("stable", () -> document.shallowSnapshot(null));
    assertNamed("edits", () -> document.transact(null));
    assertNamed("observer", () -> document.observe(null));
    assertNamed("document", () -> UndoHistory.of(null));
    assertNamed("other", () -> VersionVector.EMPTY.merge(null));
    assertThat(document.text()).isEmpty();
  }

  private static void assertNamed(String argument, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(argument);
  }
}
