package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoHistoryTest {
  private static final ReplicaId A = new ReplicaId(0xa);
  private static final ReplicaId B = new ReplicaId(0xb);

  private final TextDocument document = TextDocument.create(A);
  private long nanos;

  private UndoHistory each() {
    return UndoHistory.of(document).build();
  }

  private UndoHistory grouping() {
    return UndoHistory.of(document).groupWithinMillis(500, () -> nanos).build();
  }

  private void type(int index, String keys) {
    for (int i = 0; i < keys.length(); i++) {
      nanos += 100_000_000;
      document.insert(index + i, keys.substring(i, i + 1));
    }
  }

  private static void exchange(TextDocument one, TextDocument other)
      throws MalformedUpdateException {
    one.apply(other.changesSince(one.version()));
    other.apply(one.changesSince(other.version()));
    assertThat(one.text()).isEqualTo(other.text());
  }

  @Test
  void shouldUndoAndRedoStepByStep() {
    UndoHistory undo = each();
    document.insert(0, "warp");
    document.replace(0, 1, "W");
    document.delete(1, 3);
    assertThat(document.text()).isEqualTo("Wp");

    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEqualTo("Warp");
    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEqualTo("warp");
    assertThat(undo.redo()).isPresent();
    assertThat(document.text()).isEqualTo("Warp");
    assertThat(undo.undo()).isPresent();
    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEmpty();
    assertThat(undo.canUndo()).isFalse();
    assertThat(undo.undo()).isEmpty();
    for (int i = 0; i < 3; i++) {
      assertThat(undo.redo()).isPresent();
    }
    assertThat(document.text()).isEqualTo("Wp");
    assertThat(undo.redo()).isEmpty();
    document.checkInvariants();
  }

  @Test
  void shouldHaveNothingToUndoInAnEmptyDocument() {
    UndoHistory undo = each();
    assertThat(undo.undo()).isEmpty();
    assertThat(undo.redo()).isEmpty();
    document.insert(0, "");
    document.transact(() -> {});
    assertThat(undo.canUndo()).isFalse();
    assertThat(document.version()).isEqualTo(VersionVector.EMPTY);
  }

  @Test
  void shouldForgetWhatCanBeRedoneOnceSomethingIsEdited() {
    UndoHistory undo = each();
    document.insert(0, "a");
    assertThat(undo.undo()).isPresent();
    document.insert(0, "b");
    assertThat(undo.canRedo()).isFalse();
    assertThat(undo.redo()).isEmpty();
    assertThat(document.text()).isEqualTo("b");
  }

  @Test
  void shouldGroupByTime() {
    UndoHistory undo = grouping();
    type(0, "warp ");
    nanos += 501_000_000;
    type(5, "and weft");

    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEqualTo("warp ");
    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEmpty();
    assertThat(undo.redo()).isPresent();
    assertThat(document.text()).isEqualTo("warp ");
  }

  @Test
  void shouldEndAStepWhenToldTo() {
    UndoHistory undo = grouping();
    type(0, "warp");
    undo.endStep();
    type(4, " and");
    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEqualTo("warp");
    // What comes right after an undo is a step of its own.
    type(4, "!");
    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEqualTo("warp");
  }

  @Test
  void shouldNotShowWhatAStepHadInsertedAndDeletedItself() {
    UndoHistory undo = grouping();
    document.insert(0, "weft");
    undo.endStep();
    type(4, "abc");
    document.delete(5, 7);
    List<TextChange> changes = new ArrayList<>();
    Subscription unused = document.observe(changes::add);
    assertThat(undo.undo()).isPresent();
    assertThat(undo.redo()).isPresent();
    assertThat(document.text()).isEqualTo("wefta");
    assertThat(changes.stream().flatMap(change -> change.edits().stream()))
        .containsExactly(new TextChange.Edit(4, 1, ""), new TextChange.Edit(4, 0, "a"));
  }

  @Test
  void shouldUndoATransactionAsAWhole() {
    UndoHistory undo = each();
    document.insert(0, "one two three");
    List<TextChange> changes = new ArrayList<>();
    Subscription unused = document.observe(changes::add);
    document.transact(
        () -> {
          document.replace(8, 13, "3");
          document.insert(0, ">");
          document.delete(5, 8);
        });
    String after = document.text();
    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEqualTo("one two three");
    assertThat(undo.redo()).isPresent();
    assertThat(document.text()).isEqualTo(after);
    assertThat(changes).hasSize(3);
    assertThat(changes.get(1).source()).isSameAs(undo);
    assertThat(changes.get(1).origin()).isEqualTo(TextChange.Origin.LOCAL);
  }

  @Test
  void shouldNotBringBackWhatAnotherReplicaDeletedToo() throws MalformedUpdateException {
    document.insert(0, "keep drop keep");
    TextDocument other = TextDocument.load(B, document.snapshot());
    UndoHistory undo = each();
    document.delete(5, 10);
    other.delete(5, 10);
    exchange(document, other);

    assertThat(undo.undo()).isEmpty();
    assertThat(document.text()).isEqualTo("keep keep");
    exchange(document, other);
    assertThat(other.text()).isEqualTo("keep keep");
  }

  @Test
  void shouldNotBringBackWhatAnotherReplicaDeletesAtTheSameTimeAsTheUndo()
      throws MalformedUpdateException {
    document.insert(0, "keep drop keep");
    TextDocument other = TextDocument.load(B, document.snapshot());
    UndoHistory undo = each();
    document.delete(5, 10);
    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEqualTo("keep drop keep");
    // The other knows nothing of all that.
    other.delete(5, 10);
    exchange(document, other);
    assertThat(document.text()).isEqualTo("keep keep");
  }

  @Test
  void shouldBringBackWhatBothDeletedOnceBothHaveUndone() throws MalformedUpdateException {
    document.insert(0, "keep drop keep");
    TextDocument other = TextDocument.load(B, document.snapshot());
    UndoHistory undo = each();
    UndoHistory othersUndo = UndoHistory.of(other).build();
    document.delete(5, 10);
    other.delete(5, 10);
    exchange(document, other);
    assertThat(undo.undo()).isEmpty();
    exchange(document, other);
    assertThat(othersUndo.undo()).isPresent();
    exchange(document, other);
    assertThat(document.text()).isEqualTo("keep drop keep");
  }

  @Test
  void shouldLeaveWhatAnotherReplicaWroteIntoAnUndonePaste() throws MalformedUpdateException {
    document.insert(0, "<>");
    UndoHistory undo = each();
    document.insert(1, "a long paste");
    TextDocument other = TextDocument.load(B, document.snapshot());
    other.insert(7, "[mine]");
    other.delete(1, 3);
    exchange(document, other);
    assertThat(document.text()).isEqualTo("<long[mine] paste>");

    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEqualTo("<[mine]>");
    assertThat(undo.redo()).isPresent();
    assertThat(document.text()).isEqualTo("<long[mine] paste>");
    exchange(document, other);
  }

  @Test
  void shouldPutTheCaretWhereItWas() {
    Selection[] selected = {Selection.caret(0)};
    UndoHistory undo = UndoHistory.of(document).selection(() -> selected[0]).build();
    document.insert(0, "one two three");
    selected[0] = new Selection(8, 4);
    document.replace(4, 8, "2");
    selected[0] = Selection.caret(5);

    assertThat(undo.undo()).contains(new Selection(8, 4));
    assertThat(document.text()).isEqualTo("one two three");
    selected[0] = new Selection(8, 4);
    assertThat(undo.redo()).contains(Selection.caret(5));
    assertThat(document.text()).isEqualTo("one 2three");
  }

  @Test
  void shouldPutTheCaretWhereItWasThoughOthersWroteBefore() throws MalformedUpdateException {
    Selection[] selected = {Selection.caret(0)};
    document.insert(0, "one two three");
    UndoHistory undo = UndoHistory.of(document).selection(() -> selected[0]).build();
    selected[0] = new Selection(4, 7);
    document.delete(4, 7);
    selected[0] = Selection.caret(4);
    TextDocument other = TextDocument.load(B, document.snapshot());
    other.insert(0, "zero ");
    exchange(document, other);
    selected[0] = Selection.caret(9);

    assertThat(undo.undo()).contains(new Selection(9, 12));
    assertThat(document.text()).isEqualTo("zero one two three");
  }

  @Test
  void shouldPutTheCaretWhereSomethingChangedIfNobodyToldWhereItWas() {
    UndoHistory undo = each();
    document.insert(0, "one three");
    document.insert(4, "two ");
    assertThat(undo.undo()).contains(Selection.caret(4));
    assertThat(undo.redo()).contains(Selection.caret(8));
  }

  @Test
  void shouldUndoOnlyWhatCameFromTheSourcesItTracks() {
    Object view = new Object();
    Object formatter = new Object();
    UndoHistory undo = UndoHistory.of(document).tracking(source -> source == view).build();
    document.transact(view, () -> document.insert(0, "typed"));
    document.transact(formatter, () -> document.insert(5, "\n"));
    document.insert(0, "# ");

    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEqualTo("# \n");
    assertThat(undo.undo()).isEmpty();
    assertThat(undo.redo()).isPresent();
    assertThat(document.text()).isEqualTo("# typed\n");
  }

  @Test
  void shouldNotRecordWhatAnotherHistoryUndoes() {
    UndoHistory one = each();
    UndoHistory two = each();
    document.insert(0, "a");
    assertThat(one.undo()).isPresent();
    assertThat(document.text()).isEmpty();
    // Nothing is left of its step.
    assertThat(two.undo()).isEmpty();
    assertThat(two.canUndo()).isFalse();
  }

  @Test
  void shouldPassOverStepsOfWhichNothingIsLeft() throws MalformedUpdateException {
    UndoHistory undo = each();
    document.insert(0, "first ");
    document.insert(6, "second");
    TextDocument other = TextDocument.load(B, document.snapshot());
    other.delete(6, 12);
    exchange(document, other);

    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEmpty();
    assertThat(undo.canUndo()).isFalse();
    assertThat(undo.redo()).isPresent();
    assertThat(document.text()).isEqualTo("first ");
  }

  @Test
  void shouldKeepNoMoreStepsThanChosen() {
    UndoHistory undo = UndoHistory.of(document).maxSteps(3).build();
    for (int i = 0; i < 10; i++) {
      document.insert(i, "x");
    }
    int undone = 0;
    while (undo.undo().isPresent()) {
      undone++;
    }
    assertThat(undone).isEqualTo(3);
    assertThat(document.text()).hasSize(7);
  }

  @Test
  void shouldUndoAPasteOfAMillionCharacters() {
    document.insert(0, "<>");
    UndoHistory undo = each();
    document.insert(1, "x".repeat(1_000_000));
    document.delete(1, 1_000_001);
    assertThat(undo.undo()).isPresent();
    assertThat(document.length()).isEqualTo(1_000_002);
    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEqualTo("<>");
    assertThat(undo.redo()).isPresent();
    assertThat(document.length()).isEqualTo(1_000_002);
  }

  @Test
  void shouldKeepSurrogatePairsWhole() {
    UndoHistory undo = each();
    document.insert(0, "a\uD83E\uDDF5b");
    document.delete(1, 3);
    document.insert(1, "\uD83E\uDDF6");
    for (int i = 0; i < 3; i++) {
      assertThat(undo.undo()).isPresent();
      CheckedReplica.requireWellFormed(document.text());
    }
    for (int i = 0; i < 3; i++) {
      assertThat(undo.redo()).isPresent();
      CheckedReplica.requireWellFormed(document.text());
    }
    assertThat(document.text()).isEqualTo("a\uD83E\uDDF6b");
  }

  /** A long run is told in parts, none of which begins inside a pair, or between two. */
  @Test
  void shouldTellOthersOfAPairThatWasDeletedAndRestoredWhereALongRunIsParted()
      throws MalformedUpdateException {
    for (int length = 16_376; length < 16_390; length++) {
      TextDocument writer = TextDocument.create(A);
      UndoHistory undo = UndoHistory.of(writer).build();
      writer.insert(0, "\uD83E\uDDF5" + "x".repeat(length));
      writer.delete(0, 2);
      assertThat(undo.undo()).isPresent();
      TextDocument reader = TextDocument.create(B);
      reader.apply(writer.changesSince(VersionVector.EMPTY));
      assertThat(reader.text()).isEqualTo(writer.text());
    }
  }

  @Test
  void shouldUndoAfterTheDocumentWasTaken() throws MalformedUpdateException {
    UndoHistory undo = each();
    document.insert(0, "weft");
    document.delete(1, 3);
    assertThat(undo.undo()).isPresent();
    TextDocument other = TextDocument.load(B, document.snapshot());
    assertThat(other.text()).isEqualTo("weft");
    TextDocument third = TextDocument.create(new ReplicaId(0xc));
    third.apply(document.changesSince(VersionVector.EMPTY));
    assertThat(third.text()).isEqualTo("weft");
    assertThat(document.fork(new ReplicaId(0xd)).text()).isEqualTo("weft");
    assertThat(undo.redo()).isPresent();
    exchange(document, other);
    assertThat(other.text()).isEqualTo("wt");
  }

  @Test
  void shouldRefuseToUndoInsideATransactionOrAnObserver() {
    UndoHistory undo = each();
    document.insert(0, "a");
    assertThatIllegalStateException().isThrownBy(() -> document.transact(undo::undo));
    Subscription observing = document.observe(change -> undo.undo());
    assertThatIllegalStateException().isThrownBy(() -> document.insert(1, "b"));
    observing.close();
    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEqualTo("a");
  }

  @Test
  void shouldRecordNothingOnceClosed() {
    UndoHistory undo = each();
    document.insert(0, "a");
    undo.close();
    document.insert(1, "b");
    assertThat(undo.canUndo()).isFalse();
  }

  @Test
  void shouldRefuseSettingsThatMakeNoSense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UndoHistory.of(document).maxSteps(0))
        .withMessageContaining("maxSteps=0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UndoHistory.of(document).groupWithinMillis(-1, () -> nanos))
        .withMessageContaining("millis=-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Selection(-1, 0))
        .withMessageContaining("mark=-1");
  }

  @Test
  void shouldKeepItsStepsWhenAnObserverThrows() {
    UndoHistory undo = each();
    document.insert(0, "one ");
    document.insert(4, "two ");
    Subscription failing =
        document.observe(
            change -> {
              throw new IllegalStateException("observer");
            });
    assertThatIllegalStateException().isThrownBy(undo::undo).withMessage("observer");
    failing.close();
    assertThat(document.text()).isEqualTo("one ");
    assertThat(undo.redo()).isPresent();
    assertThat(document.text()).isEqualTo("one two ");
    assertThat(undo.undo()).isPresent();
    assertThat(undo.undo()).isPresent();
    assertThat(document.text()).isEmpty();
  }

  @Test
  void shouldTakeASelectionBeyondTheTextForItsEnd() {
    UndoHistory undo = UndoHistory.of(document).selection(() -> new Selection(500, 600)).build();
    document.insert(0, "a\uD83E\uDDF5");
    document.insert(3, "b");
    assertThat(undo.undo()).contains(Selection.caret(3));
  }

  @Test
  void shouldLetNobodyEditWhileAskedForTheSelection() {
    UndoHistory undo =
        UndoHistory.of(document)
            .selection(
                () -> {
                  document.insert(0, "!");
                  return Selection.caret(0);
                })
            .build();
    assertThatIllegalStateException().isThrownBy(() -> document.insert(0, "a"));
    assertThatIllegalStateException().isThrownBy(undo::undo);
    assertThat(document.text()).isEmpty();
  }

  @Test
  void shouldUndoAStepThatRestoredWhatItHadDeleted() throws MalformedUpdateException {
    TextDocument other = TextDocument.create(B);
    other.insert(0, "abc");
    document.apply(other.ownChangesSince(0));
    UndoHistory undo = each();
    VersionVector before = document.version();
    document.transact(
        () -> {
          document.delete(0, 1);
          document.revertTo(before);
        });
    assertThat(document.text()).isEqualTo("abc");
    assertThat(undo.undo()).isEmpty();
    assertThat(document.text()).isEqualTo("abc");
    assertThat(undo.canRedo()).isFalse();
  }

  @Test
  void shouldHaveNothingToRedoOfADeletionThatAnotherHadTakenBack() throws MalformedUpdateException {
    document.insert(0, "abc");
    VersionVector before = document.version();
    UndoHistory undo = each();
    document.delete(0, 3);
    TextDocument other = TextDocument.load(B, document.snapshot());
    other.revertTo(before);
    exchange(document, other);
    assertThat(undo.undo()).isEmpty();
    assertThat(undo.canRedo()).isFalse();
    assertThat(document.text()).isEqualTo("abc");
  }
}
