package dev.weft.desktop.history;

import dev.weft.crdt.TextDocument;
import java.util.Arrays;

/**
 * Where in a history each edit ends, as a person means it: what one author typed or pasted in one
 * place, deleted there, or wrote over what was selected. Immutable, and so thread-safe.
 */
final class Edits {
  private final long first;

  /** After how many events each ends, ascending. */
  private final long[] ends;

  Edits(long first, long[] ends) {
    this.first = first;
    this.ends = ends;
  }

  /**
   * Finds the edits of a document, in the order in which they came to it. O(its history): a second
   * for some hundred thousand keys typed here and there.
   */
  static Edits of(TextDocument document) {
    EditFinder finder = new EditFinder(document);
    document.history().forEachRun(finder::take);
    return finder.found();
  }

  /** Returns where in the edits so many events are, in words. */
  String words(long events) {
    int number = numberAt(events);
    boolean within = number > 0 && events < ends[number - 1];
    return String.format("%s %,d of %,d", within ? "In edit" : "Edit", number, ends.length);
  }

  int count() {
    return ends.length;
  }

  /** Returns which edit so many events are the end of or within, from 1; 0 at the beginning. */
  int numberAt(long events) {
    int place = Arrays.binarySearch(ends, events);
    int endedBefore = place >= 0 ? place : -place - 1;
    return events <= first ? 0 : Math.min(endedBefore + 1, ends.length);
  }

  /** Returns where the edit begins that so many events are within or the end of. */
  long before(long events) {
    int number = numberAt(events);
    return number <= 1 ? first : ends[number - 2];
  }

  /** Returns where the next edit ends, or the one that so many events are within. */
  long after(long events) {
    int place = Arrays.binarySearch(ends, events);
    int next = place >= 0 ? place + 1 : -place - 1;
    return next < ends.length ? ends[next] : Math.max(events, last());
  }

  /** Returns after how many events the last edit ends. */
  private long last() {
    return ends.length == 0 ? first : ends[ends.length - 1];
  }
}
