package dev.weft.crdt;

/**
 * Which events two documents share: of each replica the first so many, told by their digests, so
 * that a replica under whose id each has other events counts up to where they part.
 */
final class CommonHistory {
  private CommonHistory() {}

  /** Returns how many events of each replica of {@code a} are in {@code b} too. */
  static int[] of(Contents a, Contents b) {
    int[] common = new int[a.history.replicaCount()];
    for (int replica = 0; replica < common.length; replica++) {
      int other = b.history.findReplica(a.history.replicaId(replica));
      common[replica] = other < 0 ? 0 : common(a, replica, b, other);
    }
    return common;
  }

  /** Finds how many first events are the same: where those are, so are all before. */
  private static int common(Contents a, int replicaOfA, Contents b, int replicaOfB) {
    EventDigests digestsOfA = a.logged.digests();
    EventDigests digestsOfB = b.logged.digests();
    int high = Math.min(a.history.next(replicaOfA), b.history.next(replicaOfB));
    int low = Math.max(a.history.baseNext(replicaOfA), b.history.baseNext(replicaOfB));
    if (high <= low) {
      // What came before the history of one begins cannot be compared.
      return high;
    }
    if (digestsOfA.of(replicaOfA, low) != digestsOfB.of(replicaOfB, low)) {
      return 0;
    }
    int mid = high;
    while (low < high) {
      if (digestsOfA.of(replicaOfA, mid) == digestsOfB.of(replicaOfB, mid)) {
        low = mid;
      } else {
        high = mid - 1;
      }
      mid = (low + high + 1) >>> 1;
    }
    return low;
  }
}
