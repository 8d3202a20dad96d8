package dev.weft.store;

import dev.weft.crdt.VersionVector;

/**
 * A save that was asked for and neither acknowledged nor refused yet. Immutable.
 *
 * @param saveId names the save, so that repeating it has no further effect; 1 to 128 characters
 * @param version what the save covers
 */
public record PendingSave(String saveId, VersionVector version) {
  /** The longest save id, in characters. */
  public static final int MAX_ID_LENGTH = 128;

  /**
   * Creates a pending save.
   *
   * @throws IllegalArgumentException if the id is empty or too long
   */
  public PendingSave {
    if (saveId.isEmpty() || saveId.length() > MAX_ID_LENGTH) {
      throw new IllegalArgumentException(
          "a save id has 1 to " + MAX_ID_LENGTH + " characters, length=" + saveId.length());
    }
  }
}
