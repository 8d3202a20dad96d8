package dev.weft.crdt;

import dev.weft.crdt.Histories.History;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Changes that are well-formed and lie: about what they depend on, what they stand beside, what
 * they delete, and what their author did before. {@link HostileBytesProperties} damages bytes at
 * random; these get further.
 */
class HostileChangesProperties {
  private static final int MAX_SEQUENCE = 30;

  /** The name of an event, which may or may not be there; replicas are taken modulo. */
  record Reference(int replica, int sequence) {}

  /** One operation of a change. */
  sealed interface Operation {
    /** Inserts text; no reference is the start or the end. */
    record Insert(List<Reference> left, List<Reference> right, String text) implements Operation {}

    /** Deletes some units up or down from the target. */
    record Delete(Reference target, int count, boolean backward) implements Operation {}
  }

  /** A change that begins some events off the author's next one. */
  record Lie(int replica, int offset, List<Reference> dependencies, List<Operation> operations) {}

  @Provide
  Arbitrary<History> shortHistories() {
    return Histories.histories(12);
  }

  @Provide
  Arbitrary<List<Lie>> lies() {
    Arbitrary<Integer> replicas = Arbitraries.integers().between(0, 5);
    Arbitrary<Reference> references =
        Combinators.combine(replicas, Arbitraries.integers().between(0, MAX_SEQUENCE))
            .as(Reference::new);
    Arbitrary<List<Reference>> origins = references.list().ofMaxSize(1);
    Arbitrary<String> texts =
        Arbitraries.of("a", "bc", "\uD83E\uDDF5", "d\uD83E\uDDF6", "\uD83E\uDDF5\uD83E\uDDF6e");
    Arbitrary<Operation> inserts =
        Combinators.combine(origins, origins, texts).as(Operation.Insert::new);
    Arbitrary<Operation> deletes =
        Combinators.combine(
                references, Arbitraries.integers().between(1, 6), Arbitraries.of(false, true))
            .as(Operation.Delete::new);
    Arbitrary<List<Operation>> operations =
        Arbitraries.frequencyOf(Tuple.of(2, inserts), Tuple.of(1, deletes))
            .list()
            .ofMinSize(1)
            .ofMaxSize(3);
    Arbitrary<Integer> offsets =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.just(0)), Tuple.of(1, Arbitraries.integers().between(-3, 2)));
    Arbitrary<List<Reference>> dependencies =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(List.of())), Tuple.of(1, references.list().ofMaxSize(3)));
    return Combinators.combine(replicas, offsets, dependencies, operations)
        .as(Lie::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .withoutEdgeCases();
  }

  @Property
  void shouldRefuseChangesThatLieOrTakeThemIn(
      @ForAll("shortHistories") History history,
      @ForAll("lies") List<Lie> lies,
      @ForAll boolean together)
      throws MalformedUpdateException {
    CheckedReplica settled = history.runAndSettle().replica(0);
    List<ReplicaId> ids = new ArrayList<>(history.replicas());
    ids.add(new ReplicaId(77));
    TextDocument document =
        TextDocument.load(
            new ReplicaId(42),
            settled.document().snapshot(),
            Limits.DEFAULT,
            history.nodeCapacity());
    VersionVector version = document.version();
    List<Change> changes = new ArrayList<>();
    for (Lie lie : lies) {
      Change change = change(lie, ids, together ? version : document.version(), document);
      version = version.merge(VersionVector.of(change.replica(), change.end()));
      changes.add(change);
      if (!together) {
        HostileBytesProperties.requireRefusedOrApplied(change.toBytes(), document);
      }
    }
    if (together) {
      HostileBytesProperties.requireRefusedOrApplied(Change.combine(changes), document);
    }
  }

  private static Change change(
      Lie lie, List<ReplicaId> ids, VersionVector version, TextDocument document) {
    ReplicaId author = ids.get(lie.replica % ids.size());
    EventList dependencies = new EventList();
    for (Reference on : lie.dependencies) {
      ReplicaId id = new ReplicaId(bits(on, ids));
      dependencies.add(id.bits(), on.sequence, Digests.of(document, id, on.sequence + 1));
    }
    ChangeWriter writer = new ChangeWriter();
    int first = (int) Math.max(0, version.next(author) + lie.offset);
    int digest = Digests.of(document, author, first);
    writer.change(author.bits(), first, digest, dependencies, 0);
    for (Operation operation : lie.operations) {
      if (operation instanceof Operation.Insert insert) {
        writer.insert(
            insert.left.isEmpty() ? Names.none() : name(insert.left.get(0), ids),
            insert.right.isEmpty() ? Names.none() : name(insert.right.get(0), ids),
            insert.text.toCharArray(),
            0,
            insert.text.length(),
            0);
      } else if (operation instanceof Operation.Delete delete) {
        writer.delete(name(delete.target, ids), delete.count, delete.backward, 0);
      }
    }
    writer.endChange(0);
    return writer.toChange();
  }

  private static EventName name(Reference reference, List<ReplicaId> ids) {
    return Names.name(bits(reference, ids), reference.sequence);
  }

  private static long bits(Reference reference, List<ReplicaId> ids) {
    return ids.get(reference.replica % ids.size()).bits();
  }
}
