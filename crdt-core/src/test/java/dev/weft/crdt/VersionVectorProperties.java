package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weft.crdt.VersionVector.Order;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Version vectors form a lattice under {@code merge} and {@code intersect}, and can be written. */
class VersionVectorProperties {

  /** Few replicas and small numbers, so that any two vectors have much in common. */
  @Provide
  Arbitrary<VersionVector> vectors() {
    Arbitrary<ReplicaId> replicas =
        Arbitraries.of(0L, 1L, Long.MAX_VALUE, Long.MIN_VALUE, -1L).map(ReplicaId::new);
    Arbitrary<Long> nexts = Arbitraries.longs().between(0, 4);
    return Combinators.combine(replicas, nexts)
        .as(VersionVector::of)
        .list()
        .ofMaxSize(5)
        .map(parts -> parts.stream().reduce(VersionVector.EMPTY, VersionVector::merge));
  }

  @Property
  void shouldMergeToTheLeastThatIncludesBoth(
      @ForAll("vectors") VersionVector a,
      @ForAll("vectors") VersionVector b,
      @ForAll("vectors") VersionVector c) {
    VersionVector merged = a.merge(b);

    assertThat(merged).isEqualTo(b.merge(a)).hasSameHashCodeAs(b.merge(a));
    assertThat(a.merge(a)).isEqualTo(a);
    assertThat(a.merge(b.merge(c))).isEqualTo(merged.merge(c));
    assertThat(merged.includes(a)).isTrue();
    assertThat(merged.includes(b)).isTrue();
    if (c.includes(a) && c.includes(b)) {
      assertThat(c.includes(merged)).isTrue();
    }
  }

  @Property
  void shouldIntersectToTheGreatestThatBothInclude(
      @ForAll("vectors") VersionVector a,
      @ForAll("vectors") VersionVector b,
      @ForAll("vectors") VersionVector c) {
    VersionVector common = a.intersect(b);

    assertThat(common).isEqualTo(b.intersect(a));
    assertThat(a.intersect(a)).isEqualTo(a);
    assertThat(a.intersect(a.merge(b))).isEqualTo(a);
    assertThat(a.merge(common)).isEqualTo(a);
    assertThat(a.includes(common)).isTrue();
    assertThat(b.includes(common)).isTrue();
    if (a.includes(c) && b.includes(c)) {
      assertThat(common.includes(c)).isTrue();
    }
  }

  @Property
  void shouldCompareByWhatEachHasSeen(
      @ForAll("vectors") VersionVector a, @ForAll("vectors") VersionVector b) {
    boolean aHasMore = a.eventsSince(b) > 0;
    boolean bHasMore = b.eventsSince(a) > 0;
    Order expected =
        aHasMore && bHasMore
            ? Order.CONCURRENT
            : aHasMore ? Order.AFTER : bHasMore ? Order.BEFORE : Order.EQUAL;

    assertThat(a.compare(b)).isEqualTo(expected);
    assertThat(a.equals(b)).isEqualTo(expected == Order.EQUAL);
    assertThat(a.includes(b)).isEqualTo(!bHasMore);
  }

  @Property
  void shouldCountTheEventsThatTheOtherLacks(
      @ForAll("vectors") VersionVector a, @ForAll("vectors") VersionVector b) {
    long events = 0;
    for (ReplicaId replica : a.replicas()) {
      for (long sequence = 0; sequence < a.next(replica); sequence++) {
        events += b.includes(new EventId(replica, sequence)) ? 0 : 1;
      }
    }

    assertThat(a.eventsSince(b)).isEqualTo(events);
    assertThat(a.merge(b).eventsSince(b)).isEqualTo(events);
  }

  @Property
  void shouldTellTheEventsThatTheOtherLacks(
      @ForAll("vectors") VersionVector a, @ForAll("vectors") VersionVector b) {
    List<EventRange> ranges = a.subtract(b);
    long events = 0;
    VersionVector filled = b;
    for (EventRange range : ranges) {
      assertThat(range.start()).isEqualTo(b.next(range.replica()));
      events += range.end() - range.start();
      filled = filled.merge(VersionVector.of(range.replica(), range.end()));
    }
    assertThat(events).isEqualTo(a.eventsSince(b));
    assertThat(filled).isEqualTo(a.merge(b));
    assertThat(ranges.stream().map(EventRange::replica)).isSorted().doesNotHaveDuplicates();
  }

  @Property
  void shouldBeStableUpToWhatAllHaveSeen(
      @ForAll("vectors") VersionVector a,
      @ForAll("vectors") VersionVector b,
      @ForAll("vectors") VersionVector c) {
    VersionVector stable = VersionVector.causallyStable(List.of(a, b, c));
    for (VersionVector each : List.of(a, b, c)) {
      assertThat(each.includes(stable)).isTrue();
    }
    assertThat(stable).isEqualTo(a.intersect(b).intersect(c));
    assertThatIllegalArgumentException().isThrownBy(() -> VersionVector.causallyStable(List.of()));
  }

  @Property
  void shouldReadWhatItWrote(@ForAll("vectors") VersionVector vector)
      throws MalformedUpdateException {
    assertThat(VersionVector.parse(vector.toBytes())).isEqualTo(vector);
    assertThat(VersionVector.parse(vector.toString())).isEqualTo(vector);
    assertThat(vector.toBuilder().build()).isEqualTo(vector);
  }

  @Property
  void shouldListReplicasInAscendingUnsignedOrder(@ForAll("vectors") VersionVector vector) {
    assertThat(vector.replicas()).isSorted().doesNotHaveDuplicates().hasSize(vector.size());
    assertThat(vector.replicas()).allMatch(replica -> vector.next(replica) > 0);
    assertThat(vector.isEmpty()).isEqualTo(vector.equals(VersionVector.EMPTY));
  }
}
