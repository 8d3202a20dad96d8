package dev.weft.crdt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Changes that came before what they depend on, bounded in number and bytes, each filed under an
 * event it waits for. Filing one and taking it out are O(log changes + its dependencies), over all
 * the time that it waits. Not thread-safe.
 */
final class Backlog {
  /** How many missing events are told at most, lest telling them take longer than all else. */
  static final int MOST_MISSING_TOLD = 100;

  /** How many changes with the same first event wait at most. */
  private static final int MOST_OF_ONE_EVENT = 4;

  // Of longer ones, those that they have all events of wait beside them.
  private static final int SHORT_BYTES = 4_096;

  /** A change, and which of its dependencies it waits for. */
  private static final class Waiting {
    final Change change;
    final EventId first;
    // That of the replica's events up to the end of the change, once somebody asked.
    private int digest;
    private boolean isDigestKnown;
    // The events before are here, and stay.
    int dependenciesMet;
    EventId missing;

    Waiting(Change change, EventId first) {
      this.change = change;
      this.first = first;
      this.missing = first;
    }

    /** Returns whether this has all events of another change, as far as it is short to see. */
    boolean hasAllOf(Change other) {
      int length = (int) (other.end() - other.start());
      return other.end() < change.end()
          && change.sizeInBytes() <= SHORT_BYTES
          && ChangeDigest.after(change, length) == ChangeDigest.after(other, length);
    }

    /** Returns whether another change has all these events and more. O(both), then O(other). */
    boolean isBeginOf(Change other) {
      if (change.end() >= other.end()) {
        return false;
      }
      int length = (int) (change.end() - change.start());
      if (!isDigestKnown) {
        digest = ChangeDigest.after(change, length);
        isDigestKnown = true;
      }
      return ChangeDigest.after(other, length) == digest;
    }
  }

  private final Limits limits;
  private final CausalHistory history;
  private final Map<EventId, List<Waiting>> byFirstEvent = new HashMap<>();
  // By the missing event's replica and sequence number: those who wait for it, as they came.
  private final TreeMap<ReplicaId, TreeMap<Long, Set<Waiting>>> byMissing = new TreeMap<>();
  private int size;
  private long bytes;

  Backlog(Limits limits, CausalHistory history) {
    this.limits = limits;
    this.history = history;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return byFirstEvent.isEmpty();
  }

  /**
   * Returns for each replica the first event that waiting changes wait for, of up to {@link
   * #MOST_MISSING_TOLD} replicas.
   */
  List<EventId> missing() {
    if (byMissing.isEmpty()) {
      return List.of();
    }
    List<EventId> missing = new ArrayList<>();
    for (Map.Entry<ReplicaId, TreeMap<Long, Set<Waiting>>> entry : byMissing.entrySet()) {
      if (missing.size() == MOST_MISSING_TOLD) {
        break;
      }
      missing.add(new EventId(entry.getKey(), entry.getValue().firstKey()));
    }
    return missing;
  }

  /**
   * Files a change, and returns false if there is no room for it. It takes the place of those that
   * have the same first events and end earlier. Others with the same first event, as two devices
   * write that share a replica id, wait beside it, and it is told which holds when they are ready.
   */
  boolean add(Change change) {
    EventId first = new EventId(change.replica(), change.start());
    List<Waiting> others = byFirstEvent.getOrDefault(first, List.of());
    List<Waiting> replaced = new ArrayList<>();
    long newBytes = bytes + change.sizeInBytes();
    for (Waiting other : others) {
      if (other.change.equals(change) || other.hasAllOf(change)) {
        return true;
      }
      if (other.isBeginOf(change)) {
        replaced.add(other);
        newBytes -= other.change.sizeInBytes();
      }
    }
    if (newBytes > limits.maxBacklogBytes()
        || size - replaced.size() >= limits.maxBacklogChanges()
        || others.size() - replaced.size() >= MOST_OF_ONE_EVENT) {
      return false;
    }
    replaced.forEach(this::remove);
    Waiting waiting = new Waiting(change, first);
    if (!findMissing(waiting)) {
      throw new AssertionError("a change that is ready need not wait: " + change);
    }
    file(waiting);
    return true;
  }

  boolean isReady(Change change) {
    return !findMissing(new Waiting(change, new EventId(change.replica(), change.start())));
  }

  private void file(Waiting waiting) {
    byFirstEvent.computeIfAbsent(waiting.first, first -> new ArrayList<>(1)).add(waiting);
    byMissing
        .computeIfAbsent(waiting.missing.replica(), replica -> new TreeMap<>())
        .computeIfAbsent(waiting.missing.sequence(), sequence -> new LinkedHashSet<>())
        .add(waiting);
    size++;
    bytes += waiting.change.sizeInBytes();
  }

  private void remove(Waiting waiting) {
    byFirstEvent.computeIfPresent(
        waiting.first,
        (first, others) -> {
          others.remove(waiting);
          return others.isEmpty() ? null : others;
        });
    size--;
    bytes -= waiting.change.sizeInBytes();
    // One who waits is filed under what it waits for, in maps that are not empty.
    byMissing.computeIfPresent(
        waiting.missing.replica(),
        (replica, bySequence) -> {
          bySequence.computeIfPresent(
              waiting.missing.sequence(),
              (sequence, others) -> {
                others.remove(waiting);
                return others.isEmpty() ? null : others;
              });
          return bySequence.isEmpty() ? null : bySequence;
        });
  }

  /**
   * Takes out the changes that are ready now that the history has grown from {@code fromEvent} on;
   * a change that waits for something else now is filed anew.
   */
  List<Change> takeReady(int fromEvent) {
    List<Change> ready = new ArrayList<>();
    for (int run = history.runAt(fromEvent); run < history.runCount(); run++) {
      int replica = history.runReplica(run);
      takeArrived(new ReplicaId(history.replicaId(replica)), history.next(replica), ready);
    }
    return ready;
  }

  private void takeArrived(ReplicaId replica, long next, List<Change> ready) {
    TreeMap<Long, Set<Waiting>> bySequence = byMissing.get(replica);
    if (bySequence == null) {
      return;
    }
    List<Waiting> arrived = new ArrayList<>();
    bySequence.headMap(next).values().forEach(arrived::addAll);
    for (Waiting waiting : arrived) {
      remove(waiting);
      if (findMissing(waiting)) {
        file(waiting);
      } else {
        ready.add(waiting.change);
      }
    }
  }

  private long knownOf(ReplicaId id) {
    int replica = history.findReplica(id.bits());
    return replica < 0 ? 0 : history.next(replica);
  }

  /** Finds the next event that a change waits for, and returns whether there is one. */
  private boolean findMissing(Waiting waiting) {
    Change change = waiting.change;
    if (change.start() > knownOf(change.replica())) {
      waiting.missing = new EventId(change.replica(), change.start() - 1);
      return true;
    }
    List<EventId> dependencies = change.dependencies();
    while (waiting.dependenciesMet < dependencies.size()) {
      EventId dependency = dependencies.get(waiting.dependenciesMet);
      if (dependency.sequence() >= knownOf(dependency.replica())) {
        waiting.missing = dependency;
        return true;
      }
      waiting.dependenciesMet++;
    }
    return false;
  }
}
