package dev.weft.crdt;

import java.util.Arrays;

/**
 * Where a document's history begins, if that is not with nothing: which events came before, and the
 * text that they left, of which only the visible units are known and in what order they stood.
 * Immutable.
 *
 * <p>The events before are the first of the document's history and log: one run for each replica,
 * of inserts and of what was {@link OperationLog#appendForgotten forgotten}. All later ones were
 * made by authors who had seen all of them. So every unit inserted later belongs to one <i>gap</i>
 * between two of the base's units, and its origin right is in the gap as well, or is what stood
 * behind the gap's first unit at the base: a unit of the base, or a deleted one, of which then just
 * the name is kept.
 */
final class HistoryBase {
  private static final int NONE = OperationLog.NONE;

  private final int[] nexts;
  private final int[] digests;
  private final int eventCount;
  private final int unitCount;
  private final int head;
  // The first unit in the order of the text.
  private final int first;
  // The units behind which another does not stand that has the next number, ascending, and the one
  // that does, NONE at the end.
  private final int[] ends;
  private final int[] followers;
  // The units before which a deleted one stood, ascending, the end as unitCount; and its name.
  private final int[] gaps;
  private final long[] replicas;
  private final int[] sequences;

  HistoryBase(
      int[] nexts,
      int[] digests,
      int head,
      int first,
      int[] ends,
      int[] followers,
      int[] gaps,
      long[] replicas,
      int[] sequences,
      int unitCount) {
    this.nexts = nexts;
    this.digests = digests;
    this.head = head;
    this.first = first;
    this.ends = ends;
    this.followers = followers;
    this.gaps = gaps;
    this.replicas = replicas;
    this.sequences = sequences;
    this.unitCount = unitCount;
    eventCount = Arrays.stream(nexts).sum();
  }

  /** Returns how many events came before. */
  int eventCount() {
    return eventCount;
  }

  /** Returns how many runs they are: one for each replica that had done something. */
  int runCount() {
    return nexts.length;
  }

  /** Returns how many units are known of them, which have the lowest numbers. */
  int unitCount() {
    return unitCount;
  }

  /** Returns the number of the event that all later ones come after. */
  int head() {
    return head;
  }

  /** Returns how many of a replica's events came before. */
  int next(int replica) {
    return replica < nexts.length ? nexts[replica] : 0;
  }

  /** Returns the digest of those of a replica's events that came before. */
  int digest(int replica) {
    return replica < digests.length ? digests[replica] : EventDigest.NONE;
  }

  int[] nexts() {
    return nexts.clone();
  }

  /** Returns the unit of the base that stands behind one, or at the start; NONE at the end. */
  int unitBehind(int unit) {
    if (unit == NONE) {
      return first;
    }
    int at = Arrays.binarySearch(ends, unit);
    return at >= 0 ? followers[at] : unit + 1;
  }

  /**
   * Finds what an author names who inserts in the gap before a unit of the base, or at its end, and
   * directly before what stood there.
   *
   * @return false if that is the unit itself, or the end
   */
  boolean nameBefore(int unit, EventName name) {
    int at = Arrays.binarySearch(gaps, unit == NONE ? unitCount : unit);
    if (at < 0) {
      return false;
    }
    name.set(replicas[at], sequences[at]);
    return true;
  }

  /** Returns how many bytes of memory this takes, about. */
  long memoryBytes() {
    return 2L * Footprint.ofInts(nexts.length)
        + 2L * Footprint.ofInts(ends.length)
        + 4L * Footprint.ofInts(gaps.length);
  }
}
