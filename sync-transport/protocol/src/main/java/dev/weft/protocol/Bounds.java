package dev.weft.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** The checks that messages share. Their exceptions name field, value and bound. */
final class Bounds {
  private Bounds() {}

  static void requireChannel(int channel) {
    if (channel < 1) {
      throw new IllegalArgumentException(
          "channel must be from 1 to " + Integer.MAX_VALUE + ", channel=" + channel);
    }
  }

  /** For messages that are about one channel or, with 0, about all. */
  static void requireChannelOrNone(int channel) {
    requireNotNegative("channel", channel);
  }

  static void requireNotNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          name + " must be from 0 to " + Integer.MAX_VALUE + ", " + name + "=" + value);
    }
  }

  static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          name + " must be from 1 to " + Integer.MAX_VALUE + ", " + name + "=" + value);
    }
  }

  /** The bound is in bytes of UTF-8, as on the wire. */
  static void requireLength(String name, String value, int maxBytes) {
    // A character has at most three bytes for each of its UTF-16 units.
    if (value.length() > maxBytes / 3) {
      int bytes = value.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > maxBytes) {
        throw new IllegalArgumentException(
            name + " must have at most " + maxBytes + " bytes, bytes=" + bytes);
      }
    }
  }

  static void requireWord(String name, String value, int maxBytes) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(name + " must not be empty");
    }
    requireLength(name, value, maxBytes);
  }

  static void requireCount(String name, Collection<?> values, int max) {
    if (values.size() > max) {
      throw new IllegalArgumentException(
          name + " must be at most " + max + ", count=" + values.size());
    }
  }
}
