package dev.weft.crdt;

import java.util.Arrays;

/**
 * On which versions the runs of a history were made, worked out from the first on and kept as long
 * as others need them. O(runs times replicas) in time, O(runs that others still depend on times
 * replicas) in memory. Not thread-safe.
 */
final class RunVersions {
  private static final int[] NOTHING = {};

  private final CausalHistory history;
  // By run: each replica's next sequence number in what the author had seen, its own included;
  // replicas beyond the end had done nothing.
  private final int[][] before;
  private int known;
  // By run: the last one that was made on it.
  private final int[] lastUser;

  RunVersions(CausalHistory history) {
    this.history = history;
    before = new int[history.runCount()][];
    lastUser = new int[before.length];
    for (int run = history.runsOfBase(); run < before.length; run++) {
      for (int used : usedBy(run)) {
        lastUser[used] = run;
      }
    }
    // Whoever saw the last of these had seen all of them.
    int[] all = new int[history.runsOfBase()];
    Arrays.setAll(all, history::baseNext);
    while (known < history.runsOfBase()) {
      before[known++] = all;
    }
  }

  /**
   * Returns each replica's next sequence number when a run was begun, for replicas below the
   * array's length; not to be changed.
   */
  int[] before(int run) {
    while (known <= run) {
      before[known] = find(known);
      known++;
    }
    return before[run];
  }

  /** Returns the heads of what had been seen when a run was begun. */
  int[] parents(int run) {
    int from = history.dependenciesStart(run);
    int to = history.dependenciesEnd(run);
    int replica = history.runReplica(run);
    int sequence = history.runSequence(run);
    boolean ownIsHead = sequence > 0;
    for (int i = from; i < to && ownIsHead; i++) {
      int[] seen = before(history.runAt(history.dependency(i)));
      ownIsHead = replica >= seen.length || seen[replica] < sequence;
    }
    int[] parents = new int[to - from + (ownIsHead ? 1 : 0)];
    for (int i = from; i < to; i++) {
      parents[i - from] = history.dependency(i);
    }
    if (ownIsHead) {
      parents[to - from] = history.event(replica, sequence - 1);
    }
    return parents;
  }

  /** Forgets what nobody needs after a run, all those before having been released. */
  void release(int run) {
    for (int used : usedBy(run)) {
      if (lastUser[used] == run) {
        before[used] = null;
      }
    }
    if (lastUser[run] == 0) {
      before[run] = null;
    }
  }

  /** Returns the runs on which a run was made directly. */
  private int[] usedBy(int run) {
    int from = history.dependenciesStart(run);
    int sequence = history.runSequence(run);
    int[] used = new int[history.dependenciesEnd(run) - from + (sequence > 0 ? 1 : 0)];
    for (int i = from; i < history.dependenciesEnd(run); i++) {
      used[i - from] = history.runAt(history.dependency(i));
    }
    if (sequence > 0) {
      used[used.length - 1] = history.runOf(history.runReplica(run), sequence - 1);
    }
    return used;
  }

  private int[] find(int run) {
    int[] version = NOTHING;
    int sequence = history.runSequence(run);
    if (sequence > 0) {
      int own = history.runReplica(run);
      version = merged(version, history.runOf(own, sequence - 1), sequence);
    }
    for (int i = history.dependenciesStart(run); i < history.dependenciesEnd(run); i++) {
      int event = history.dependency(i);
      int on = history.runAt(event);
      int next = history.sequenceOf(event, on) + 1;
      version = merged(version, on, next);
    }
    return version;
  }

  /** Returns a version with what is seen by who has seen some of a run. */
  private int[] merged(int[] version, int run, int next) {
    int[] other = before[run];
    int replica = history.runReplica(run);
    int size = Math.max(replica + 1, Math.max(version.length, other.length));
    int[] all = Arrays.copyOf(version, size);
    for (int i = 0; i < other.length; i++) {
      all[i] = Math.max(all[i], other[i]);
    }
    all[replica] = Math.max(all[replica], next);
    return all;
  }
}
