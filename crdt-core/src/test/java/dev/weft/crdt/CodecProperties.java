package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.CheckedReplica.Update;
import dev.weft.crdt.Histories.Action;
import dev.weft.crdt.Histories.History;
import dev.weft.crdt.fixture.NaiveDocument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** What is written can be read, says the same, and holds what was asked for and no more. */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
class CodecProperties {

  @Property
  void shouldReadBackEveryChange(@ForAll History history) throws MalformedUpdateException {
    TextDocument document = history.runAndSettle().replica(0).document();
    List<Change> changes = Change.parse(document.changesSince(VersionVector.EMPTY));

    List<Change> combined = Change.parse(Change.combine(changes));
    assertSame(combined, changes);
    List<Change> single = new ArrayList<>();
    for (Change change : changes) {
      single.addAll(Change.parse(change.toBytes()));
    }
    assertSame(single, changes);
    assertSame(Change.parse(document.snapshot()), changes);
  }

  @Property
  void shouldWriteChangesInCausalOrder(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    Session session = history.runAndSettle();
    for (CheckedReplica replica : session.replicas()) {
      VersionVector seen = someVersion(replica, random);
      VersionVector reached = seen;
      for (Change change : Change.parse(replica.document().changesSince(seen))) {
        assertThat(change.isReady(reached)).as("%s is ready", change).isTrue();
        assertThat(change.end()).isGreaterThan(change.start());
        assertThat(change.start()).isGreaterThanOrEqualTo(seen.next(change.replica()));
        reached = reached.merge(VersionVector.of(change.replica(), change.end()));
      }
      assertThat(reached).isEqualTo(replica.version());
    }
  }

  @Property
  void shouldHoldExactlyWhatAVectorLacks(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    CheckedReplica replica = history.run().replica(0);
    Set<EventId> lows = lowSurrogates(replica);
    VersionVector seen = anyVector(replica.version(), lows, random);

    assertHoldsExactly(replica.changesSince(seen));
    long next = replica.document().nextSequence();
    for (long sequence = 0; sequence <= next; sequence += 1 + next / 8) {
      if (!lows.contains(new EventId(replica.document().replica(), sequence))) {
        assertHoldsExactly(replica.ownChangesSince(sequence));
      }
    }
    assertHoldsExactly(replica.ownChangesSince(next));
  }

  @Property
  void shouldLeaveOffWhatAVectorHasOfAChange(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    CheckedReplica replica = history.run().replica(0);
    Set<EventId> lows = lowSurrogates(replica);
    VersionVector seen = anyVector(replica.version(), lows, new Random(seed));
    List<Change> rest = new ArrayList<>();
    for (Change change : Change.parse(replica.document().snapshot())) {
      assertThat(change.isKnown(seen)).isEqualTo(change.end() <= seen.next(change.replica()));
      assertThat(change.sizeInBytes()).isEqualTo(change.toBytes().length);
      if (!change.isKnown(seen)) {
        rest.add(change.since(seen));
      }
    }

    assertSame(rest, Change.parse(replica.document().changesSince(seen)));
  }

  @Property
  void shouldCatchUpFromAnyVersionOnce(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    CheckedReplica settled = history.runAndSettle().replica(0);
    TextDocument behind = atSomeVersion(settled, history.nodeCapacity(), random);

    ApplyResult result = behind.apply(settled.document().changesSince(behind.version()));

    assertThat(result.isComplete()).isTrue();
    behind.checkInvariants();
    assertThat(behind.version()).isEqualTo(settled.version());
    assertThat(behind.text()).isEqualTo(settled.text());
  }

  /** The loaded one is compared with the naive document through further edits. */
  @Property
  void shouldGoOnAsTheOriginalWhenLoadedFromASnapshot(
      @ForAll History history,
      @ForAll History further,
      @ForAll boolean apply,
      @ForAll @IntRange(max = 3) int number)
      throws MalformedUpdateException {
    Session session = history.run();
    session.replica(number).restart(apply);
    for (Action action : further.actions()) {
      session.perform(action);
    }
    session.settle();
  }

