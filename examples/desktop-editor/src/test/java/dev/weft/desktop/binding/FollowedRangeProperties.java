package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.TextChange.Edit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A range that is followed is where its units are: those in it, and those that came among them. */
class FollowedRangeProperties {
  private static final int LENGTH = 12;

  @Property
  void shouldReachFromFirstToLastUnitThatIsLeft(
      @ForAll @IntRange(max = LENGTH) int one,
      @ForAll @IntRange(max = LENGTH) int other,
      @ForAll("edits") List<Edit> edits) {
    int start = Math.min(one, other);
    int end = Math.max(one, other);
    FollowedRange range = new FollowedRange(start, end);
    List<Boolean> isOfRange = new ArrayList<>();
    for (int unit = 0; unit < LENGTH; unit++) {
      isOfRange.add(start <= unit && unit < end);
    }
    for (Edit edit : edits) {
      int index = Math.min(edit.index(), isOfRange.size());
      int deleted = Math.min(edit.deletedLength(), isOfRange.size() - index);
      isOfRange.subList(index, index + deleted).clear();
      boolean among =
          index > 0 && index < isOfRange.size() && isOfRange.get(index - 1) && isOfRange.get(index);
      isOfRange.addAll(index, Collections.nCopies(edit.inserted().length(), among));
      range.follow(new Edit(index, deleted, edit.inserted()));
    }

    if (isOfRange.contains(true)) {
      assertThat(range.start()).isEqualTo(isOfRange.indexOf(true));
      assertThat(range.end()).isEqualTo(isOfRange.lastIndexOf(true) + 1);
    } else {
      assertThat(range.start()).isEqualTo(range.end()).isBetween(0, isOfRange.size());
    }
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    Arbitrary<Integer> indexes = Arbitraries.integers().between(0, LENGTH);
    Arbitrary<Integer> lengths = Arbitraries.integers().between(0, 4);
    return Combinators.combine(indexes, lengths, lengths)
        .as((index, deleted, inserted) -> new Edit(index, deleted, "x".repeat(inserted)))
        .list()
        .ofMaxSize(5);
  }
}
