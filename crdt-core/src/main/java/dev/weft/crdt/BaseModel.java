package dev.weft.crdt;

/**
 * What a shallow snapshot says of the order of the text at its base, and in which contexts it is
 * coded; see {@code docs/FORMAT.md}, "Shallow snapshot". Serves both sides, as {@link HistoryModel}
 * does. Not thread-safe.
 */
final class BaseModel {
  // Flags.
  private static final int SAME_REPLICA = 0;
  private static final int EXPECTED = 1;
  private static final int BACK = 3;
  private static final int GAP = 5;
  private static final int FLAGS = 6;

  // Numbers.
  private static final int REPLICA = 0;
  private static final int DISTANCE = 1;
  private static final int LENGTH = 5;
  private static final int NUMBERS = 6;

  private final BinaryCoder coder;
  private final int[] flags = BitStates.create(FLAGS);
  private final NumberModel numbers = new NumberModel(NUMBERS);

  BaseModel(BinaryCoder coder) {
    this.coder = coder;
  }

  /** Codes whether a deleted unit stood before a stretch, or before the end. */
  boolean gap(boolean gap) {
    return coder.flag(flags, GAP, gap);
  }

  /** Codes whose unit it is, where {@code before} is the replica told before. */
  int replica(int before, int replica) {
    return coder.flag(flags, SAME_REPLICA, replica == before)
        ? before
        : numbers.code(coder, REPLICA, replica);
  }

  /**
   * Codes a sequence number by its difference from the one behind what was told of that replica
   * before.
   */
  long sequence(boolean gap, long expected, long sequence) {
    int context = gap ? 1 : 0;
    if (coder.flag(flags, EXPECTED + context, sequence == expected)) {
      return expected;
    }
    boolean back = coder.flag(flags, BACK + context, sequence < expected);
    int distance = (int) Math.abs(sequence - expected) - 1;
    int coded = numbers.code(coder, DISTANCE + 2 * context + (back ? 1 : 0), distance);
    return back ? expected - coded - 1L : expected + coded + 1L;
  }

  /** Codes how many units a stretch has. */
  int length(int length) {
    return 1 + numbers.code(coder, LENGTH, length - 1);
  }
}
