package dev.weft.crdt;

/**
 * What a document holds, counted, and about how much memory that takes, but for what waits for
 * others and an index of lines. Immutable.
 *
 * @param visibleUnits the UTF-16 units of the text
 * @param deletedUnits the units that were deleted and not restored
 * @param spans the visible spans: units that were typed in a row and still stand together
 * @param tombstones the deleted spans
 * @param operations the inserts, deletes and restores in the log
 * @param runs the runs of the history: changes that do not directly follow one of the same replica
 * @param replicas the replicas that ever wrote
 * @param waitingChanges the changes that wait for others
 * @param textBytes the memory of all units' text
 * @param orderBytes the memory of the order of units, and of what is visible of them
 * @param logBytes the memory of log and history
 */
public record Footprint(
    long visibleUnits,
    long deletedUnits,
    long spans,
    long tombstones,
    long operations,
    long runs,
    long replicas,
    long waitingChanges,
    long textBytes,
    long orderBytes,
    long logBytes) {

  /** What an array takes beside its elements, where references take four bytes. */
  static final int ARRAY_BYTES = 16;

  /** What an object takes beside its fields. */
  static final int OBJECT_BYTES = 12;

  static long ofInts(int length) {
    return ARRAY_BYTES + 4L * length;
  }
}
