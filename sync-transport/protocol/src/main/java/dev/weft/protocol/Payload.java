package dev.weft.protocol;

import java.util.Arrays;

/**
 * Bytes that this module carries without looking inside: changes, a snapshot, an anchor. Immutable
 * by agreement: nothing is copied on the way in or out, so whoever holds the array leaves it as it
 * is.
 */
public final class Payload {
  /** No bytes. */
  public static final Payload EMPTY = new Payload(new byte[0]);

  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns the payload of {@code bytes}, which the caller must not change any more. */
  public static Payload of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Payload(bytes);
  }

  /** Returns the bytes themselves, which the caller must not change. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the number of bytes. */
  public int size() {
    return bytes.length;
  }

  /** Returns whether there are no bytes. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Returns the size only: contents do not belong in a log. */
  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
