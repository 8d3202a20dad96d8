package dev.weft.desktop.find;

import java.util.Arrays;

/**
 * Where something was found, from left to right, none overlapping the next. Immutable.
 *
 * <p>Two arrays of offsets, so that a hundred thousand take a megabyte and are searched by halving.
 */
final class Matches {
  /** More are not kept: nobody goes through them, and they are to be held in memory. */
  static final int MOST = 1_000_000;

  static final Matches NONE = new Matches(new int[0], new int[0], false);

  private final int[] starts;
  private final int[] ends;
  private final boolean more;

  /**
   * Creates matches.
   *
   * @param more whether there are more than {@link #MOST}, which these are then the first of
   */
  Matches(int[] starts, int[] ends, boolean more) {
    this.starts = starts;
    this.ends = ends;
    this.more = more;
  }

  int size() {
    return starts.length;
  }

  boolean isMore() {
    return more;
  }

  int start(int match) {
    return starts[match];
  }

  int end(int match) {
    return ends[match];
  }

  /** Returns which match is exactly there; -1 if none is. */
  int at(int start, int end) {
    int match = firstFrom(start);
    // An empty match may stand where another begins, before it.
    while (match < size() && starts[match] == start) {
      if (ends[match] == end) {
        return match;
      }
      match++;
    }
    return -1;
  }

  /**
   * Returns the first match that begins at {@code offset} or behind; {@link #size} if none does.
   */
  int firstFrom(int offset) {
    int at = Arrays.binarySearch(starts, offset);
    if (at < 0) {
      return -at - 1;
    }
    return at > 0 && starts[at - 1] == offset ? at - 1 : at;
  }

  /** Returns the match that comes after what is selected, behind the last the first again. */
  int after(int start, int end) {
    int match = firstFrom(end);
    if (start == end && match < size() && starts[match] == end && ends[match] == end) {
      match++; // That is where it is already.
    }
    return match == size() ? 0 : match;
  }

  /** Returns the match that comes before what is selected, before the first the last again. */
  int before(int start) {
    int match = firstFrom(start) - 1;
    return match < 0 ? size() - 1 : match;
  }

  /**
   * Returns these where they are after an edit of the text; those that it touched from within are
   * left out.
   */
  Matches edited(int offset, int removed, int inserted) {
    int[] newStarts = new int[size()];
    int[] newEnds = new int[size()];
    int count = 0;
    int shift = inserted - removed;
    for (int i = 0; i < size(); i++) {
      boolean before = ends[i] <= offset;
      if (before || starts[i] >= offset + removed) {
        newStarts[count] = before ? starts[i] : starts[i] + shift;
        newEnds[count++] = before ? ends[i] : ends[i] + shift;
      }
    }
    return new Matches(Arrays.copyOf(newStarts, count), Arrays.copyOf(newEnds, count), more);
  }
}
