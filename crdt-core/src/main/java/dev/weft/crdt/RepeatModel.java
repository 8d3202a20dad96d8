package dev.weft.crdt;

/**
 * How a text that repeats much of what stands before it is coded (LZ77 with adaptive symbols): byte
 * by byte, each in the context of the byte before, or as copies of earlier bytes. Serves both sides
 * of a {@link BinaryCoder}; see {@code docs/FORMAT.md}, "Deleted text". Not thread-safe.
 */
final class RepeatModel {
  /** The shortest copy from a distance that is told. */
  static final int MIN_LENGTH = 3;

  private static final int BYTE_BITS = 8;
  private static final int BYTES = 1 << BYTE_BITS;

  // Contexts: a copy came directly before, one byte before, or earlier.
  private static final int EARLIER = 2;
  private static final int CONTEXTS = EARLIER + 1;
  private static final int COPY = 0;
  private static final int SAME_DISTANCE = COPY + CONTEXTS;
  private static final int FLAGS = SAME_DISTANCE + CONTEXTS;

  // Numbers: the length of a copy from the same distance and from another, then that distance, by
  // the copy's length.
  private static final int LENGTH = 0;
  private static final int DISTANCE = LENGTH + 2;
  private static final int DISTANCES = 3;
  private static final int NUMBERS = DISTANCE + DISTANCES;

  private final BinaryCoder coder;
  // By the byte before; a short text needs few of them.
  private final int[][] literals = new int[BYTES][];
  private final int[] flags = BitStates.create(FLAGS);
  private final NumberModel numbers = new NumberModel(NUMBERS);
  private int sinceCopy = EARLIER;

  RepeatModel(BinaryCoder coder) {
    this.coder = coder;
  }

  /** Codes whether a copy comes, and no single byte. */
  boolean copy(boolean copy) {
    return coder.flag(flags, COPY + sinceCopy, copy);
  }

  /** Codes a byte. */
  int literal(int before, int literal) {
    sinceCopy = Math.min(EARLIER, sinceCopy + 1);
    int[] states = literals[before];
    if (states == null) {
      states = literals[before] = BitStates.create(BYTES);
    }
    return coder.tree(states, 0, BYTE_BITS, literal);
  }

  /** Codes whether a copy comes from the same distance as the one before. */
  boolean sameDistance(boolean same) {
    return coder.flag(flags, SAME_DISTANCE + sinceCopy, same);
  }

  /** Codes the length of a copy: at least 1 from the same distance, else {@link #MIN_LENGTH}. */
  int length(boolean same, int length) {
    sinceCopy = 0;
    int least = same ? 1 : MIN_LENGTH;
    return least + numbers.code(coder, LENGTH + (same ? 1 : 0), length - least);
  }

  /** Codes from how far back a copy comes, at least 1. */
  int distance(int length, int distance) {
    int context = DISTANCE + Math.min(DISTANCES - 1, length - MIN_LENGTH);
    return 1 + numbers.code(coder, context, distance - 1);
  }
}
