package dev.weft.crdt;

import java.util.Arrays;

/**
 * The replicas that a document has heard of, numbered in order of arrival: a hash table from id to
 * number, open addressing with linear probing. Not thread-safe.
 */
final class ReplicaTable {
  private static final int ABSENT = -1;

  private long[] ids = new long[4];
  // Replica numbers by hash, ABSENT where free; at most half full.
  private int[] buckets;
  private int size;

  ReplicaTable() {
    buckets = new int[8];
    Arrays.fill(buckets, ABSENT);
  }

  ReplicaTable(ReplicaTable other) {
    ids = other.ids.clone();
    buckets = other.buckets.clone();
    size = other.size;
  }

  int size() {
    return size;
  }

  long id(int replica) {
    return ids[replica];
  }

  /** Returns the number of the replica, -1 if it is not known. */
  int find(long id) {
    int mask = buckets.length - 1;
    for (int at = hash(id) & mask; ; at = (at + 1) & mask) {
      int replica = buckets[at];
      if (replica == ABSENT || ids[replica] == id) {
        return replica;
      }
    }
  }

  /** Adds a replica that is not yet known and returns its number. */
  int add(long id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
    if (2 * size > buckets.length) {
      rehash(2 * buckets.length);
    } else {
      place(size - 1);
    }
    return size - 1;
  }

  void truncate(int newSize) {
    if (newSize < size) {
      size = newSize;
      rehash(buckets.length);
    }
  }

  private void rehash(int capacity) {
    buckets = new int[capacity];
    Arrays.fill(buckets, ABSENT);
    for (int replica = 0; replica < size; replica++) {
      place(replica);
    }
  }

  private void place(int replica) {
    int mask = buckets.length - 1;
    int at = hash(ids[replica]) & mask;
    while (buckets[at] != ABSENT) {
      at = (at + 1) & mask;
    }
    buckets[at] = replica;
  }

  private static int hash(long id) {
    // Ids are random by contract, but a hostile peer chooses its own: mix all bits.
    long mixed = id * 0x9e3779b97f4a7c15L;
    return (int) (mixed ^ mixed >>> 32);
  }
}
