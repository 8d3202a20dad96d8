package dev.weft.crdt;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The identity of one replica of one document: 64 random bits, compared unsigned.
 *
 * <p>A replica id names everything its holder ever wrote, so it is never used again after a loss of
 * state: whoever cannot prove that it holds all changes written under an id takes a new one.
 * Immutable.
 *
 * @param bits the 64 bits; any value is valid
 */
public record ReplicaId(long bits) implements Comparable<ReplicaId> {

  /** Returns a new id drawn from {@code random}, which should be a secure source. */
  public static ReplicaId random(RandomGenerator random) {
    return new ReplicaId(random.nextLong());
  }

  /**
   * Returns the id that {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if {@code text} is not 16 hexadecimal digits
   */
  public static ReplicaId parse(String text) {
    if (text.length() != 16) {
      throw new IllegalArgumentException(
          "a replica id is 16 hexadecimal digits, text=\"" + text + "\"");
    }
    try {
      return new ReplicaId(HexFormat.fromHexDigitsToLong(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a replica id is 16 hexadecimal digits, text=\"" + text + "\"", e);
    }
  }

  /**
   * Compares the ids as unsigned numbers; of two concurrent inserts the lower id's stands first.
   */
  @Override
  public int compareTo(ReplicaId other) {
    return Long.compareUnsigned(bits, other.bits);
  }

  /** Returns the id as 16 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(bits);
  }
}
