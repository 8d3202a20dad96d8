package dev.weft.client;

/**
 * How safe a saved text is. Immutable.
 *
 * @param level what it survives
 * @param copies on how many machines the relay holds it; 0 where it is on this device alone
 */
public record Guarantee(Level level, int copies) {
  /** On this device alone, flushed to its disk. */
  public static final Guarantee DEVICE = new Guarantee(Level.DEVICE, 0);

  /** On the disk of one relay, flushed: what a relay's watermark says. */
  public static final Guarantee FSYNCED = new Guarantee(Level.FSYNCED, 1);

  /**
   * Creates a guarantee.
   *
   * @throws IllegalArgumentException if the level does not go with that many copies
   */
  public Guarantee {
    boolean fits =
        switch (level) {
          case DEVICE -> copies == 0;
          case FSYNCED -> copies == 1;
          case REPLICATED -> copies >= 2;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          level + " does not go with that many copies, copies=" + copies);
    }
  }

  /**
   * Returns the guarantee that the relay holds the text on so many machines.
   *
   * @param copies at least 2
   */
  public static Guarantee replicated(int copies) {
    return new Guarantee(Level.REPLICATED, copies);
  }

  /** Returns the guarantee of so many copies at the relay. */
  static dev.weft.protocol.Guarantee onWire(int copies) {
    return copies == 1
        ? dev.weft.protocol.Guarantee.FSYNCED
        : new dev.weft.protocol.Guarantee(dev.weft.protocol.Guarantee.Level.REPLICATED, copies);
  }

  static Guarantee of(dev.weft.protocol.Guarantee given) {
    return new Guarantee(
        switch (given.level()) {
          case FSYNCED -> Level.FSYNCED;
          case REPLICATED -> Level.REPLICATED;
        },
        given.copies());
  }

  /** What a saved text survives; each level includes the ones before it. */
  public enum Level {
    /**
     * A crash of this device. Given where it was asked for, and where the client has no relay: who
     * asks for nothing in particular and has one waits for it.
     */
    DEVICE,
    /** A crash of the relay and of its machine, and the loss of this device. */
    FSYNCED,
    /** The loss of one of the relay's machines. */
    REPLICATED
  }

  /** Returns the level, and the number of copies where there are several. */
  @Override
  public String toString() {
    return copies > 1 ? level + "(" + copies + ")" : level.toString();
  }
}
