package dev.weft.desktop.binding;

import dev.weft.crdt.TextChange.Edit;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Where edits were and how long, without what they inserted, for places to be followed through
 * them: 12 bytes for each. Not thread-safe.
 */
final class Extents {
  private static final int INTS = 3;
  private static final int FIRST_CAPACITY = 16_384;

  /** Of each edit, in order: its index, the length deleted, the length inserted. */
  private int[] ints = {};

  private int used;

  int size() {
    return used / INTS;
  }

  void add(Edit edit) {
    if (used == ints.length) {
      ints = Arrays.copyOf(ints, used == 0 ? INTS * FIRST_CAPACITY : 2 * used);
    }
    ints[used++] = edit.index();
    ints[used++] = edit.deletedLength();
    ints[used++] = edit.inserted().length();
  }

  void clear() {
    ints = new int[0];
    used = 0;
  }

  /** Has a range follow all of the edits. O(edits). */
  void lead(FollowedRange range) {
    for (int i = 0; i < used; i += INTS) {
      range.follow(ints[i], ints[i + 1], ints[i + 2]);
    }
  }

  /** Goes through the edits in order, each with blanks for what it inserted. */
  void forEach(Consumer<Edit> action) {
    String blanks = "";
    for (int i = 0; i < used; i += INTS) {
      if (blanks.length() != ints[i + 2]) {
        blanks = " ".repeat(ints[i + 2]);
      }
      action.accept(new Edit(ints[i], ints[i + 1], blanks));
    }
  }
}
