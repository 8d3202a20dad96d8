package dev.weft.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A growable list of event names as primitives, reused between changes. Not thread-safe. */
final class EventList {
  private long[] replicas = new long[4];
  private int[] sequences = new int[4];
  private int[] digests = new int[4];
  private int size;

  int size() {
    return size;
  }

  long replica(int index) {
    return replicas[index];
  }

  int sequence(int index) {
    return sequences[index];
  }

  /** Returns the {@link EventDigest} of the replica's events up to this one. */
  int digest(int index) {
    return digests[index];
  }

  void clear() {
    size = 0;
  }

  void add(long replica, int sequence, int digest) {
    if (size == replicas.length) {
      replicas = Arrays.copyOf(replicas, 2 * size);
      sequences = Arrays.copyOf(sequences, 2 * size);
      digests = Arrays.copyOf(digests, 2 * size);
    }
    replicas[size] = replica;
    sequences[size] = sequence;
    digests[size] = digest;
    size++;
  }

  List<EventId> toList() {
    List<EventId> events = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      events.add(new EventId(new ReplicaId(replicas[i]), sequences[i]));
    }
    return events;
  }
}
