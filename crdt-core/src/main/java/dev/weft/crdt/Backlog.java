package dev.weft.crdt;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes that came before what they depend on, bounded in number and bytes, each filed under an
 * event it waits for. Not thread-safe.
 */
final class Backlog {
  private final Limits limits;
  private final CausalHistory history;
  private final Map<EventId, Change> byFirstEvent = new HashMap<>();
  private final TreeMap<EventId, List<Change>> byMissing = new TreeMap<>();
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

  /** Returns the events that waiting changes wait for, one each. */
  Collection<EventId> missing() {
    return byMissing.keySet();
  }

  /** Files a change, and returns false if there is no room for it. */
  boolean add(Change change) {
    EventId first = new EventId(change.replica(), change.start());
    Change waiting = byFirstEvent.get(first);
    if (waiting != null && waiting.end() >= change.end()) {
      return true;
    }
    long newBytes = bytes + change.sizeInBytes() - (waiting == null ? 0 : waiting.sizeInBytes());
    boolean oneMore = waiting == null;
    if (newBytes > limits.maxBacklogBytes()
        || (oneMore && byFirstEvent.size() == limits.maxBacklogChanges())) {
      return false;
    }
    if (waiting != null) {
      remove(waiting);
    }
    EventId missing = firstMissing(change);
    if (missing == null) {
      throw new AssertionError("a change that is ready need not wait: " + change);
    }
    file(change, missing);
    return true;
  }

  boolean isReady(Change change) {
    return firstMissing(change) == null;
  }

  private void file(Change change, EventId missing) {
    byFirstEvent.put(new EventId(change.replica(), change.start()), change);
    byMissing.computeIfAbsent(missing, event -> new ArrayList<>()).add(change);
    bytes += change.sizeInBytes();
  }

  private void remove(Change change) {
    byFirstEvent.remove(new EventId(change.replica(), change.start()));
    bytes -= change.sizeInBytes();
    byMissing.values().removeIf(changes -> changes.remove(change) && changes.isEmpty());
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
    Map<EventId, List<Change>> arrived =
        byMissing.subMap(new EventId(replica, 0), new EventId(replica, next));
    if (arrived.isEmpty()) {
      return;
    }
    List<Change> changes = new ArrayList<>();
    arrived.values().forEach(changes::addAll);
    arrived.clear();
    for (Change change : changes) {
      byFirstEvent.remove(new EventId(change.replica(), change.start()));
      bytes -= change.sizeInBytes();
      EventId missing = firstMissing(change);
      if (missing == null) {
        ready.add(change);
      } else {
        file(change, missing);
      }
    }
  }

  private long knownOf(ReplicaId id) {
    int replica = history.findReplica(id.bits());
    return replica < 0 ? 0 : history.next(replica);
  }

  private @Nullable EventId firstMissing(Change change) {
    if (change.start() > knownOf(change.replica())) {
      return new EventId(change.replica(), change.start() - 1);
    }
    for (EventId dependency : change.dependencies()) {
      if (dependency.sequence() >= knownOf(dependency.replica())) {
        return dependency;
      }
    }
    return null;
  }
}
