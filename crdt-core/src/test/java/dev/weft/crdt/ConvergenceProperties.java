package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.CheckedReplica.Update;
import dev.weft.crdt.Histories.Action;
import dev.weft.crdt.Histories.History;
import dev.weft.crdt.Histories.Replacement;
import dev.weft.crdt.fixture.NaiveDocument;
import dev.weft.crdt.fixture.PublishedScan;
import dev.weft.crdt.fixture.SimulatedNetwork;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/**
 * Replicas that have seen the same show the same, in whatever order and how often it reached them.
 */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
class ConvergenceProperties {

  @Property
  void shouldEqualTheNaiveDocumentAfterEveryStep(@ForAll History history)
      throws MalformedUpdateException {
    history.runAndSettle();
  }

  @Property
  void shouldReachTheOrderOfThePublishedScan(@ForAll History history)
      throws MalformedUpdateException {
    NaiveDocument settled = history.runAndSettle().replica(0).naive();
    PublishedScan scan = new PublishedScan();
    for (NaiveDocument.Operation operation : settled.operationsSince(VersionVector.EMPTY)) {
      if (operation instanceof NaiveDocument.Insert insert) {
        scan.add(insert);
      }
    }
    assertThat(settled.order()).isEqualTo(scan.order());
  }

  @Property
  void shouldChangeNothingWhenAnUpdateArrivesAgain(@ForAll History history)
      throws MalformedUpdateException {
    Session session = history.runAndSettle();
    for (CheckedReplica from : session.replicas()) {
      for (CheckedReplica to : session.replicas()) {
        to.receiveAgain(from.ownChangesSince(0));
        to.receiveAgain(from.changesSince(VersionVector.EMPTY));
      }
    }
  }

  @Property
  void shouldReachTheSameTextInAnyOrderOfChanges(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    CheckedReplica settled = history.runAndSettle().replica(0);
    List<Change> changes = new ArrayList<>(Change.parse(settled.document().snapshot()));
    Collections.shuffle(changes, random);

    TextDocument document =
        TextDocument.create(new ReplicaId(42), Limits.DEFAULT, history.nodeCapacity());
    for (Change change : changes) {
      document.apply(change.toBytes());
      document.checkInvariants();
    }

    assertThat(document.text()).isEqualTo(settled.text());
    assertThat(document.version()).isEqualTo(settled.version());
  }

  @Property
  void shouldReachTheSameTextWhenUpdatesAreCombined(@ForAll History history)
      throws MalformedUpdateException {
    Session session = history.run();
    CheckedReplica reader = new CheckedReplica(new ReplicaId(42), history.nodeCapacity());
    Update all = session.replica(0).changesSince(VersionVector.EMPTY);
    for (CheckedReplica replica : session.replicas()) {
      all = replica.changesSince(VersionVector.EMPTY).and(all);
    }

    reader.receive(all);
    session.settle();

    assertThat(reader.version()).isEqualTo(session.replica(0).version());
    assertThat(reader.text()).isEqualTo(session.replica(0).text());
  }

  /** Longer than the generated histories, and typed as people type; replayed by its seed. */
  @Property(shrinking = ShrinkingMode.OFF)
  void shouldConvergeOverAFaultyNetwork(@ForAll long seed) throws MalformedUpdateException {
    Random random = new Random(seed);
    int replicas = 2 + random.nextInt(4);
    List<ReplicaId> ids =
        IntStream.range(0, replicas).mapToObj(i -> ReplicaId.random(random)).toList();
    Session session = new Session(ids, 4 + random.nextInt(4));
    SimulatedNetwork<Update> network =
        new SimulatedNetwork<>(
            random,
            replicas,
            new SimulatedNetwork.Faults(random.nextInt(40), 0.2, 0.2),
            (from, to, update) -> session.replica(to).receive(update));

    for (int i = 0; i < 80; i++) {
      int number = random.nextInt(replicas);
      CheckedReplica replica = session.replica(number);
      int near = replica.text().isEmpty() ? 0 : random.nextInt(replica.text().length() + 1);
      switch (random.nextInt(4)) {
        case 0 ->
            session.perform(new Action.Type(number, near, word(random), random.nextBoolean()));
        case 1 -> Session.edit(replica, new Replacement(near, 1 + random.nextInt(4), ""));
        case 2 -> Session.edit(replica, new Replacement(near, random.nextInt(3), word(random)));
        default -> {
          for (int steps = random.nextInt(6); steps > 0; steps--) {
            network.step();
          }
        }
      }
      if (random.nextInt(3) == 0) {
        network.broadcast(number, session.takeUnsent(number));
      }
    }
    for (int number = 0; number < replicas; number++) {
      network.broadcast(number, session.takeUnsent(number));
    }
    network.drain();

    session.requireEqual();
  }

  private static String word(Random random) {
    String[] words = {"a", "be", "the", "\n", "weft", "\uD83E\uDDF5", "shuttle and loom "};
    return words[random.nextInt(words.length)];
  }
}
