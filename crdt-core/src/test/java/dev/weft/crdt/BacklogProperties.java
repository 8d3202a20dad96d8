package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Histories.History;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Changes that arrive before what they were made on wait, are bounded, and are told of. */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
class BacklogProperties {
  private static final ReplicaId READER = new ReplicaId(42);

  @Property
  void shouldTellAtEachStepWhatWaitsAndForWhat(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    CheckedReplica settled = history.runAndSettle().replica(0);
    List<Change> toCome = shuffledChanges(settled, random);
    TextDocument document = TextDocument.create(READER, Limits.DEFAULT, history.nodeCapacity());

    List<Change> waiting = new ArrayList<>();
    for (Change change : toCome) {
      VersionVector before = document.version();
      ApplyResult result = document.apply(change.toBytes());

      waiting.add(change);
      VersionVector expected = performReady(waiting, before);
      assertThat(document.version()).isEqualTo(expected);
      assertThat(result.applied()).isEqualTo(expected.eventsSince(before));
      assertThat(result.waiting()).isEqualTo(waiting.size());
      assertThat(result.isComplete()).isEqualTo(waiting.isEmpty());
      assertThat(result.missing().isEmpty()).isEqualTo(waiting.isEmpty());
      assertThat(result.missing()).noneMatch(expected::includes);
      assertThat(result.missing()).allMatch(settled.version()::includes);
      assertThat(result.dropped()).isZero();
      assertThat(result.rejected()).isEmpty();
      document.checkInvariants();
    }

    assertThat(waiting).isEmpty();
    assertThat(document.text()).isEqualTo(settled.text());
  }

  @Property
  void shouldNotLetAChangeWaitTwice(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    List<Change> changes = shuffledChanges(history.runAndSettle().replica(0), random);
    TextDocument document = TextDocument.create(READER, Limits.DEFAULT, history.nodeCapacity());

    for (Change change : changes) {
      ApplyResult once = document.apply(change.toBytes());
      ApplyResult twice = document.apply(change.toBytes());

      assertThat(twice.applied()).isZero();
      assertThat(twice.waiting()).isEqualTo(once.waiting());
      assertThat(twice.missing()).containsExactlyInAnyOrderElementsOf(once.missing());
    }
  }

  @Property
  void shouldArriveWhenWhatIsMissingIsFetched(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    CheckedReplica settled = history.runAndSettle().replica(0);
    List<Change> changes = shuffledChanges(settled, random);
    TextDocument document = TextDocument.create(READER, Limits.DEFAULT, history.nodeCapacity());
    for (Change change : changes.subList(0, changes.size() / 2)) {
      document.apply(change.toBytes());
    }

    ApplyResult result = document.apply(settled.document().changesSince(document.version()));

    assertThat(result.isComplete()).isTrue();
    assertThat(document.version()).isEqualTo(settled.version());
    assertThat(document.text()).isEqualTo(settled.text());
  }

  @Property
  void shouldDropAndSaySoWhenTheBacklogIsFull(
      @ForAll History history, @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int bound)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    CheckedReplica settled = history.runAndSettle().replica(0);
    Limits limits = with(bound, Limits.DEFAULT.maxBacklogBytes());
    TextDocument document = TextDocument.create(READER, limits, history.nodeCapacity());

    boolean dropped = false;
    for (Change change : shuffledChanges(settled, random)) {
      VersionVector before = document.version();
      ApplyResult result = document.apply(change.toBytes());
      assertThat(result.waiting()).isLessThanOrEqualTo(bound);
      assertThat(result.dropped()).isBetween(0, 1);
      if (result.dropped() == 1) {
        assertThat(result.waiting()).isEqualTo(bound);
        assertThat(result.isComplete()).isFalse();
        assertThat(document.version()).isEqualTo(before);
      }
      dropped |= result.dropped() > 0;
      document.checkInvariants();
    }
    assertThat(document.version().equals(settled.version())).isEqualTo(!dropped);

    ApplyResult fetched = document.apply(settled.document().changesSince(document.version()));
    assertThat(fetched.isComplete()).isTrue();
    assertThat(document.text()).isEqualTo(settled.text());
  }

  @Property
  void shouldBoundTheBytesThatWait(
      @ForAll History history, @ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int bound)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    CheckedReplica settled = history.runAndSettle().replica(0);
    Limits limits = with(Limits.DEFAULT.maxBacklogChanges(), bound);
    TextDocument document = TextDocument.create(READER, limits, history.nodeCapacity());

    for (Change change : shuffledChanges(settled, random)) {
      ApplyResult result = document.apply(change.toBytes());
      assertThat(result.dropped()).isBetween(0, 1);
      // A waiting change weighs at least a byte for each event that names it.
      assertThat(result.waiting()).isLessThanOrEqualTo(bound);
    }

    ApplyResult fetched = document.apply(settled.document().changesSince(document.version()));
    assertThat(fetched.isComplete()).isTrue();
    assertThat(document.text()).isEqualTo(settled.text());
  }

  @Example
  void shouldTellOneMissingEventOfEachReplicaUpToABound() throws MalformedUpdateException {
    TextDocument document = TextDocument.create(READER);
    for (int author = 1; author <= Backlog.MOST_MISSING_TOLD + 1; author++) {
      TextDocument other = TextDocument.create(new ReplicaId(author));
      other.insert(0, "abc");
      document.apply(other.ownChangesSince(2));
      ApplyResult result = document.apply(other.ownChangesSince(1));

      assertThat(result.waiting()).isEqualTo(2 * author);
      assertThat(result.missing()).hasSize(Math.min(author, Backlog.MOST_MISSING_TOLD));
      assertThat(result.missing()).allMatch(event -> event.sequence() == 0);
    }
  }

  private static Limits with(int maxBacklogChanges, int maxBacklogBytes) {
    Limits all = Limits.DEFAULT;
    return new Limits(
        all.maxUpdateBytes(),
        all.maxReplicas(),
        all.maxRuns(),
        all.maxUnits(),
        maxBacklogChanges,
        maxBacklogBytes);
  }

  private static List<Change> shuffledChanges(CheckedReplica from, Random random)
      throws MalformedUpdateException {
    List<Change> changes = new ArrayList<>(Change.parse(from.document().snapshot()));
    Collections.shuffle(changes, random);
    return changes;
  }

  /** Removes all that can be performed on {@code version}, in turn, and returns what results. */
  private static VersionVector performReady(List<Change> waiting, VersionVector version) {
    VersionVector reached = version;
    boolean progress = true;
    while (progress) {
      progress = false;
      for (int i = 0; i < waiting.size(); i++) {
        Change change = waiting.get(i);
        if (change.isReady(reached)) {
          waiting.remove(i);
          reached = reached.merge(VersionVector.of(change.replica(), change.end()));
          progress = true;
          break;
        }
      }
    }
    return reached;
  }
}
