package dev.weft.desktop.binding;

import dev.weft.crdt.TextChange.Edit;
import dev.weft.crdt.TextDocument;

/**
 * An edit of a Swing document, on its way into the shared text: the replacement of a range.
 * Confined to the event dispatch thread.
 */
final class LocalEdit {
  private final String inserted;
  private int start;
  private int end;
  private boolean moved;

  /** Creates an edit that puts {@code inserted} in the place of [start, end) of the document. */
  LocalEdit(int start, int end, String inserted) {
    this.start = start;
    this.end = end;
    this.inserted = inserted;
  }

  /** Returns where it starts in the document. */
  int start() {
    return start;
  }

  /** Returns where the text that it replaces ends in the document. */
  int end() {
    return end;
  }

  String inserted() {
    return inserted;
  }

  /** Returns whether the shared text made it elsewhere than asked, to part no character. */
  boolean isMoved() {
    return moved;
  }

  /**
   * Makes the edit in the shared text, in whole characters: a range that starts or ends inside a
   * surrogate pair is widened to all of the pair, and an insertion there moves before it, where
   * what is typed next comes after. Of a replacement only what differs is an edit; so a text that
   * is set anew leaves alone what others write into the parts that stay.
   *
   * @param shown the document
   * @param unseen what the document does not show of {@code shared}
   * @throws RuntimeException if the shared text refuses it; nothing has changed then
   */
  void makeIn(TextDocument shared, ShownText shown, UnseenEdits unseen) {
    FollowedRange asked = new FollowedRange(shown.toIndex(start), shown.toIndex(end));
    unseen.lead(asked);
    int askedFrom = asked.start();
    int askedTo = asked.end();
    int from = partsPair(shared, askedFrom) ? askedFrom - 1 : askedFrom;
    int to = askedTo;
    if (askedFrom == askedTo) {
      to = from;
    } else if (partsPair(shared, askedTo)) {
      to = askedTo + 1;
    }
    if (from < to && !inserted.isEmpty()) {
      Edit edit = Offsets.difference(shared.text(from, to), inserted);
      int at = from + edit.index();
      shared.replace(at, at + edit.deletedLength(), edit.inserted());
    } else {
      shared.replace(from, to, inserted);
    }
    start += from - askedFrom;
    end += to - askedTo;
    moved = from != askedFrom || to != askedTo;
  }

  private static boolean partsPair(TextDocument text, int index) {
    return index > 0
        && index < text.length()
        && Character.isLowSurrogate(text.charAt(index))
        && Character.isHighSurrogate(text.charAt(index - 1));
  }
}
