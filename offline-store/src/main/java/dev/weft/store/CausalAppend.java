package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.EventId;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an append adds to a log: the changes that it does not have yet, checked to be in causal
 * order, and the version that it then has. For who implements {@link ChangeStore}. Immutable.
 *
 * @param fresh the changes to store, in order; one of which the log has the beginning goes on where
 *     that ends, so that changes in a log never overlap
 * @param after the version once they are stored
 */
public record CausalAppend(List<Change> fresh, VersionVector after) {

  /**
   * Compares changes with what a log has. O(changes + dependencies + replicas).
   *
   * @throws IllegalArgumentException if a change needs what is neither there nor before it
   */
  public static CausalAppend of(DocumentId document, VersionVector before, List<Change> changes) {
    // Beside the vector rather than in it: an immutable vector for every change would make a long
    // append of many replicas quadratic.
    Map<ReplicaId, Long> advanced = new HashMap<>();
    List<Change> fresh = new ArrayList<>(changes.size());
    for (Change change : changes) {
      ReplicaId replica = change.replica();
      long next = next(replica, before, advanced);
      if (change.end() <= next) {
        continue;
      }
      if (change.start() > next) {
        throw missing(document, change, new EventId(replica, change.start() - 1));
      }
      for (EventId dependency : change.dependencies()) {
        if (dependency.sequence() >= next(dependency.replica(), before, advanced)) {
          throw missing(document, change, dependency);
        }
      }
      fresh.add(change.start() < next ? change.since(VersionVector.of(replica, next)) : change);
      advanced.put(replica, change.end());
    }
    if (fresh.isEmpty()) {
      return new CausalAppend(List.of(), before);
    }
    VersionVector.Builder after = before.toBuilder();
    advanced.forEach(after::advance);
    return new CausalAppend(fresh, after.build());
  }

  private static long next(ReplicaId replica, VersionVector before, Map<ReplicaId, Long> advanced) {
    Long next = advanced.get(replica);
    return next == null ? before.next(replica) : next;
  }

  private static IllegalArgumentException missing(
      DocumentId document, Change change, EventId event) {
    return new IllegalArgumentException(
        "changes must be appended in causal order, document="
            + document
            + " change="
            + new EventId(change.replica(), change.start())
            + " missing="
            + event);
  }
}
