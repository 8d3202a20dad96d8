package dev.weft.desktop.history;

import dev.weft.crdt.TextChange.Edit;
import java.util.ArrayList;
import java.util.List;

/**
 * A text that edits are made in, of which one asks what they take out of it. Confined to one
 * thread.
 *
 * <p>It lies in chunks. An edit costs what it inserts and deletes, and a step for each chunk
 * between it and the edit before: people write where they have just written, or go through the text
 * from one end to the other.
 */
final class TextSoFar {
  private final int chunkLength;
  private final List<StringBuilder> chunks = new ArrayList<>();

  /** In which chunk the edit before was, and how much text is before that chunk. */
  private int chunk;

  private int chunkStart;

  TextSoFar() {
    this(4_096);
  }

  /** Creates an empty text, which parts a chunk of twice the length. */
  TextSoFar(int chunkLength) {
    this.chunkLength = chunkLength;
    chunks.add(new StringBuilder());
  }

  /** Makes an edit, and returns what it deletes. */
  String make(Edit edit) {
    String deleted = delete(edit.index(), edit.deletedLength());
    insert(edit.index(), edit.inserted());
    return deleted;
  }

  private String delete(int index, int length) {
    StringBuilder deleted = new StringBuilder(length);
    goTo(index);
    while (deleted.length() < length) {
      StringBuilder here = chunks.get(chunk);
      int start = index - chunkStart;
      int end = Math.min(here.length(), start + length - deleted.length());
      deleted.append(here, start, end);
      here.delete(start, end);
      if (here.isEmpty() && chunks.size() > 1) {
        chunks.remove(chunk);
        stayWithin(index);
      } else if (deleted.length() < length) {
        chunkStart += here.length();
        chunk++;
      }
    }
    return deleted.toString();
  }

  /** The chunk that was the last one may be gone. */
  private void stayWithin(int index) {
    if (chunk == chunks.size()) {
      chunk--;
      chunkStart -= chunks.get(chunk).length();
    }
    goTo(index);
  }

  private void insert(int index, String inserted) {
    goTo(index);
    StringBuilder here = chunks.get(chunk).insert(index - chunkStart, inserted);
    if (here.length() >= 2 * chunkLength) {
      chunks.remove(chunk);
      List<StringBuilder> parts = new ArrayList<>();
      for (int start = 0; start < here.length(); start += chunkLength) {
        int end = Math.min(here.length(), start + chunkLength);
        parts.add(new StringBuilder(here.substring(start, end)));
      }
      chunks.addAll(chunk, parts);
    }
  }

  /** Goes to the chunk that has the unit at an index; at the end of the text, to the last one. */
  private void goTo(int index) {
    while (index < chunkStart) {
      chunk--;
      chunkStart -= chunks.get(chunk).length();
    }
    while (chunk < chunks.size() - 1 && index >= chunkStart + chunks.get(chunk).length()) {
      chunkStart += chunks.get(chunk).length();
      chunk++;
    }
  }

  @Override
  public String toString() {
    return String.join("", chunks);
  }
}
