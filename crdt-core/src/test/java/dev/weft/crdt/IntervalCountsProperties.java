package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Counts of intervals beside an array of counts. */
class IntervalCountsProperties {
  private static final int NUMBERS = 60;

  @Property
  void shouldTellWhatComesToBeHeldAndIsNoMore(@ForAll long seed) {
    Random random = new Random(seed);
    IntervalCounts counts = new IntervalCounts();
    int[] naive = new int[NUMBERS];
    List<int[]> intervals = new ArrayList<>();
    for (int step = 0; step < 100; step++) {
      BitSet told = new BitSet();
      BitSet expected = new BitSet();
      boolean removes = !intervals.isEmpty() && random.nextInt(5) < 2;
      int[] interval = removes ? part(intervals, random) : interval(random);
      for (int i = interval[0]; i < interval[1]; i++) {
        naive[i] += removes ? -1 : 1;
        expected.set(i, naive[i] == (removes ? 0 : 1));
      }
      if (removes) {
        counts.remove(interval[0], interval[1], (start, end) -> tell(told, start, end));
      } else {
        intervals.add(interval);
        counts.add(interval[0], interval[1], (start, end) -> tell(told, start, end));
      }
      assertThat(told).isEqualTo(expected);
      requireSame(counts, naive, random);
    }
  }

  private static void requireSame(IntervalCounts counts, int[] naive, Random random) {
    for (int i = 0; i < NUMBERS; i++) {
      assertThat(counts.isHeld(i)).isEqualTo(naive[i] > 0);
    }
    int[] range = interval(random);
    BitSet notHeld = new BitSet();
    counts.forEachNotHeld(range[0], range[1], (start, end) -> tell(notHeld, start, end));
    for (int i = 0; i < NUMBERS; i++) {
      boolean isIn = i >= range[0] && i < range[1];
      assertThat(notHeld.get(i)).isEqualTo(isIn && naive[i] == 0);
    }
  }

  private static void tell(BitSet told, int start, int end) {
    assertThat(start).isLessThan(end);
    // Each once, and as long as they go.
    assertThat(told.get(start, end).isEmpty()).isTrue();
    assertThat(start > 0 && told.get(start - 1)).isFalse();
    told.set(start, end);
  }

  private static int[] interval(Random random) {
    int start = random.nextInt(NUMBERS);
    return new int[] {start, start + 1 + random.nextInt(NUMBERS - start)};
  }

  /** Takes all of an interval, or one end of it, out of a list. */
  private static int[] part(List<int[]> intervals, Random random) {
    int[] whole = intervals.remove(random.nextInt(intervals.size()));
    int middle = whole[0] + random.nextInt(whole[1] - whole[0]);
    if (middle == whole[0]) {
      return whole;
    }
    intervals.add(new int[] {whole[0], middle});
    return new int[] {middle, whole[1]};
  }

  @Example
  void shouldKeepNothingOfWhatWasRemoved() {
    IntervalCounts counts = new IntervalCounts();
    for (int i = 0; i < 1_000; i++) {
      counts.add(i, i + 500, (start, end) -> {});
    }
    for (int i = 0; i < 1_000; i++) {
      counts.remove(i, i + 500, (start, end) -> {});
    }
    List<Integer> told = new ArrayList<>();
    counts.forEachNotHeld(0, 2_000, (start, end) -> told.addAll(List.of(start, end)));
    assertThat(told).containsExactly(0, 2_000);
    assertThat(counts.stretches()).isEqualTo(1);
  }
}
