package dev.weft.store;

import dev.weft.crdt.VersionVector;

/**
 * A save that was asked for and neither acknowledged nor refused yet. Immutable.
 *
 * @param saveId names the save, so that repeating it has no further effect; 1 to 128 characters
 * @param version what the save covers
 * @param copies on how many machines it must be safe before it counts as done, at least 1
 */
public record PendingSave(String saveId, VersionVector version, int copies) {
  /** The longest save id, in characters. */
  public static final int MAX_ID_LENGTH = 128;

  /**
   * Creates a pending save.
   *
   * @throws IllegalArgumentException if the id is empty or too long, or there are no copies
   */
  public PendingSave {
    if (saveId.isEmpty() || saveId.length() > MAX_ID_LENGTH) {
      throw new IllegalArgumentException(
          "a save id has 1 to " + MAX_ID_LENGTH + " characters, length=" + saveId.length());
    }
    if (copies < 1) {
      throw new IllegalArgumentException("copies must be positive, copies=" + copies);
    }
  }

  /** Creates a pending save that one machine is enough for. */
  public PendingSave(String saveId, VersionVector version) {
    this(saveId, version, 1);
  }

  /** Returns the same save of another version. */
  PendingSave of(VersionVector other) {
    return new PendingSave(saveId, other, copies);
  }
}
