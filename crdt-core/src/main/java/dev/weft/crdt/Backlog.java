package dev.weft.crdt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Changes that came before what they depend on, bounded in number and bytes, each filed under an
 * event it waits for. Filing one and taking it out are O(log changes + its dependencies), over all
 * the time that it waits. Not thread-safe.
 */
final class Backlog {
  /** How many missing events are told at most, lest telling them take longer than all else. */
  static final int MOST_MISSING_TOLD = 100;

  /** A change, and which of its dependencies it waits for. */
  private static final class Waiting {
    final Change change;
    final EventId first;
    // The events before are here, and stay.
    int dependenciesMet;
    EventId missing;

    Waiting(Change change, EventId first) {
      this.change = change;
      this.first = first;
      this.missing = first;
    }
  }

  private final Limits limits;
  private final CausalHistory history;
  private final Map<EventId, Waiting> byFirstEvent = new HashMap<>();
  // By the missing event's replica and sequence number: those who wait for it, by first event.
  private final TreeMap<ReplicaId, TreeMap<Long, Map<EventId, Waiting>>> byMissing =
      new TreeMap<>();
  private long bytes;

  Backlog(Limits limits, CausalHistory history) {
    this.limits = limits;
    this.history = history;
  }

  int size() {
    return byFirstEvent.size();
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
    for (Map.Entry<ReplicaId, TreeMap<Long, Map<EventId, Waiting>>> entry : byMissing.entrySet()) {
      if (missing.size() == MOST_MISSING_TOLD) {
        break;
      }
      missing.add(new EventId(entry.getKey(), entry.getValue().firstKey()));
    }
    return missing;
  }

  /**
   * Returns whether another change waits with the same first event and other events, as two devices
   * write that share a replica id. O(both changes), if one waits.
   */
  boolean contradicts(Change change) {
    Waiting before = byFirstEvent.get(new EventId(change.replica(), change.start()));
    if (before == null) {
      return false;
    }
    int shared = (int) (Math.min(before.change.end(), change.end()) - change.start());
    return ChangeDigest.after(before.change, shared) != ChangeDigest.after(change, shared);
  }

  /** Files a change, and returns false if there is no room for it. */
  boolean add(Change change) {
    EventId first = new EventId(change.replica(), change.start());
    Waiting before = byFirstEvent.get(first);
    if (before != null && before.change.end() >= change.end()) {
      return true;
    }
    long newBytes =
        bytes + change.sizeInBytes() - (before == null ? 0 : before.change.sizeInBytes());
    boolean oneMore = before == null;
    if (newBytes > limits.maxBacklogBytes()
        || (oneMore && byFirstEvent.size() == limits.maxBacklogChanges())) {
      return false;
    }
    if (before != null) {
      remove(before);
    }
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
    byFirstEvent.put(waiting.first, waiting);
    byMissing
        .computeIfAbsent(waiting.missing.replica(), replica -> new TreeMap<>())
        .computeIfAbsent(waiting.missing.sequence(), sequence -> new LinkedHashMap<>())
        .put(waiting.first, waiting);
    bytes += waiting.change.sizeInBytes();
  }

  private void remove(Waiting waiting) {
    byFirstEvent.remove(waiting.first);
    bytes -= waiting.change.sizeInBytes();
    // One who waits is filed under what it waits for, in maps that are not empty.
    byMissing.computeIfPresent(
        waiting.missing.replica(),
        (replica, bySequence) -> {
          bySequence.computeIfPresent(
              waiting.missing.sequence(),
              (sequence, others) -> {
                others.remove(waiting.first);
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
    TreeMap<Long, Map<EventId, Waiting>> bySequence = byMissing.get(replica);
    if (bySequence == null) {
      return;
    }
    List<Waiting> arrived = new ArrayList<>();
    bySequence.headMap(next).values().forEach(waiting -> arrived.addAll(waiting.values()));
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
