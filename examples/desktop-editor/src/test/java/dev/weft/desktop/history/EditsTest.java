package dev.weft.desktop.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.UndoHistory;
import dev.weft.crdt.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is one edit to a person, whoever wrote and in whatever pieces it came. */
class EditsTest {
  private final TextDocument ann = TextDocument.create(new ReplicaId(1));
  private final TextDocument ben = TextDocument.create(new ReplicaId(2));

  private static void type(TextDocument document, int index, String typed) {
    for (int i = 0; i < typed.length(); i++) {
      document.insert(index + i, typed.substring(i, i + 1));
    }
  }

  private static void swap(TextDocument one, TextDocument other) throws MalformedUpdateException {
    var unused = one.apply(other.changesSince(one.version()));
    var unusedToo = other.apply(one.changesSince(other.version()));
  }

  /** Returns the text after each edit. */
  private static List<String> texts(TextDocument document) {
    Edits edits = Edits.of(document);
    List<String> texts = new ArrayList<>();
    long events = 0;
    while (events < document.history().eventCount()) {
      long next = edits.after(events);
      assertThat(next).isGreaterThan(events);
      events = next;
      texts.add(document.textAt(document.history().versionAfter(events)));
    }
    assertThat(texts).hasSize(edits.count());
    return texts;
  }

  @Test
  void shouldTakePasteForOneEditAndWhatIsTypedForAnother() {
    ann.insert(0, "x".repeat(25_000));
    type(ann, 7, "hello");
    ann.insert(12, " there");

    Edits edits = Edits.of(ann);

    assertThat(edits.count()).isEqualTo(2);
    assertThat(edits.before(25_011)).isEqualTo(25_000);
    assertThat(edits.before(25_000)).isZero();
    assertThat(edits.before(12_000)).isZero();
    assertThat(edits.before(0)).isZero();
    assertThat(edits.after(0)).isEqualTo(25_000);
    assertThat(edits.after(25_003)).isEqualTo(25_011);
    assertThat(edits.after(25_011)).isEqualTo(25_011);
    assertThat(edits.words(0)).isEqualTo("Edit 0 of 2");
    assertThat(edits.words(25_000)).isEqualTo("Edit 1 of 2");
    assertThat(edits.words(25_004)).isEqualTo("In edit 2 of 2");
    assertThat(edits.words(25_011)).isEqualTo("Edit 2 of 2");
  }

  /** As where it was found before more was written, in a history without its beginning. */
  @Test
  void shouldKnowPlacesBeforeAndBehindAllEdits() {
    Edits edits = new Edits(10, new long[] {15, 20});

    assertThat(edits.numberAt(10)).isZero();
    assertThat(edits.before(12)).isEqualTo(10);
    assertThat(edits.words(25)).isEqualTo("Edit 2 of 2");
    assertThat(edits.after(25)).isEqualTo(25);
  }

  @Test
  void shouldCountFromWhereHistoryBegins() throws MalformedUpdateException {
    ann.insert(0, "warp");
    TextDocument shallow = TextDocument.load(new ReplicaId(3), ann.shallowSnapshot(ann.version()));
    shallow.insert(4, " and weft");

    Edits edits = Edits.of(shallow);
    assertThat(edits.count()).isEqualTo(1);
    assertThat(edits.before(13)).isEqualTo(4);
    assertThat(edits.after(4)).isEqualTo(13);
  }

  @Test
  void shouldKeepDeletionsInOnePlaceTogether() {
    ann.insert(0, "warp and weft");
    for (int i = 13; i > 8; i--) {
      ann.delete(i - 1, i);
    }
    ann.delete(0, 1);
    ann.delete(0, 2);
    ann.delete(3, 4);

    assertThat(texts(ann)).containsExactly("warp and weft", "warp and", "p and", "p ad");
  }

  @Test
  void shouldTakeWritingOverForOneEdit() {
    ann.insert(0, "warp and weft");
    ann.delete(5, 8);
    type(ann, 5, "or");
    ann.replace(0, 4, "silk");

    assertThat(texts(ann)).containsExactly("warp and weft", "warp or weft", "silk or weft");
  }

