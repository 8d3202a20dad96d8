package dev.weft.protocol;

/**
 * How safe a saved text is. Immutable.
 *
 * @param level what it survives
 * @param copies on how many machines it is flushed
 */
public record Guarantee(Level level, int copies) {
  /** Flushed to the disk of one relay. */
  public static final Guarantee FSYNCED = new Guarantee(Level.FSYNCED, 1);

  /** What a save survives, ascending. */
  public enum Level {
    /** A crash of the relay and of its machine. */
    FSYNCED,
    /** The loss of a machine: the text is flushed on several. */
    REPLICATED
  }

  /**
   * Creates a guarantee.
   *
   * @throws IllegalArgumentException if there are no copies, or fewer than two for {@link
   *     Level#REPLICATED}
   */
  public Guarantee {
    int least = level == Level.REPLICATED ? 2 : 1;
    if (copies < least) {
      throw new IllegalArgumentException(
          "copies must be at least " + least + " for " + level + ", copies=" + copies);
    }
  }

  /** Returns whether this is as safe as {@code required} or safer. */
  public boolean satisfies(Guarantee required) {
    return level.compareTo(required.level) >= 0 && copies >= required.copies;
  }
}
