package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadingTest {
  private static final ReplicaId A = new ReplicaId(0xa);
  private static final ReplicaId B = new ReplicaId(0xb);

  private final TextDocument document = TextDocument.create(A);

  @Test
  void shouldHaveOneLineWhenEmpty() {
    assertThat(document.lineCount()).isEqualTo(1);
    assertThat(document.lineOfOffset(0)).isZero();
    assertThat(document.offsetOfLine(0)).isZero();
    assertThatThrownBy(() -> document.offsetOfLine(1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> document.lineOfOffset(1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void shouldBeReadAsACharSequence() {
    document.insert(0, "warp and weft");
    assertThat(Pattern.compile("w\\w+").matcher(document).results().map(found -> found.group()))
        .containsExactly("warp", "weft");
    assertThat(document.codePoints().count()).isEqualTo(13);
    CharSequence part = document.subSequence(5, 8);
    document.delete(0, 13);
    assertThat(part).isEqualTo("and");
    assertThat(document.isEmpty()).isTrue();
  }

  @Test
  void shouldHandOverChunksWithoutCopying() {
    document.insert(0, "one three");
    document.insert(4, "two ");
    List<String> chunks = new ArrayList<>();
    document.forEachChunk(1, 13, chunk -> chunks.add(chunk.toString()));
    assertThat(chunks).containsExactly("ne ", "two ", "three");
    document.forEachChunk(
        4,
        8,
        chunk -> {
          assertThat(chunk.subSequence(1, 3)).hasToString("wo");
          assertThatThrownBy(() -> chunk.charAt(4)).isInstanceOf(IndexOutOfBoundsException.class);
        });
    assertThatThrownBy(() -> document.forEachChunk(3, 14, chunk -> {}))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void shouldSendWhatLiesBetweenTwoVersions() throws MalformedUpdateException {
    document.insert(0, "one ");
    VersionVector one = document.version();
    document.insert(4, "two ");
    VersionVector two = document.version();
    document.insert(8, "three ");

    TextDocument other = TextDocument.create(B);
    other.apply(document.diff(VersionVector.EMPTY, one));
    assertThat(other.text()).isEqualTo("one ");
    other.apply(document.diff(one, two));
    assertThat(other.text()).isEqualTo("one two ");
    assertThat(other.version()).isEqualTo(two);
    assertThat(other.apply(document.diff(two, one)).applied()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> other.diff(one, document.version()))
        .withMessageContaining("next=14, seen=8");
  }

  @Test
  void shouldMergeAForkThatWasEditedAsIfItHadComeOverTheWire() throws MalformedUpdateException {
    document.insert(0, "warp");
    TextDocument fork = document.fork(B);
    TextDocument far = TextDocument.load(B, document.snapshot());
    TextDocument near = TextDocument.load(A, document.snapshot());
    fork.insert(4, " and weft");
    far.insert(4, " and weft");
    document.delete(0, 1);
    near.delete(0, 1);
    assertThat(document.merge(fork).isComplete()).isTrue();
    near.apply(far.changesSince(near.version()));

    assertThat(document.text()).isEqualTo("arp and weft");
    assertThat(document.snapshot()).isEqualTo(near.snapshot());
    assertThat(document.merge(document).applied()).isZero();
  }

  @Test
  void shouldTellWhatItHolds() throws MalformedUpdateException {
    document.insert(0, "warp and weft");
    document.delete(4, 8);
    TextDocument other = TextDocument.load(B, document.snapshot());
    other.insert(4, "-");
    document.apply(other.ownChangesSince(0));
    Footprint footprint = document.footprint();

    assertThat(footprint.visibleUnits()).isEqualTo(10);
    assertThat(footprint.deletedUnits()).isEqualTo(4);
    assertThat(footprint.spans()).isEqualTo(3);
    assertThat(footprint.tombstones()).isEqualTo(1);
    assertThat(footprint.operations()).isEqualTo(3);
    assertThat(footprint.runs()).isEqualTo(2);
    assertThat(footprint.replicas()).isEqualTo(2);
    assertThat(footprint.waitingChanges()).isZero();
    assertThat(footprint.textBytes()).isPositive();
    assertThat(footprint.orderBytes()).isPositive();
    assertThat(footprint.logBytes()).isPositive();
  }
}
