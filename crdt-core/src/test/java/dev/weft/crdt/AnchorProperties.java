package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Histories.Action;
import dev.weft.crdt.Histories.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.jspecify.annotations.Nullable;

/**
 * Anchors stay with their unit through whatever happens, and stand at one place on all replicas.
 */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
class AnchorProperties {

  /** An anchor, and the unit that it is to hold to; null at the start or the end. */
  private record Placed(Anchor anchor, @Nullable EventId unit) {}

  @Property
  void shouldStayWithTheirUnitOnAllReplicas(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    Session session = new Session(history.replicas(), history.nodeCapacity());
    List<Placed> all = new ArrayList<>();
    for (Action action : history.actions()) {
      session.perform(action);
      CheckedReplica replica = session.replica(random.nextInt(4));
      all.add(placed(replica, random));
      for (CheckedReplica each : session.replicas()) {
        requirePlaces(all, each);
      }
    }
    session.settle();
    for (Placed placed : all) {
      assertThat(session.replica(1).document().indexOf(placed.anchor))
          .isEqualTo(session.replica(0).document().indexOf(placed.anchor))
          .isPresent();
      assertThat(Anchor.parse(placed.anchor.toBytes())).isEqualTo(placed.anchor);
      assertThat(placed.anchor.toBytes().length).isLessThanOrEqualTo(14);
    }
  }

  private static Placed placed(CheckedReplica replica, Random random) {
    String text = replica.text();
    int index = Session.boundary(text, random.nextInt(text.length() + 1));
    Bias bias = random.nextBoolean() ? Bias.LEFT : Bias.RIGHT;
    Anchor anchor = replica.document().anchor(index, bias);
    assertThat(anchor.bias()).isEqualTo(bias);
    assertThat(replica.document().indexOf(anchor)).hasValue(index);
    boolean atEdge = index == (bias == Bias.LEFT ? 0 : text.length());
    if (atEdge) {
      return new Placed(anchor, null);
    }
    return new Placed(anchor, replica.naive().unitAt(bias == Bias.LEFT ? index - 1 : index));
  }

  private static void requirePlaces(List<Placed> all, CheckedReplica replica) {
    for (Placed placed : all) {
      boolean left = placed.anchor.bias() == Bias.LEFT;
      if (placed.unit == null) {
        assertThat(replica.document().indexOf(placed.anchor))
            .hasValue(left ? 0 : replica.text().length());
      } else if (replica.version().includes(placed.unit)) {
        assertThat(replica.document().indexOf(placed.anchor))
            .as("%s in %s", placed.anchor, replica.text())
            .hasValue(replica.naive().indexOf(placed.unit, left));
      } else {
        assertThat(replica.document().indexOf(placed.anchor)).isEmpty();
      }
    }
  }
}
