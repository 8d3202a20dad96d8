package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Histories.History;
import dev.weft.crdt.SpanNode.Leaf;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** A tree that is filled at once is one into which the same events came one by one. */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
class SpanChainProperties {
  private static final EditRecorder NOTHING = new EditRecorder(new UnitText());

  @Property
  void shouldFillATreeWithAHistory(@ForAll History history, @ForAll @IntRange(max = 300) int steps)
      throws MalformedUpdateException {
    TextDocument document = history.runAndSettle().replica(0).document();
    Contents contents = new Contents(SpanTree.DEFAULT_NODE_CAPACITY);
    LogAppender appender = new LogAppender(contents, Limits.DEFAULT);
    for (Change change : Change.parse(document.changesSince(VersionVector.EMPTY))) {
      byte[] bytes = change.toBytes();
      ByteReader in = new ByteReader(bytes);
      BinaryFormat.open(in, Limits.DEFAULT.maxUpdateBytes());
      appender.begin(bytes.length);
      new UpdateReader().read(in, appender);
    }

    requireSameTree(contents.history, contents.log, history.nodeCapacity(), steps);
  }

  /** Origins that no author can have seen side by side. */
  @Property(tries = 3_000)
  void shouldFillATreeWhateverTheOriginsAre(
      @ForAll long seed, @ForAll @IntRange(max = 3_000) int steps) {
    Random random = new Random(seed);
    CausalHistory history = new CausalHistory();
    OperationLog log = new OperationLog();
    int near = 1 + random.nextInt(20);
    for (int i = random.nextInt(150); i >= 0; i--) {
      int count = 1 + random.nextInt(1 + random.nextInt(5));
      int replica = history.findOrAddReplica(random.nextInt(4));
      int units = log.unitCount();
      int delete =
          log.eventCount() == 0 ? 0 : log.operationOfEvent(random.nextInt(log.eventCount()));
      if (units > 0 && log.isDelete(delete) && random.nextInt(2) == 0) {
        int first =
            log.firstEvent(delete) + random.nextInt(log.endEvent(delete) - log.firstEvent(delete));
        count = Math.min(count, log.endEvent(delete) - first);
        int run = history.runAt(first);
        count = Math.min(count, history.runEnd(run) - first);
        int sequence = history.runSequence(run) + first - history.runStart(run);
        log.appendRestore(history.runReplica(run), sequence, count);
      } else if (units > 0 && random.nextInt(6) == 0) {
        int target = random.nextInt(units);
        count = Math.min(count, units - target);
        if (random.nextBoolean()) {
          log.appendForwardDelete(target, count);
        } else {
          log.appendBackwardDelete(target + count - 1, count);
        }
      } else {
        log.appendInsert(origin(random, units, near), origin(random, units, near), count);
      }
      history.appendRemote(replica, new int[0], new int[0], new int[0], 0, count);
    }

    requireSameTree(history, log, 4 + random.nextInt(30), steps);
  }

  private static int origin(Random random, int units, int near) {
    int back = random.nextInt(random.nextInt(3) == 0 ? units + 1 : Math.min(units + 1, near));
    return units - 1 - back;
  }

  private static void requireSameTree(
      CausalHistory history, OperationLog log, int nodeCapacity, int steps) {
    SpanTree filled = new SpanTree(nodeCapacity);
    SpanChain chain = new SpanChain(history, log, new DeletionCounts(history, log), steps);
    int done = chain.carryOut();
    filled.fill(chain);
    int event = done == log.size() ? log.eventCount() : log.firstEvent(done);
    new Integrator(history, log, filled).integrate(event, log.eventCount(), NOTHING);
    new SpanTreeChecker(filled, log).check();

    SpanTree grown = new SpanTree(nodeCapacity);
    Integrator integrator = new Integrator(history, log, grown);
    for (int each = 0; each < log.eventCount(); each++) {
      integrator.integrate(each, each + 1, NOTHING);
    }
    assertThat(order(filled)).isEqualTo(order(grown));
  }

  private static List<Integer> order(SpanTree tree) {
    List<Integer> units = new ArrayList<>();
    for (Leaf leaf = tree.firstLeaf(); leaf != null; leaf = leaf.next) {
      for (int span = 0; span < leaf.count; span++) {
        for (int unit = leaf.first(span); unit < leaf.end(span); unit++) {
          units.add(unit);
        }
      }
    }
    return units;
  }
}
