package dev.weft.crdt;

import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The replicas that a document has heard of, numbered in order of arrival: a hash table from id to
 * number, open addressing with linear probing. Not thread-safe.
 *
 * <p>Ids are random by contract, but a hostile peer chooses its own, all with one hash. What does
 * not fit near its hash goes to a sorted map, so that nothing takes more than O(log replicas).
 */
final class ReplicaTable {
  private static final int ABSENT = -1;

  // Half of the buckets are free, so honest ids practically never take more.
  private static final int MOST_STEPS = 32;

  private long[] ids = new long[4];
  // Replica numbers by hash, ABSENT where free; at most half full.
  private int[] buckets;
  // Those whose buckets were taken, by id.
  private @Nullable TreeMap<Long, Integer> crowdedOut;
  private int size;

  ReplicaTable() {
    buckets = new int[8];
    Arrays.fill(buckets, ABSENT);
  }

  ReplicaTable(ReplicaTable other) {
    ids = other.ids.clone();
    buckets = other.buckets.clone();
    crowdedOut = other.crowdedOut == null ? null : new TreeMap<>(other.crowdedOut);
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
    int at = hash(id) & mask;
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      int replica = buckets[at];
      if (replica == ABSENT || ids[replica] == id) {
        return replica;
      }
      at = (at + 1) & mask;
    }
    return crowdedOut == null ? ABSENT : crowdedOut.getOrDefault(id, ABSENT);
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

  /** Forgets the replicas from {@code newSize} on. O(what is forgotten). */
  void truncate(int newSize) {
    while (size > newSize) {
      // The last one to come is on nobody else's way.
      remove(ids[--size]);
    }
  }

  private void rehash(int capacity) {
    buckets = new int[capacity];
    Arrays.fill(buckets, ABSENT);
    crowdedOut = null;
    for (int replica = 0; replica < size; replica++) {
      place(replica);
    }
  }

  private void place(int replica) {
    int mask = buckets.length - 1;
    int at = hash(ids[replica]) & mask;
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      if (buckets[at] == ABSENT) {
        buckets[at] = replica;
        return;
      }
      at = (at + 1) & mask;
    }
    if (crowdedOut == null) {
      crowdedOut = new TreeMap<>();
    }
    crowdedOut.put(ids[replica], replica);
  }

  private void remove(long id) {
    int mask = buckets.length - 1;
    int at = hash(id) & mask;
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      if (buckets[at] != ABSENT && ids[buckets[at]] == id) {
        buckets[at] = ABSENT;
        return;
      }
      at = (at + 1) & mask;
    }
    if (crowdedOut != null) {
      crowdedOut.remove(id);
    }
  }

  private static int hash(long id) {
    // Not all ids are random: some are counted from one in tests and examples. Mix all bits.
    long mixed = id * 0x9e3779b97f4a7c15L;
    return (int) (mixed ^ mixed >>> 32);
  }
}
