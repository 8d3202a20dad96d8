package dev.weft.crdt;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A version that somebody gave a name, for all who have the document. Immutable.
 *
 * @param name what it was called; the same name may have been given to several versions
 * @param author who named it
 * @param version what the author had seen then
 */
public record NamedVersion(String name, ReplicaId author, VersionVector version) {
  /** The longest name, in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = 1024;

  static void requireName(String name) {
    Utf16.requireWellFormed(name);
    int bytes = name.getBytes(UTF_8).length;
    if (bytes == 0 || bytes > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "a name has 1 to " + MAX_NAME_BYTES + " bytes of UTF-8, bytes=" + bytes);
    }
  }
}
