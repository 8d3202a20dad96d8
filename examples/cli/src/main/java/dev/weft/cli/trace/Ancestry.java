package dev.weft.cli.trace;

import java.util.Arrays;
import java.util.BitSet;
import java.util.PriorityQueue;

/**
 * Who descends from whom among a trace's transactions. Parents stand before children, so a walk
 * from the highest number down meets every transaction after all that build on it. Immutable.
 */
final class Ancestry {
  private static final int[] NOTHING = {};

  private final Trace trace;

  Ancestry(Trace trace) {
    this.trace = trace;
  }

  /**
   * Returns what the transactions {@code heads} and all they build on hold beyond {@code seen},
   * ascending, and marks it as seen. {@code seen} must hold the ancestors of all it holds.
   * O(result).
   */
  int[] takeUnseen(int[] heads, BitSet seen) {
    int[] found = NOTHING;
    int size = 0;
    int[] open = heads.clone();
    int openSize = open.length;
    while (openSize > 0) {
      int transaction = open[--openSize];
      if (seen.get(transaction)) {
        continue;
      }
      seen.set(transaction);
      if (size == found.length) {
        found = Arrays.copyOf(found, 2 * size + 2);
      }
      found[size++] = transaction;
      int[] parents = trace.parents(transaction);
      if (openSize + parents.length > open.length) {
        open = Arrays.copyOf(open, Math.max(openSize + parents.length, 2 * open.length));
      }
      System.arraycopy(parents, 0, open, openSize, parents.length);
      openSize += parents.length;
    }
    if (size == 0) {
      return NOTHING;
    }
    Arrays.sort(found, 0, size);
    return Arrays.copyOf(found, size);
  }

  /**
   * Returns what {@code others} and all they build on hold that {@code base} and all it builds on
   * do not, ascending. Walks down to where both are the same history and no further.
   */
  int[] beyond(int base, int[] others) {
    // Each entry is a transaction and, in the lowest bit, whether the base's history holds it. Of
    // one that is met from both sides the base's word counts, so it is settled only when the queue
    // has no more of it.
    PriorityQueue<Long> open = new PriorityQueue<>((a, b) -> Long.compare(b, a));
    open.add(2L * base + 1);
    int onlyOthers = 0;
    for (int other : others) {
      open.add(2L * other);
      onlyOthers++;
    }
    int[] found = new int[8];
    int size = 0;
    while (onlyOthers > 0) {
      long entry = open.remove();
      int transaction = (int) (entry >> 1);
      boolean inBase = (entry & 1) == 1;
      if (!inBase) {
        onlyOthers--;
      }
      while (!open.isEmpty() && open.peek() >> 1 == transaction) {
        // The base's entry, if there is one, is the higher and thus came first.
        if ((open.remove() & 1) == 0) {
          onlyOthers--;
        }
      }
      if (!inBase) {
        if (size == found.length) {
          found = Arrays.copyOf(found, 2 * size);
        }
        found[size++] = transaction;
      }
      for (int parent : trace.parents(transaction)) {
        open.add(2L * parent + (inBase ? 1 : 0));
        if (!inBase) {
          onlyOthers++;
        }
      }
    }
    int[] result = Arrays.copyOf(found, size);
    Arrays.sort(result);
    return result;
  }
}
