package dev.weft.crdt;

/**
 * Finds where everybody had met: a version that all later events come after, so that nothing
 * concurrent to what is before it is behind it. "Critical" is what Gentle and Kleppmann call it
 * ("Collaborative Text Editing with Eg-walker", EuroSys 2025). Stateless.
 */
final class CriticalVersion {
  private CriticalVersion() {}

  /**
   * Returns the most events, in order of arrival, that {@code stable} includes and that all later
   * ones come after: a critical version, of which only one is a head. No fewer than this history
   * begins with. O(runs).
   */
  static int within(CausalHistory history, VersionVector stable) {
    int[] leastParents = leastParents(history);
    CausalHeads open = new CausalHeads();
    int[] lasts = new int[history.replicaCount()];
    int best = history.eventsOfBase();
    for (int run = 0; run < history.runCount(); run++) {
      int replica = history.runReplica(run);
      if (run >= history.runsOfBase()) {
        for (int i = history.dependenciesStart(run); i < history.dependenciesEnd(run); i++) {
          int on = history.runReplica(history.runAt(history.dependency(i)));
          if (lasts[on] == history.dependency(i)) {
            open.remove(on);
          }
        }
        open.add(replica);
      } else if (run == history.runsOfBase() - 1) {
        open.add(history.runReplica(history.runAt(history.headOf(history.eventsOfBase()))));
      }
      int within =
          (int) (stable.next(new ReplicaId(history.replicaId(replica))) - history.runSequence(run));
      int end = Math.min(history.runEnd(run), history.runStart(run) + Math.max(0, within));
      int most = Math.min(end, leastParents[run + 1] + 1);
      if (open.size() == 1 && run >= history.runsOfBase() && most > history.runStart(run)) {
        best = most;
      }
      if (end < history.runEnd(run)) {
        break;
      }
      lasts[replica] = end - 1;
    }
    return best;
  }

  /**
   * Returns for each run, and the end, the least parent of those runs from it on: the replica's own
   * event before counts only where it is the only one, as others come after it.
   */
  private static int[] leastParents(CausalHistory history) {
    int[] least = new int[history.runCount() + 1];
    least[history.runCount()] = Integer.MAX_VALUE - 1;
    for (int run = history.runCount() - 1; run >= 0; run--) {
      int sequence = history.runSequence(run);
      int from = history.dependenciesStart(run);
      int parent = sequence == 0 ? -1 : history.event(history.runReplica(run), sequence - 1);
      for (int i = from; i < history.dependenciesEnd(run); i++) {
        parent = i == from ? history.dependency(i) : Math.min(parent, history.dependency(i));
      }
      least[run] = Math.min(least[run + 1], parent);
    }
    return least;
  }
}
