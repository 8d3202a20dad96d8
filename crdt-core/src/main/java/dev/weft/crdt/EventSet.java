package dev.weft.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A set of events by replica and sequence number: what one replica did in a row is passed over
 * quickly, whatever came between where it arrived. Not thread-safe.
 */
final class EventSet {
  private static final UnitSet NONE = new UnitSet();

  private @Nullable UnitSet[] ofReplica = new UnitSet[0];

  /** Adds the events with the sequence numbers of [start, end). */
  void add(int replica, int start, int end) {
    if (replica >= ofReplica.length) {
      ofReplica = Arrays.copyOf(ofReplica, Math.max(replica + 1, 2 * ofReplica.length));
    }
    UnitSet own = ofReplica[replica];
    if (own == null) {
      own = ofReplica[replica] = new UnitSet();
    }
    own.add(start, end - start);
  }

  boolean contains(int replica, int sequence) {
    return of(replica).contains(sequence);
  }

  /** Returns the first sequence number of [start, end) that is in the set, or {@code end}. */
  int nextPresent(int replica, int start, int end) {
    return of(replica).nextPresent(start, end);
  }

  /** Returns the first sequence number of [start, end) that is not in the set, or {@code end}. */
  int nextAbsent(int replica, int start, int end) {
    return of(replica).nextAbsent(start, end);
  }

  /** Returns how many bytes of memory this takes, about. O(replicas + pages). */
  long memoryBytes() {
    long bytes = Footprint.ofInts(ofReplica.length);
    for (UnitSet own : ofReplica) {
      bytes += own == null ? 0 : own.memoryBytes();
    }
    return bytes;
  }

  private UnitSet of(int replica) {
    UnitSet own = replica < ofReplica.length ? ofReplica[replica] : null;
    return own == null ? NONE : own;
  }
}
