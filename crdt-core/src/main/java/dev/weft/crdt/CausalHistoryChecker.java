package dev.weft.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Checks the invariants of a {@link CausalHistory}, for tests. */
final class CausalHistoryChecker {
  private final CausalHistory history;

  CausalHistoryChecker(CausalHistory history) {
    this.history = history;
  }

  void check() {
    @Nullable HistoryBase base = history.base();
    int[] next = new int[history.replicaCount()];
    int[] last = new int[history.replicaCount()];
    Arrays.fill(last, OperationLog.NONE);
    int start = 0;
    int lastReplica = -1;
    boolean[] hasSuccessor = new boolean[history.eventCount()];
    for (int run = 0; run < history.runCount(); run++) {
      Contents.check(
          history.runStart(run) == start && history.runEnd(run) > start, "I1: run " + run);
      int replica = history.runReplica(run);
      Contents.check(history.runSequence(run) == next[replica], "I2: run " + run);
      int from = history.dependenciesStart(run);
      int to = history.dependenciesEnd(run);
      Contents.check(
          replica != lastReplica || to > from || run == history.runsOfBase(), "I3: run " + run);
      for (int i = from; i < to; i++) {
        Contents.check(history.dependency(i) < start, "I4: run " + run);
        hasSuccessor[history.dependency(i)] = true;
      }
      if (next[replica] > 0) {
        hasSuccessor[history.event(replica, next[replica] - 1)] = true;
      }
      for (int event = start; event < history.runEnd(run) - 1; event++) {
        hasSuccessor[event] = true;
      }
      next[replica] += history.runEnd(run) - start;
      last[replica] = history.runEnd(run) - 1;
      start = history.runEnd(run);
      lastReplica = replica;
    }
    if (base != null) {
      // All later events come after all of the base.
      Arrays.fill(hasSuccessor, 0, base.eventCount(), true);
      hasSuccessor[base.head()] = history.eventCount() > base.eventCount();
    }
    Contents.check(start == history.eventCount(), "I1: the last run ends at " + start);
    int openEnds = 0;
    for (boolean succeeded : hasSuccessor) {
      openEnds += succeeded ? 0 : 1;
    }
    Contents.check(
        openEnds == history.heads().length,
        "I5: " + openEnds + " heads, kept " + history.heads().length);
    for (int head : history.heads()) {
      Contents.check(!hasSuccessor[head], "I5: event " + head + " is no head");
    }
    for (int replica = 0; replica < history.replicaCount(); replica++) {
      Contents.check(next[replica] == history.next(replica), "I2: replica " + replica);
      Contents.check(
          last[replica] < 0 || last[replica] == history.event(replica, next[replica] - 1),
          "I2: last of replica " + replica);
    }
  }
}
