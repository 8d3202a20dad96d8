package dev.weft.relay;

import dev.weft.crdt.VersionVector;

/**
 * A version of a document as headers name it. Immutable.
 *
 * @param tag its name as {@link VersionTag} gives it
 * @param vector its vector in text form; empty if that is too long for a header
 */
record ToldVersion(VersionVector version, String tag, String vector) {
  /** The longest vector that is told in a header. */
  private static final int MAX_VECTOR_CHARS = 1 << 10;

  /** Works out how a version is named. O(replicas). */
  static ToldVersion of(VersionVector version) {
    String vector = version.toString();
    return new ToldVersion(
        version, VersionTag.of(version), vector.length() <= MAX_VECTOR_CHARS ? vector : "");
  }
}
