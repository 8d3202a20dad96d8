package dev.weft.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class AncestryProperties {
  @Property(tries = 500)
  void shouldAgreeWithSetsOfAncestors(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 40) int count) {
    IntColumn parentStarts = new IntColumn();
    IntColumn parents = new IntColumn();
    BitSet[] histories = new BitSet[count];
    for (int transaction = 0; transaction < count; transaction++) {
      parentStarts.add(parents.size());
      BitSet history = new BitSet();
      int near = Math.max(0, transaction - 6);
      for (int i = random.nextInt(4); i > 0 && transaction > 0; i--) {
        int parent = near + random.nextInt(transaction - near);
        parents.add(parent);
        history.or(histories[parent]);
      }
      history.set(transaction);
      histories[transaction] = history;
    }
    parentStarts.add(parents.size());
    Ancestry ancestry = new Ancestry(graph(count, parentStarts, parents));

    int base = random.nextInt(count);
    int[] others = random.ints(random.nextInt(4), 0, count).toArray();
    BitSet expected = new BitSet();
    for (int other : others) {
      expected.or(histories[other]);
    }
    expected.andNot(histories[base]);

    assertThat(ancestry.beyond(base, others)).containsExactly(expected.stream().toArray());
    BitSet seen = (BitSet) histories[base].clone();
    assertThat(ancestry.takeUnseen(others, seen)).containsExactly(expected.stream().toArray());
    expected.or(histories[base]);
    assertThat(seen).isEqualTo(expected);
  }

  private static Trace graph(int count, IntColumn parentStarts, IntColumn parents) {
    return new Trace(
        "graph",
        Trace.Kind.EVENT_GRAPH,
        "",
        null,
        count,
        new int[count],
        parentStarts.toArray(),
        parents.toArray(),
        new int[count + 1],
        new Patches());
  }
}
