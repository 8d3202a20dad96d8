package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ConcurrentModificationException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextHistoryTest {
  private static final ReplicaId A = new ReplicaId(0xa);
  private static final ReplicaId B = new ReplicaId(0xb);

  private final TextDocument document = TextDocument.create(A);

  @Test
  void shouldShowAnEmptyDocumentsPast() {
    TextHistory history = document.history();
    assertThat(history.text()).isEmpty();
    assertThat(history.version()).isEqualTo(VersionVector.EMPTY);
    assertThat(history.moveTo(VersionVector.EMPTY)).isEmpty();
    assertThat(history.versionAfter(0)).isEqualTo(VersionVector.EMPTY);
    assertThat(history.authors(0, 0)).isEmpty();
    document.insert(0, "later");
    assertThat(history.text()).isEmpty();
    assertThat(history.moveTo(document.version()))
        .containsExactly(new TextChange.Edit(0, 0, "later"));
  }

  @Test
  void shouldTellTheDifferenceOfTwoVersionsInFewEdits() {
    document.insert(0, "one two three");
    VersionVector before = document.version();
    document.replace(4, 7, "2");
    document.insert(document.length(), " four");
    document.insert(0, "not to stay");
    document.delete(0, 11);
    VersionVector after = document.version();

    TextHistory history = document.history();
    assertThat(history.difference(before, after))
        .containsExactly(new TextChange.Edit(4, 3, "2"), new TextChange.Edit(11, 0, " four"));
    assertThat(history.difference(after, before))
        .containsExactly(new TextChange.Edit(4, 1, "two"), new TextChange.Edit(13, 5, ""));
  }

  @Test
  void shouldShowOneReplicasWorkWithoutTheOthers() throws MalformedUpdateException {
    document.insert(0, "warp");
    TextDocument other = TextDocument.load(B, document.snapshot());
    other.insert(4, " and weft");
    document.insert(0, "the ");
    document.apply(other.ownChangesSince(0));

    assertThat(document.textAt(VersionVector.of(A, 8))).isEqualTo("the warp");
    assertThat(document.textAt(VersionVector.of(A, 4).merge(VersionVector.of(B, 9))))
        .isEqualTo("warp and weft");
    assertThat(document.authors(0, document.length()))
        .containsExactly(new AuthorRun(0, 8, A), new AuthorRun(8, 17, B));
  }

  @Test
  void shouldRefuseAVersionThatTheDocumentHasNotSeen() {
    document.insert(0, "abc");
    TextHistory history = document.history();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> history.moveTo(VersionVector.of(A, 4)))
        .withMessageContaining("next=4, seen=3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> document.revertTo(VersionVector.of(B, 1)))
        .withMessageContaining("next=1, seen=0");
    assertThat(history.text()).isEqualTo("abc");
    assertThat(document.text()).isEqualTo("abc");
  }

  @Test
  void shouldRefuseAVersionThatPartsASurrogatePair() {
    document.insert(0, "a\uD83E\uDDF5b");
    document.delete(1, 3);
    for (long next : new long[] {2, 5}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> document.textAt(VersionVector.of(A, next)))
          .withMessageContaining("surrogate pair");
    }
    TextHistory history = document.history();
    assertThat(history.versionAfter(2)).isEqualTo(VersionVector.of(A, 1));
    assertThat(document.textAt(VersionVector.of(A, 4))).isEqualTo("a\uD83E\uDDF5b");
  }

  @Test
  void shouldLetNobodyEditWhatHeIsBeingTold() {
    TextDocument document = TextDocument.create(new ReplicaId(1));
    document.insert(0, "abc");
    assertThatThrownBy(() -> document.history().forEachRun(run -> document.insert(0, "x")))
        .isInstanceOf(ConcurrentModificationException.class);
    assertThatThrownBy(() -> document.forEachChunk(0, 3, chunk -> document.delete(0, 1)))
        .isInstanceOf(ConcurrentModificationException.class);
    assertThatThrownBy(
            () ->
                document.forEachChunk(
                    0,
                    3,
                    chunk -> {
                      document.insert(0, "y");
                      long unused = document.nextSequence();
                    }))
        .isInstanceOf(ConcurrentModificationException.class);
    document.checkInvariants();
    assertThat(document.text()).isEqualTo("yabc");
  }

  @Test
  void shouldRefuseRangesOutsideOfTheText() {
    document.insert(0, "abc");
    assertThatThrownBy(() -> document.authors(1, 4))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("length=3");
    TextHistory history = document.history();
    assertThatThrownBy(() -> history.authors(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> history.versionAfter(4))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("events=4");
  }

  @Test
  void shouldBringBackWhatOthersDeletedAndKeepItsAuthorsAndAnchors()
      throws MalformedUpdateException {
    document.insert(0, "by ada");
    Anchor remark = document.anchor(3, Bias.RIGHT);
    VersionVector version = document.version();
    TextDocument other = TextDocument.load(B, document.snapshot());
    other.replace(0, 6, "by bob");
    document.apply(other.ownChangesSince(0));
    document.revertTo(version);

    assertThat(document.text()).isEqualTo("by ada");
    assertThat(document.authors(0, 6)).isEqualTo(List.of(new AuthorRun(0, 6, A)));
    assertThat(document.indexOf(remark)).hasValue(3);
    other.apply(document.changesSince(other.version()));
    assertThat(other.text()).isEqualTo("by ada");
  }
}
