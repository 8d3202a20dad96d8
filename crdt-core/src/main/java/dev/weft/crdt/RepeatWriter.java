package dev.weft.crdt;

import java.util.Arrays;

/**
 * Writes a text as {@link RepeatModel} describes it, after another that the reader has already.
 * What to copy is found by hash chains, and put off by a byte where the next byte promises more.
 * Not thread-safe.
 */
final class RepeatWriter {
  /** How many earlier places are tried: more find little more. */
  private static final int MAX_TRIES = 32;

  /** A copy of this length is taken at once. */
  private static final int LONG = 200;

  private static final int HASHED = 4;
  private static final int NONE = -1;

  // What a copy costs and spares, roughly, in bits.
  private static final int LITERAL_BITS = 4;
  private static final int COPY_BITS = 7;
  private static final int SAME_DISTANCE_BITS = 6;
  private static final int PUT_OFF_BITS = 6;

  private final byte[] text;
  private final int[] latest;
  private final int[] latestOfThree;
  private final int[] before;
  private final int shift;
  private int indexed;
  private int lastDistance;

  // The best copy found for one place.
  private int length;
  private int distance;
  private int gain;

  private RepeatWriter(byte[] text) {
    this.text = text;
    int bits = Math.max(8, Math.min(18, 32 - Integer.numberOfLeadingZeros(text.length)));
    shift = Integer.SIZE - bits;
    latest = new int[1 << bits];
    latestOfThree = new int[1 << bits];
    before = new int[text.length];
    Arrays.fill(latest, NONE);
    Arrays.fill(latestOfThree, NONE);
  }

  /** Returns {@code text[start, ...)}, coded after {@code text[0, start)}. */
  static ByteWriter write(byte[] text, int start) {
    return new RepeatWriter(text).write(start);
  }

  private ByteWriter write(int start) {
    RangeEncoder coder = new RangeEncoder();
    RepeatModel model = new RepeatModel(coder);
    int at = start;
    while (at < text.length) {
      find(at);
      if (gain > 0 && length < LONG && at + 1 < text.length) {
        int foundLength = length;
        int foundDistance = distance;
        int foundGain = gain;
        find(at + 1);
        boolean putOff = gain > foundGain + PUT_OFF_BITS;
        length = foundLength;
        distance = foundDistance;
        gain = putOff ? 0 : foundGain;
      }
      model.copy(gain > 0);
      if (gain == 0) {
        model.literal(at == 0 ? 0 : text[at - 1] & 0xff, text[at] & 0xff);
        at++;
      } else {
        boolean same = distance == lastDistance;
        model.sameDistance(same);
        model.length(same, length);
        if (!same) {
          model.distance(length, distance);
        }
        lastDistance = distance;
        at += length;
      }
    }
    return coder.finish();
  }

  /** Finds the best copy for a place: none if {@link #gain} is 0. */
  private void find(int at) {
    index(at);
    gain = 0;
    if (lastDistance > 0) {
      consider(at, at - lastDistance);
    }
    if (at + HASHED > text.length) {
      return;
    }
    int candidate = latest[hash(at, 0)];
    for (int tries = 0; candidate != NONE && tries < MAX_TRIES; tries++) {
      consider(at, candidate);
      candidate = before[candidate];
    }
    candidate = latestOfThree[hash(at, Byte.SIZE)];
    if (candidate != NONE) {
      consider(at, candidate);
    }
  }

  private void consider(int at, int candidate) {
    int max = text.length - at;
    if (gain > 0 && (length >= max || text[candidate + length] != text[at + length])) {
      // Shorter than the best. One that is nearer would have been tried before.
      return;
    }
    int mismatch = Arrays.mismatch(text, candidate, candidate + max, text, at, at + max);
    int equal = mismatch < 0 ? max : mismatch;
    boolean same = at - candidate == lastDistance;
    if (equal < (same ? 1 : RepeatModel.MIN_LENGTH)) {
      return;
    }
    int cost =
        same
            ? SAME_DISTANCE_BITS
            : COPY_BITS + Integer.SIZE - 1 - Integer.numberOfLeadingZeros(at - candidate);
    int found = equal * LITERAL_BITS - cost;
    if (found > gain) {
      gain = found;
      length = equal;
      distance = at - candidate;
    }
  }

  /** Takes all places before {@code at} among those that can be copied from. */
  private void index(int at) {
    int end = Math.min(at, text.length - HASHED + 1);
    for (; indexed < end; indexed++) {
      int hash = hash(indexed, 0);
      before[indexed] = latest[hash];
      latest[hash] = indexed;
      latestOfThree[hash(indexed, Byte.SIZE)] = indexed;
    }
  }

  /** Hashes the four bytes at a place, without the last {@code omitted} bits of them. */
  private int hash(int at, int omitted) {
    int bytes =
        (text[at] & 0xff) << 24
            | (text[at + 1] & 0xff) << 16
            | (text[at + 2] & 0xff) << 8
            | (text[at + 3] & 0xff);
    return ((bytes >>> omitted) * 0x9e3779b1) >>> shift;
  }
}
