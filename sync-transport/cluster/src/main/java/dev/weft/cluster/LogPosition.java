package dev.weft.cluster;

import dev.weft.crdt.VersionVector;

/**
 * How far a document's log has been read: its last row then, and the version that the rows up to it
 * amount to. Immutable.
 *
 * @param ordinal the last row's; 0 before the first
 * @param crc the last row's: if the row at {@code ordinal} has another one, the database is not the
 *     one that was read (it was restored from a backup, or a standby without the last rows has
 *     taken its place)
 * @param version what the rows up to {@code ordinal} hold
 */
record LogPosition(long ordinal, int crc, VersionVector version) {
  static final LogPosition START = new LogPosition(0, 0, VersionVector.EMPTY);
}
