package dev.weft.relay;

import dev.weft.crdt.Change;
import dev.weft.crdt.EventId;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.util.HashMap;
import java.util.Map;

/**
 * A version vector on the move: what a document has once the changes noted here are applied. Beside
 * the vector rather than in it, since a new vector for each change would make many changes of many
 * replicas quadratic. Confined to one thread.
 */
final class Progress {
  private final VersionVector from;
  private final Map<ReplicaId, Long> advanced = new HashMap<>();

  Progress(VersionVector from) {
    this.from = from;
  }

  /** Returns whether all of the change is there. */
  boolean knows(Change change) {
    return change.end() <= next(change.replica());
  }

  /** Returns whether all that the change builds on is there. */
  boolean isReady(Change change) {
    if (change.start() > next(change.replica())) {
      return false;
    }
    for (EventId dependency : change.dependencies()) {
      if (dependency.sequence() >= next(dependency.replica())) {
        return false;
      }
    }
    return true;
  }

  /** Notes that the change is applied. */
  void note(Change change) {
    advanced.merge(change.replica(), change.end(), Math::max);
  }

  private long next(ReplicaId replica) {
    Long next = advanced.get(replica);
    return next == null ? from.next(replica) : Math.max(next, from.next(replica));
  }
}