  @Property
  void shouldLoadWhatASnapshotHolds(@ForAll History history) throws MalformedUpdateException {
    TextDocument original = history.run().replica(0).document();
    byte[] snapshot = original.snapshot();

    TextDocument loaded = TextDocument.load(new ReplicaId(42), snapshot);

    loaded.checkInvariants();
    assertThat(original.snapshot()).as("written twice").isEqualTo(snapshot);
    assertThat(TextDocument.readText(snapshot)).isEqualTo(original.text());
    assertThat(loaded.replica()).isEqualTo(new ReplicaId(42));
    assertThat(loaded.nextSequence()).isZero();
    assertThat(loaded.text()).isEqualTo(original.text());
    assertThat(loaded.version()).isEqualTo(original.version());
    TextDocument again = TextDocument.load(original.replica(), loaded.snapshot());
    again.checkInvariants();
    assertThat(again.text()).isEqualTo(original.text());
    assertThat(again.version()).isEqualTo(original.version());
    assertThat(again.nextSequence()).isEqualTo(original.nextSequence());
    assertSame(
        Change.parse(again.changesSince(VersionVector.EMPTY)),
        Change.parse(original.changesSince(VersionVector.EMPTY)));
  }

  @Property
  void shouldSliceTheTextAsAStringDoes(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    TextDocument document = history.run().replica(0).document();
    String text = document.text();
    for (int i = 0; i < 20; i++) {
      int start = random.nextInt(text.length() + 1);
      int end = start + random.nextInt(text.length() - start + 1);
      assertThat(document.text(start, end)).isEqualTo(text.substring(start, end));
    }
    for (int i = 0; i < text.length(); i++) {
      assertThat(document.charAt(i)).isEqualTo(text.charAt(i));
    }
  }

  private static void assertHoldsExactly(Update update) throws MalformedUpdateException {
    Set<EventId> expected = new HashSet<>();
    for (NaiveDocument.Operation operation : update.operations()) {
      expected.add(operation.id());
    }
    List<EventId> actual = new ArrayList<>();
    for (Change change : Change.parse(update.bytes())) {
      for (long sequence = change.start(); sequence < change.end(); sequence++) {
        actual.add(new EventId(change.replica(), sequence));
      }
    }
    assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static void assertSame(List<Change> actual, List<Change> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).replica()).isEqualTo(expected.get(i).replica());
      assertThat(actual.get(i).start()).isEqualTo(expected.get(i).start());
      assertThat(actual.get(i).end()).isEqualTo(expected.get(i).end());
      assertThat(actual.get(i).dependencies()).isEqualTo(expected.get(i).dependencies());
      assertThat(actual.get(i).toBytes()).isEqualTo(expected.get(i).toBytes());
    }
  }

  private static TextDocument atSomeVersion(CheckedReplica from, int nodeCapacity, Random random)
      throws MalformedUpdateException {
    List<Change> changes = Change.parse(from.document().snapshot());
    TextDocument document = TextDocument.create(new ReplicaId(42), Limits.DEFAULT, nodeCapacity);
    document.apply(Change.combine(changes.subList(0, random.nextInt(changes.size() + 1))));
    return document;
  }

  private static VersionVector someVersion(CheckedReplica from, Random random)
      throws MalformedUpdateException {
    return atSomeVersion(from, 4, random).version();
  }

  /** Returns a vector that may fall within changes, lie ahead, or name replicas nobody knows. */
  private static VersionVector anyVector(
      VersionVector version, Set<EventId> lowSurrogates, Random random) {
    VersionVector.Builder vector = new VersionVector.Builder();
    vector.advance(new ReplicaId(43), random.nextInt(3));
    for (ReplicaId replica : version.replicas()) {
      long next = random.nextInt((int) version.next(replica) + 3);
      boolean splitsPair = lowSurrogates.contains(new EventId(replica, next));
      vector.advance(replica, splitsPair ? next - 1 : next);
    }
    return vector.build();
  }

  /** Returns the second halves of surrogate pairs: no replica has seen but one half of a pair. */
  private static Set<EventId> lowSurrogates(CheckedReplica replica) {
    Set<EventId> lows = new HashSet<>();
    for (NaiveDocument.Operation operation : replica.naive().operationsSince(VersionVector.EMPTY)) {
      if (operation instanceof NaiveDocument.Insert insert
          && Character.isLowSurrogate(insert.unit())) {
        lows.add(insert.id());
      }
    }
    return lows;
  }
}
