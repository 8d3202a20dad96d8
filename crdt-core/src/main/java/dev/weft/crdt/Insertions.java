package dev.weft.crdt;

import java.util.Arrays;

/**
 * The insertions of an update, numbered from 0 as they stand in it: what stands behind may refer to
 * them by number. Not thread-safe.
 */
final class Insertions {
  /** No insertion. */
  static final int NONE = -1;

  // Three ints an insertion. Replicas are numbers, those that the update gives them.
  private static final int REPLICA = 0;
  private static final int SEQUENCE = 1;
  private static final int LENGTH = 2;
  private static final int WIDTH = 3;

  // A longer table, as of a whole history, is not kept beyond its update.
  private static final int KEPT = 1024;

  private int[] rows = new int[4 * WIDTH];
  private int size;
  // By replica: its last insertion.
  private int[] last = new int[0];

  /** Forgets all, for an update of so many replicas. */
  void begin(int replicaCount) {
    size = 0;
    if (replicaCount > last.length) {
      last = new int[replicaCount];
    }
    Arrays.fill(last, 0, replicaCount, NONE);
  }

  /** Forgets all, the update being read. */
  void end() {
    if (rows.length > KEPT * WIDTH) {
      rows = new int[4 * WIDTH];
    }
    if (last.length > KEPT) {
      last = new int[0];
    }
  }

  int size() {
    return size;
  }

  /** Adds the insertion of {@code length} units by a replica from {@code sequence} on. */
  void add(int replica, int sequence, int length) {
    if (WIDTH * size == rows.length) {
      rows = Arrays.copyOf(rows, 2 * rows.length);
    }
    rows[WIDTH * size + REPLICA] = replica;
    rows[WIDTH * size + SEQUENCE] = sequence;
    rows[WIDTH * size + LENGTH] = length;
    last[replica] = size++;
  }

  int replica(int insertion) {
    return rows[WIDTH * insertion + REPLICA];
  }

  /** Returns the sequence number of an insertion's first unit. */
  int sequence(int insertion) {
    return rows[WIDTH * insertion + SEQUENCE];
  }

  /** Returns how many units an insertion has. */
  int length(int insertion) {
    return rows[WIDTH * insertion + LENGTH];
  }

  /** Returns a replica's last insertion if its last unit has the number, {@link #NONE} if not. */
  int lastOf(int replica, int sequence) {
    int insertion = last[replica];
    boolean endsThere =
        insertion != NONE && sequence(insertion) + length(insertion) - 1 == sequence;
    return endsThere ? insertion : NONE;
  }
}