  @Test
  void shouldTakeReplacingAllForOneEdit() {
    ann.insert(0, "a warp, a weft, a loom");
    ann.replace(16, 17, "the");
    ann.replace(8, 9, "the");
    ann.replace(0, 1, "the");
    ann.replace(0, 3, "one");

    assertThat(texts(ann))
        .containsExactly(
            "a warp, a weft, a loom",
            "the warp, the weft, the loom",
            "one warp, the weft, the loom");
  }

  @Test
  void shouldPartReplacingAllFromItsUndoAndRedo() {
    UndoHistory undo = UndoHistory.of(ann).build();
    ann.insert(0, "warp, weft");
    undo.endStep();
    ann.transact(
        () -> {
          ann.replace(6, 7, "l");
          ann.replace(0, 1, "l");
        });
    undo.endStep();
    var unused = undo.undo();
    var unusedToo = undo.redo();

    assertThat(texts(ann)).containsExactly("warp, weft", "larp, left", "warp, weft", "larp, left");
  }

  @Test
  void shouldPartWhatWasDeletedFromItsUndoAndRedo() {
    UndoHistory undo = UndoHistory.of(ann).build();
    ann.insert(0, "warp, weft");
    undo.endStep();
    ann.delete(4, 6);
    undo.endStep();
    for (int i = 0; i < 2; i++) {
      var unused = undo.undo();
      var unusedToo = undo.redo();
    }

    assertThat(texts(ann))
        .containsExactly(
            "warp, weft", "warpweft", "warp, weft", "warpweft", "warp, weft", "warpweft");
  }

  @Test
  void shouldPartRestoredVersionFromItsUndo() {
    UndoHistory undo = UndoHistory.of(ann).build();
    ann.insert(0, "warp");
    VersionVector before = ann.version();
    ann.insert(4, " and weft");
    undo.endStep();
    ann.revertTo(before);
    undo.endStep();
    var unused = undo.undo();

    assertThat(texts(ann)).containsExactly("warp and weft", "warp", "warp and weft");
  }

  /** What comes back stands behind what had taken its place, and that goes afterwards. */
  @Test
  void shouldPartReplacementFromVersionRestoredBeforeIt() {
    ann.insert(0, "warp");
    VersionVector before = ann.version();
    ann.replace(1, 2, "o");
    ann.revertTo(before);

    assertThat(texts(ann)).startsWith("warp", "worp").endsWith("warp");
  }

  @Test
  void shouldPartDeletionFromSameTextThatComesBackInPieces() throws MalformedUpdateException {
    ann.insert(0, "warp");
    swap(ann, ben);
    for (int i = 4; i > 1; i--) {
      ann.delete(i - 1, i);
    }
    ann.insert(1, "a");
    swap(ann, ben);
    ben.insert(0, "!");
    ann.insert(2, "rp");
    swap(ann, ben);

    assertThat(texts(ann)).containsExactly("warp", "w", "warp", "!warp");
  }

  @Test
  void shouldPartTwoReplacementsOfAllByTheSame() {
    ann.insert(0, "a b, a b");
    ann.replace(5, 6, "the");
    ann.replace(0, 1, "the");
    ann.replace(11, 12, "the");
    ann.replace(4, 5, "the");

    assertThat(texts(ann)).containsExactly("a b, a b", "the b, the b", "the the, the the");
  }

  @Test
  void shouldNotJoinWhatDifferentPeopleWrote() throws MalformedUpdateException {
    type(ann, 0, "warp");
    swap(ann, ben);
    type(ben, 4, " and");
    swap(ann, ben);
    type(ann, 8, " weft");

    assertThat(texts(ann)).containsExactly("warp", "warp and", "warp and weft");
  }

