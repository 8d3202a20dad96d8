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

  /** Requires that what both have of a replica is the same. */
  static void requireOneHistory(Contents a, Contents b) {
    for (int replica = 0; replica < a.history.replicaCount(); replica++) {
      int other = b.history.findReplica(a.history.replicaId(replica));
      if (other < 0) {
        continue;
      }
      int both = Math.min(a.history.next(replica), b.history.next(other));
      int known = Math.max(a.history.baseNext(replica), b.history.baseNext(other));
      if (both >= known
          && a.logged.digests().of(replica, both) != b.logged.digests().of(other, both)) {
        throw new IllegalArgumentException(
            "the other document cannot be merged: replica "
                + new ReplicaId(a.history.replicaId(replica))
                + " wrote another history there; see rebase");
      }
    }
  }

  /** Finds how many first events are the same: where those are, so are all before. */
  private static int common(Contents a, int replicaOfA, Contents b, int replicaOfB) {
    EventDigests digestsOfA = a.logged.digests();
    EventDigests digestsOfB = b.logged.digests();
    int high = Math.min(a.history.next(replicaOfA), b.history.next(replicaOfB));
    int low = Math.max(a.history.baseNext(replicaOfA), b.history.baseNext(replicaOfB));
    if (high < low) {
      // What came before the history of one begins has no digest; see Rebase.
      return high;
    }
    if (digestsOfA.of(replicaOfA, low) != digestsOfB.of(replicaOfB, low)) {
      throw beforeTheHistory(a.history.replicaId(replicaOfA));
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
    // Both may go on with pairs of the same first half.
    return partsPair(a, replicaOfA, low) || partsPair(b, replicaOfB, low) ? low - 1 : low;
  }

  private static boolean partsPair(Contents contents, int replica, int sequence) {
    return sequence < contents.history.next(replica)
        && sequence > contents.history.baseNext(replica)
        && contents.logged.partsPair(contents.history.event(replica, sequence));
  }

  /** Says that two histories of a replica part where one document knows nothing any more. */
  static IllegalArgumentException beforeTheHistory(long replica) {
    return new IllegalArgumentException(
        "replica "
            + new ReplicaId(replica)
            + " has two histories that part before the history of one of the documents begins:"
            + " what they share cannot be told, a whole snapshot is needed");
  }
}
