package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A {@link UnitSet} holds what a bit set holds. */
class UnitSetProperties {
  /** Some units side by side. */
  record Range(int unit, int count) {}

  @Provide
  Arbitrary<List<Range>> ranges() {
    // Near the borders of words and pages, and far away.
    Arbitrary<Integer> units =
        Combinators.combine(
                Arbitraries.of(0, 64, 128, 4_096, 8_192, 100_000),
                Arbitraries.integers().between(-3, 70))
            .as((border, offset) -> Math.max(0, border + offset));
    Arbitrary<Integer> counts =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 5), Arbitraries.integers().between(60, 9_000));
    return Combinators.combine(units, counts).as(Range::new).list().ofMaxSize(12);
  }

  @Property
  void shouldHoldWhatABitSetHolds(@ForAll("ranges") List<Range> ranges) {
    UnitSet set = new UnitSet();
    BitSet expected = new BitSet();
    for (Range range : ranges) {
      int end = range.unit + range.count;
      int nextAbsent = Math.min(end, expected.nextClearBit(range.unit));
      assertThat(set.nextAbsent(range.unit, end)).isEqualTo(nextAbsent);
      int nextPresent = expected.nextSetBit(range.unit);
      assertThat(set.nextPresent(range.unit, end))
          .isEqualTo(nextPresent < 0 ? end : Math.min(end, nextPresent));

      UnitSet before = new UnitSet(set);
      set.add(range.unit, range.count);
      assertThat(set.nextAbsent(range.unit, end)).isEqualTo(end);
      assertThat(before.nextAbsent(range.unit, end)).isEqualTo(nextAbsent);

      expected.set(range.unit, end);
      for (int unit = Math.max(0, range.unit - 70); unit < end + 70; unit++) {
        assertThat(set.contains(unit)).isEqualTo(expected.get(unit));
      }
    }
  }

  @Property
  void shouldLoseWhatABitSetLoses(
      @ForAll("ranges") List<Range> added, @ForAll("ranges") List<Range> removed) {
    UnitSet set = new UnitSet();
    BitSet expected = new BitSet();
    for (int i = 0; i < Math.max(added.size(), removed.size()); i++) {
      if (i < added.size()) {
        Range range = added.get(i);
        set.add(range.unit, range.count);
        expected.set(range.unit, range.unit + range.count);
      }
      UnitSet before = new UnitSet(set);
      if (i < removed.size()) {
        Range range = removed.get(i);
        set.remove(range.unit, range.count);
        boolean first = expected.get(range.unit);
        assertThat(before.contains(range.unit)).isEqualTo(first);
        expected.clear(range.unit, range.unit + range.count);
      }
      int unit = 0;
      while (unit < 120_000) {
        int present = expected.nextSetBit(unit);
        assertThat(set.nextPresent(unit, 120_000)).isEqualTo(present < 0 ? 120_000 : present);
        unit = present < 0 ? 120_000 : expected.nextClearBit(present);
        if (present >= 0) {
          assertThat(set.nextAbsent(present, 120_000)).isEqualTo(Math.min(unit, 120_000));
        }
      }
    }
  }
}
