package dev.weft.store;

import java.util.regex.Pattern;

/**
 * The name of a document: 1 to 128 characters of {@code A-Z a-z 0-9 . _ ~ -}, so that it can stand
 * as it is in a URL, a file name and a log line. Immutable.
 *
 * @param value the name; names that differ in case are different names
 */
public record DocumentId(String value) implements Comparable<DocumentId> {
  /** The longest name, in characters. */
  public static final int MAX_LENGTH = 128;

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._~-]+");

  /**
   * Creates a document id.
   *
   * @throws IllegalArgumentException if {@code value} is empty, too long, has another character, or
   *     is {@code .} or {@code ..}
   */
  public DocumentId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a document id must not be empty");
    }
    if (value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a document id has at most " + MAX_LENGTH + " characters, length=" + value.length());
    }
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a document id consists of letters A-Z and a-z, digits and . _ ~ -, id=\""
              + printable(value)
              + "\"");
    }
    if (value.equals(".") || value.equals("..")) {
      throw new IllegalArgumentException(
          "a document id must not be a relative path, id=\"" + value + "\"");
    }
  }

  /** Orders by the characters' values. */
  @Override
  public int compareTo(DocumentId other) {
    return value.compareTo(other.value);
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return value;
  }

  /** The value comes from outside and goes into a message: no control character passes. */
  private static String printable(String value) {
    StringBuilder text = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
        text.append(c);
      } else {
        text.append(String.format("\\u%04x", (int) c));
      }
    }
    return text.toString();
  }
}
