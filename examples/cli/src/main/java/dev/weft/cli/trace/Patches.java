package dev.weft.cli.trace;

import java.util.Arrays;

/**
 * A row of replacements of text, in columns: a patch costs two numbers and a reference. Grows at
 * its end while it is built; whoever shares one does not add to it. Not thread-safe while it grows.
 *
 * <p>The unit of positions and lengths is the holder's: code points in a {@link Trace}, UTF-16
 * units in a {@link Script}.
 */
final class Patches {
  private final IntColumn positions = new IntColumn();
  private final IntColumn deletions = new IntColumn();
  private String[] insertions = new String[64];
  private final String[] singleCharacters = new String[128];

  void add(int position, int deleted, String inserted) {
    int patch = size();
    if (patch == insertions.length) {
      insertions = Arrays.copyOf(insertions, 2 * patch);
    }
    positions.add(position);
    deletions.add(deleted);
    insertions[patch] = shared(inserted);
  }

  int size() {
    return positions.size();
  }

  int position(int patch) {
    return positions.get(patch);
  }

  int deleted(int patch) {
    return deletions.get(patch);
  }

  String inserted(int patch) {
    return insertions[patch];
  }

  /** Most patches are single keystrokes; those of ASCII share one string a character. */
  private String shared(String inserted) {
    if (inserted.length() != 1 || inserted.charAt(0) >= singleCharacters.length) {
      return inserted;
    }
    String single = singleCharacters[inserted.charAt(0)];
    if (single == null) {
      singleCharacters[inserted.charAt(0)] = inserted;
      return inserted;
    }
    return single;
  }
}
