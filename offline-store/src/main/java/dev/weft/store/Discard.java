package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.EventId;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is left of a document when changes are taken out of it: all that does not build on them.
 * Immutable.
 *
 * @param version what is left
 * @param changes the changes that are left, in causal order
 */
record Discard(VersionVector version, List<Change> changes) {
  /**
   * Works out what is left. O(history).
   *
   * @param text the whole document
   * @param discarded the changes to be taken out
   */
  static Discard of(TextDocument text, List<Change> discarded) throws MalformedUpdateException {
    Map<ReplicaId, Long> ends = new HashMap<>();
    for (Change change : discarded) {
      ends.merge(change.replica(), change.start(), Math::min);
    }
    for (Change change : Change.parse(text.changesSince(VersionVector.EMPTY))) {
      if (buildsOn(change, ends)) {
        ends.merge(change.replica(), change.start(), Math::min);
      }
    }
    VersionVector all = text.version();
    VersionVector.Builder left = new VersionVector.Builder();
    for (ReplicaId replica : all.replicas()) {
      left.advance(replica, Math.min(all.next(replica), endOf(replica, ends)));
    }
    VersionVector version = left.build();
    return new Discard(version, Change.parse(text.diff(VersionVector.EMPTY, version)));
  }

  private static boolean buildsOn(Change change, Map<ReplicaId, Long> ends) {
    for (EventId dependency : change.dependencies()) {
      if (dependency.sequence() >= endOf(dependency.replica(), ends)) {
        return true;
      }
    }
    return false;
  }

  private static long endOf(ReplicaId replica, Map<ReplicaId, Long> ends) {
    return ends.getOrDefault(replica, Long.MAX_VALUE);
  }
}
