package dev.weft.crdt;

import java.util.Arrays;

/**
 * The causal heads of a history: the replicas on whose last event no other event depends. Each
 * change makes one and ends some, in O(1) each, however many there are. Not thread-safe.
 */
final class CausalHeads {
  // A longer record, as of a large update, is not kept.
  private static final int RECORD_KEPT = 1024;

  private int[] replicas = new int[4];
  private int size;
  // By replica: where it stands in the array, plus one; 0 if it is no head.
  private int[] places = new int[4];

  // Since the mark: the replicas that came in, and the complements of those that went.
  private int[] record = new int[4];
  private int recordSize;
  private boolean marked;

  CausalHeads() {}

  CausalHeads(CausalHeads other) {
    replicas = other.replicas.clone();
    size = other.size;
    places = other.places.clone();
  }

  int size() {
    return size;
  }

  /** Returns a head's replica; the order means nothing. */
  int replica(int index) {
    return replicas[index];
  }

  /** Makes a replica a head, if it is none. */
  void add(int replica) {
    if (replica >= places.length) {
      places = Arrays.copyOf(places, Math.max(replica + 1, 2 * places.length));
    }
    if (places[replica] == 0) {
      put(replica);
      note(replica);
    }
  }

  /** Makes a replica no head, if it is one. */
  void remove(int replica) {
    if (replica < places.length && places[replica] > 0) {
      take(replica);
      note(~replica);
    }
  }

  void clear() {
    while (size > 0) {
      remove(replicas[size - 1]);
    }
  }

  /** Remembers the heads, to return to them with {@link #rollBack}. */
  void mark() {
    if (record.length > RECORD_KEPT) {
      record = new int[4];
    }
    recordSize = 0;
    marked = true;
  }

  /** Undoes what happened since the mark. O(what happened). */
  void rollBack() {
    while (recordSize > 0) {
      int noted = record[--recordSize];
      if (noted >= 0) {
        take(noted);
      } else {
        put(~noted);
      }
    }
  }

  private void put(int replica) {
    if (size == replicas.length) {
      replicas = Arrays.copyOf(replicas, 2 * size);
    }
    replicas[size++] = replica;
    places[replica] = size;
  }

  private void take(int replica) {
    int at = places[replica] - 1;
    int last = replicas[--size];
    replicas[at] = last;
    places[last] = at + 1;
    places[replica] = 0;
  }

  private void note(int change) {
    if (!marked) {
      return;
    }
    if (recordSize == record.length) {
      record = Arrays.copyOf(record, 2 * recordSize);
    }
    record[recordSize++] = change;
  }
}
