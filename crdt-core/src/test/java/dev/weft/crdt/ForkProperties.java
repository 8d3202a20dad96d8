package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Histories.Action;
import dev.weft.crdt.Histories.History;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/**
 * A fork behaves as a document loaded from a snapshot does, and the document it was taken from as
 * if there were no fork: that one is compared with the naive document all the while.
 */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
class ForkProperties {
  private static final ReplicaId FORK = new ReplicaId(42);

  @Property
  void shouldGoOnAsALoadedDocumentAndLeaveItsOriginAlone(
      @ForAll History history, @ForAll History further, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    Session session = history.run();
    CheckedReplica origin = session.replica(0);
    TextDocument fork = origin.document().fork(FORK);
    TextDocument loaded =
        TextDocument.load(
            FORK, origin.document().snapshot(), Limits.DEFAULT, history.nodeCapacity());

    for (Action action : further.actions()) {
      int index = Session.boundary(fork.text(), random.nextInt(fork.length() + 1));
      fork.insert(index, "!?");
      loaded.insert(index, "!?");
      session.perform(action);
      if (random.nextInt(4) == 0) {
        byte[] news = session.replica(random.nextInt(4)).document().changesSince(fork.version());
        assertThat(fork.apply(news)).isEqualTo(loaded.apply(news));
      }
      fork.checkInvariants();
      assertThat(fork.text()).isEqualTo(loaded.text());
      assertThat(fork.version()).isEqualTo(loaded.version());
    }

    session.settle();
    assertThat(fork.ownChangesSince(0)).isEqualTo(loaded.ownChangesSince(0));
    assertThat(fork.snapshot()).isEqualTo(loaded.snapshot());
  }
}