  /** Each letter is known to the other before the next is typed, who writes nothing. */
  @Test
  void shouldGoOnWithEditWhateverOthersWroteBefore() throws MalformedUpdateException {
    ann.insert(0, "loom");
    swap(ann, ben);
    ben.insert(0, "a ");
    type(ann, 4, "wa");
    swap(ann, ben);
    type(ann, 8, "rp");
    swap(ann, ben);

    assertThat(texts(ben)).last().isEqualTo("a loomwarp");
    assertThat(Edits.of(ben).count()).isEqualTo(3);
    assertThat(texts(ben)).containsExactly("loom", "a loom", "a loomwarp");
  }

  @Test
  void shouldGoOnDeletingBothWaysWhateverOthersWroteBefore() throws MalformedUpdateException {
    ann.insert(0, "warps and");
    swap(ann, ben);
    ben.insert(0, "a ");
    ann.delete(4, 5);
    swap(ann, ben);
    ann.delete(5, 6);
    swap(ann, ben);
    ben.insert(0, "of ");
    ann.delete(5, 6);
    swap(ann, ben);
    ann.delete(8, 9);
    swap(ann, ben);

    assertThat(texts(ben))
        .containsExactly("warps and", "a warps and", "a war and", "of a war and", "of a warnd");
  }

  @Test
  void shouldGoOnTypingBeforeWhatOthersDelete() throws MalformedUpdateException {
    ann.insert(0, "loom!");
    swap(ann, ben);
    ben.delete(4, 5);
    type(ann, 4, "wa");
    swap(ann, ben);
    type(ann, 6, "rp");
    swap(ann, ben);

    assertThat(texts(ben)).containsExactly("loom!", "loom", "loomwarp");
  }

  @Test
  void shouldEndEditWhereVersionIsNamed() {
    type(ann, 0, "warp");
    ann.nameVersion("first");
    type(ann, 4, " weft");
    ann.nameVersion("second");

    Edits edits = Edits.of(ann);

    assertThat(texts(ann)).containsExactly("warp", "warp weft");
    assertThat(edits.words(5)).isEqualTo("Edit 1 of 2");
    assertThat(edits.before(11)).isEqualTo(5);
  }

  /** Both deleted it: that one of them takes that back is not seen. */
  @Test
  void shouldCountWhatIsNotSeenToo() throws MalformedUpdateException {
    ann.insert(0, "warp and weft");
    swap(ann, ben);
    var undo = UndoHistory.of(ann).build();
    ann.delete(4, 8);
    ben.delete(4, 8);
    swap(ann, ben);
    var unused = undo.undo();
    type(ann, 0, "a ");

    assertThat(texts(ann)).last().isEqualTo(ann.text());
    assertThat(Edits.of(ann).after(0)).isEqualTo(13);
  }

  /** However it was written: each edit is of one author, and each event of one edit. */
  @Test
  void shouldPartWholeHistoryIntoEditsOfOneAuthorEach() throws MalformedUpdateException {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 600; i++) {
      TextDocument writer = random.nextBoolean() ? ann : ben;
      int index = random.nextInt(writer.length() + 1);
      switch (random.nextInt(5)) {
        case 0 -> swap(ann, ben);
        case 1 -> writer.delete(index, Math.min(writer.length(), index + 3));
        default -> type(writer, index, "text".substring(random.nextInt(4)));
      }
    }
    swap(ann, ben);

    for (TextDocument document : List.of(ann, ben)) {
      Edits edits = Edits.of(document);
      long last = document.history().eventCount();
      assertThat(edits.count()).isGreaterThan(100);
      long events = 0;
      int number = 0;
      while (events < last) {
        long next = edits.after(events);
        assertThat(next).isGreaterThan(events);
        assertThat(edits.before(next)).isEqualTo(events);
        assertThat(edits.numberAt(next)).isEqualTo(++number);
        assertThat(
                document
                    .history()
                    .versionAfter(next)
                    .subtract(document.history().versionAfter(events)))
            .hasSize(1);
        events = next;
      }
      assertThat(number).isEqualTo(edits.count());
    }
  }
}
