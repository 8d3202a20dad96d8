package dev.weft.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who did what in which order: all events a document has seen, as runs, with what each run depends
 * on. Not thread-safe.
 *
 * <p>Events are numbered in order of arrival, from 0: an <i>event number</i> is this document's own
 * short name of an {@link EventId}. Since arrival respects causality, an event's causes have lower
 * numbers.
 *
 * <pre>
 *   event number   0         5     7          12
 *   run            | A 0..4  | B 0..1 | A 5..9 |      (replica, its sequence numbers)
 *   depends on       -         A@2      B@1           (besides the replica's own event before)
 * </pre>
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>I1: run starts ascend; a run ends where the next starts, the last at {@link #eventCount}.
 *   <li>I2: the runs of one replica cover its sequence numbers from 0 without gap, ascending.
 *   <li>I3: two neighbouring runs of one replica are apart only because the second has
 *       dependencies, or is the first behind the {@link HistoryBase}.
 *   <li>I4: a run's dependencies lie before it.
 *   <li>I5: heads are the events on which no other depends, directly or not; each is the last of
 *       its replica.
 * </ul>
 */
final class CausalHistory {
  /** That a digest has not been worked out; if one is this, it is worked out again. */
  static final int UNKNOWN_DIGEST = 0;

  private final ReplicaTable replicas;
  private int[] nextOf = new int[4];
  // By replica: the number of its last event; others mostly depend on it.
  private int[] lastOf = new int[4];
  // By replica: the indexes of its runs, ascending, and how many there are.
  private int[][] runsOf = new int[4][];
  private int[] runCountOf = new int[4];
  // By replica: which of its runs was found last; what is looked for next is mostly near.
  private int[] nearRunOf = new int[4];

  // The columns of a run.
  private static final int EVENT = 0;
  private static final int REPLICA = 1;
  private static final int SEQUENCE = 2;
  private static final int DEPENDENCIES_END = 3;

  private final IntRows runs;
  private final IntColumn dependencies;
  // By dependency: the digest of its replica's events up to it, or that nobody has asked yet.
  private final IntColumn dependencyDigests;

  private int eventCount;
  private int nearRun;
  private final CausalHeads heads;
  private @Nullable HistoryBase base;

  CausalHistory() {
    replicas = new ReplicaTable();
    runs = new IntRows();
    dependencies = new IntColumn();
    dependencyDigests = new IntColumn();
    heads = new CausalHeads();
  }

  CausalHistory(CausalHistory other) {
    replicas = new ReplicaTable(other.replicas);
    nextOf = other.nextOf.clone();
    lastOf = other.lastOf.clone();
    runsOf = other.runsOf.clone();
    for (int replica = 0; replica < replicas.size(); replica++) {
      runsOf[replica] = other.runsOf[replica].clone();
    }
    runCountOf = other.runCountOf.clone();
    nearRunOf = other.nearRunOf.clone();
    runs = new IntRows(other.runs);
    dependencies = new IntColumn(other.dependencies);
    dependencyDigests = new IntColumn(other.dependencyDigests);
    eventCount = other.eventCount;
    heads = new CausalHeads(other.heads);
    base = other.base;
  }

  /** Says that all so far is what this history begins with: no run of it goes on. */
  void close(HistoryBase newBase) {
    base = newBase;
    heads.clear();
    heads.add(runReplica(runAt(newBase.head())));
  }

  /** Returns what this history begins with, null if that is nothing. */
  @Nullable HistoryBase base() {
    return base;
  }

  /** Returns how many runs this history begins with, which say nothing but that they were. */
  int runsOfBase() {
    return base == null ? 0 : base.runCount();
  }

  /** Returns how many events came before this history begins. */
  int eventsOfBase() {
    return base == null ? 0 : base.eventCount();
  }

  /** Returns the version at which this history begins. */
  VersionVector baseVersion() {
    return base == null
        ? VersionVector.EMPTY
        : versionOf(Arrays.copyOf(base.nexts(), replicas.size()));
  }

  /** Returns the digest of those of a replica's events that came before this history begins. */
  int baseDigest(int replica) {
    return base == null ? EventDigest.NONE : base.digest(replica);
  }

  /** Returns how many of a replica's events came before this history begins. */
  int baseNext(int replica) {
    return base == null ? 0 : base.next(replica);
  }

  int eventCount() {
    return eventCount;
  }

  int replicaCount() {
    return replicas.size();
  }

  long replicaId(int replica) {
    return replicas.id(replica);
  }

  int findReplica(long id) {
    return replicas.find(id);
  }

  int findOrAddReplica(long id) {
    int replica = replicas.find(id);
    if (replica < 0) {
      replica = replicas.add(id);
      if (replica == nextOf.length) {
        nextOf = Arrays.copyOf(nextOf, 2 * replica);
        lastOf = Arrays.copyOf(lastOf, 2 * replica);
        runsOf = Arrays.copyOf(runsOf, 2 * replica);
        runCountOf = Arrays.copyOf(runCountOf, 2 * replica);
        nearRunOf = Arrays.copyOf(nearRunOf, 2 * replica);
      }
      nextOf[replica] = 0;
      lastOf[replica] = OperationLog.NONE;
      runCountOf[replica] = 0;
      nearRunOf[replica] = 0;
    }
    return replica;
  }

  /** Returns the replica's next sequence number, that is, how many of its events are here. */
  int next(int replica) {
    return nextOf[replica];
  }

  /** Returns the event numbers of the heads, ascending. O(heads log heads). */
  int[] heads() {
    int[] events = new int[heads.size()];
    for (int i = 0; i < events.length; i++) {
      events[i] = lastOf[heads.replica(i)];
    }
    Arrays.sort(events);
    return events;
  }

  /**
   * Appends {@code count} events of {@code replica}, made with the heads of this history as what
   * they depend on.
   */
  void appendLocal(int replica, int count) {
    if (followsOwn(replica)) {
      ensureRun(replica);
    } else {
      int own = lastOf[replica];
      startRun(replica);
      if (heads.size() == 1) {
        // As where two take turns; it is not the own one.
        addDependency(lastOf[heads.replica(0)], UNKNOWN_DIGEST);
      } else {
        addDependencies(heads(), own);
      }
      runs.set(runs.size() - 1, DEPENDENCIES_END, dependencies.size());
      heads.clear();
    }
    append(replica, count);
    heads.add(replica);
  }

  /** Returns whether events that a replica makes now would begin another run. */
  boolean startsLocalRun(int replica) {
    return !followsOwn(replica) || startsRun(replica, 0);
  }

  private boolean followsOwn(int replica) {
    return heads.size() == 0 || (heads.size() == 1 && heads.replica(0) == replica);
  }

  private void addDependencies(int[] events, int leftOut) {
    for (int event : events) {
      if (event != leftOut) {
        addDependency(event, UNKNOWN_DIGEST);
      }
    }
  }

  private void addDependency(int event, int digest) {
    dependencies.add(event);
    dependencyDigests.add(digest);
  }

  /**
   * Appends {@code count} events of {@code replica} that depend on the given events and the
   * replica's own one before.
   *
   * @param dependsOnReplicas the replicas of the events that it depends on
   * @param digests of their replicas' events up to them, or {@link #UNKNOWN_DIGEST}
   */
  void appendRemote(
      int replica,
      int[] dependsOn,
      int[] dependsOnReplicas,
      int[] digests,
      int dependencyCount,
      int count) {
    if (dependencyCount > 0) {
      for (int i = 0; i < dependencyCount; i++) {
        if (dependsOn[i] == lastOf[dependsOnReplicas[i]]) {
          heads.remove(dependsOnReplicas[i]);
        }
      }
      startRun(replica);
      for (int i = 0; i < dependencyCount; i++) {
        addDependency(dependsOn[i], digests[i]);
      }
      runs.set(runs.size() - 1, DEPENDENCIES_END, dependencies.size());
    } else {
      ensureRun(replica);
    }
    append(replica, count);
    heads.add(replica);
  }

  /** Returns whether events of a replica would begin another run. */
  boolean startsRun(int replica, int dependencyCount) {
    int last = runs.size() - 1;
    return dependencyCount > 0 || last < runsOfBase() || runs.get(last, REPLICA) != replica;
  }

  private void ensureRun(int replica) {
    if (startsRun(replica, 0)) {
      startRun(replica);
    }
  }

  private void startRun(int replica) {
    int run = runs.size();
    runs.add(eventCount, replica, nextOf[replica], dependencies.size());
    int count = runCountOf[replica]++;
    int[] own = runsOf[replica];
    if (own == null) {
      own = runsOf[replica] = new int[1];
    } else if (count == own.length) {
      own = runsOf[replica] = Arrays.copyOf(own, 2 * count);
    }
    own[count] = run;
  }

  private void append(int replica, int count) {
    nextOf[replica] += count;
    eventCount += count;
    lastOf[replica] = eventCount - 1;
  }

  /** Returns the number of the event, which must be here. O(log runs of the replica). */
  int event(int replica, int sequence) {
    if (sequence == nextOf[replica] - 1) {
      return lastOf[replica];
    }
    int run = runOf(replica, sequence);
    return runs.get(run, EVENT) + sequence - runs.get(run, SEQUENCE);
  }

  /** Returns the sequence number of an event, which stands in the run. O(1). */
  int sequenceOf(int event, int run) {
    return runs.get(run, SEQUENCE) + event - runs.get(run, EVENT);
  }

  /** Returns the run in which an event of a replica stands. O(log runs of the replica). */
  int runOf(int replica, int sequence) {
    return runsOf[replica][nthRunOf(replica, sequence)];
  }

  /**
   * Returns how many events of one replica, from one of them on and up to {@code most}, have event
   * numbers in a row. O(log runs).
   */
  int inARow(int event, int most) {
    return Math.min(most, runEnd(runAt(event)) - event);
  }

  /** Returns which of the replica's runs, counted from 0, has the event. */
  int nthRunOf(int replica, int sequence) {
    int[] own = runsOf[replica];
    int last = runCountOf[replica] - 1;
    if (runs.get(own[last], SEQUENCE) <= sequence) {
      return last;
    }
    // In [low, high): outwards from the one found before.
    int low = Math.min(nearRunOf[replica], last - 1);
    int high = low + 1;
    for (int step = 1; runs.get(own[low], SEQUENCE) > sequence; step <<= 1) {
      high = low;
      low = Math.max(0, low - step);
    }
    for (int step = 1; runs.get(own[high], SEQUENCE) <= sequence; step <<= 1) {
      low = high;
      high = Math.min(last, high + step);
    }
    while (high - low > 1) {
      int mid = (low + high) >>> 1;
      if (runs.get(own[mid], SEQUENCE) <= sequence) {
        low = mid;
      } else {
        high = mid;
      }
    }
    nearRunOf[replica] = low;
    return low;
  }

  /** Returns which of the replica's runs, counted from 0, is its last; -1 if it has none. */
  int lastRunOf(int replica) {
    return runCountOf[replica] - 1;
  }

  /** Returns the replica's n-th run, counted from 0. */
  int runOfReplica(int replica, int nth) {
    return runsOf[replica][nth];
  }

  EventId eventId(int event) {
    int run = runAt(event);
    return new EventId(
        new ReplicaId(replicas.id(runs.get(run, REPLICA))),
        runs.get(run, SEQUENCE) + event - runs.get(run, EVENT));
  }

  /** Returns the run in which an event stands. O(log distance) from the one found before. */
  int runAt(int event) {
    int last = runs.size() - 1;
    if (runs.get(last, EVENT) <= event) {
      return last;
    }
    nearRun = runs.floor(EVENT, event, nearRun);
    return nearRun;
  }

  int runCount() {
    return runs.size();
  }

  int runStart(int run) {
    return runs.get(run, EVENT);
  }

  int runEnd(int run) {
    return run + 1 == runs.size() ? eventCount : runs.get(run + 1, EVENT);
  }

  int runReplica(int run) {
    return runs.get(run, REPLICA);
  }

  int runSequence(int run) {
    return runs.get(run, SEQUENCE);
  }

  int dependenciesStart(int run) {
    return run == 0 ? 0 : runs.get(run - 1, DEPENDENCIES_END);
  }

  int dependenciesEnd(int run) {
    return runs.get(run, DEPENDENCIES_END);
  }

  /** Returns the event number of a dependency. */
  int dependency(int index) {
    return dependencies.get(index);
  }

  /** Returns the digest that was set of a dependency, {@link #UNKNOWN_DIGEST} if none was. */
  int dependencyDigest(int index) {
    return dependencyDigests.get(index);
  }

  void setDependencyDigest(int index, int digest) {
    dependencyDigests.set(index, digest);
  }

  VersionVector version() {
    return versionOf(nextOf);
  }

  /** Returns the vector with the next sequence number of each replica. */
  VersionVector versionOf(int[] nexts) {
    return VersionVector.of(replicas, nexts);
  }

  /** Returns the vector of the events below an event number. O(runs). */
  VersionVector versionAfter(int events) {
    int[] nexts = new int[replicas.size()];
    for (int run = 0; run < runCount() && runStart(run) < events; run++) {
      nexts[runReplica(run)] = runSequence(run) + Math.min(events, runEnd(run)) - runStart(run);
    }
    return versionOf(nexts);
  }

  /** Returns the events that others name as what they depend on. O(dependencies). */
  UnitSet dependedOn() {
    UnitSet events = new UnitSet();
    for (int i = 0; i < dependencies.size(); i++) {
      events.add(dependencies.get(i), 1);
    }
    return events;
  }

  /** Returns the vector of the events on which an event was made. O(runs). */
  VersionVector versionBefore(int event) {
    int[] nexts = new int[replicas.size()];
    for (int replica = 0; replica < nexts.length; replica++) {
      nexts[replica] = baseNext(replica);
    }
    int last = runAt(event);
    see(last, event, nexts);
    for (int run = last - 1; run >= 0; run--) {
      // What depends on it stands behind it, and has been looked at.
      int seen = nexts[runReplica(run)] - runSequence(run);
      if (seen > 0) {
        see(run, Math.min(runEnd(run), runStart(run) + seen), nexts);
      }
    }
    return versionOf(nexts);
  }

  /** Adds the events of a run below an event, and those on which the run was made. */
  private void see(int run, int end, int[] nexts) {
    int replica = runReplica(run);
    nexts[replica] = Math.max(nexts[replica], runSequence(run) + end - runStart(run));
    for (int i = dependenciesStart(run); i < dependenciesEnd(run); i++) {
      int on = runAt(dependency(i));
      int next = sequenceOf(dependency(i), on) + 1;
      nexts[runReplica(on)] = Math.max(nexts[runReplica(on)], next);
    }
  }

  /** Returns each replica's next sequence number. */
  int[] nexts() {
    return Arrays.copyOf(nextOf, replicas.size());
  }

  /** Returns how many bytes of memory this takes, about. O(replicas + pages). */
  long memoryBytes() {
    long bytes = runs.memoryBytes() + dependencies.memoryBytes() + dependencyDigests.memoryBytes();
    for (int replica = 0; replica < replicas.size(); replica++) {
      bytes += Footprint.ofInts(runsOf[replica] == null ? 0 : runsOf[replica].length);
      // Its id, its place in tables and arrays.
      bytes += Long.BYTES + 7L * Integer.BYTES;
    }
    return bytes;
  }

  /**
   * Remembers this history's length, to return to it with {@link #rollBack}; only the last mark
   * counts. O(1).
   */
  Mark mark() {
    heads.mark();
    return new Mark(eventCount, replicas.size(), runs.size(), dependencies.size());
  }

  /** Forgets everything that was appended since the last mark. O(what was appended). */
  void rollBack(Mark mark) {
    heads.rollBack();
    for (int run = runs.size() - 1; run >= 0 && runEnd(run) > mark.eventCount(); run--) {
      int replica = runs.get(run, REPLICA);
      int kept = Math.max(0, mark.eventCount() - runs.get(run, EVENT));
      nextOf[replica] = runs.get(run, SEQUENCE) + kept;
      if (run < mark.runCount()) {
        lastOf[replica] = mark.eventCount() - 1;
      } else {
        int before = --runCountOf[replica] - 1;
        lastOf[replica] = before < 0 ? OperationLog.NONE : runEnd(runsOf[replica][before]) - 1;
      }
    }
    for (int replica = mark.replicaCount(); replica < replicas.size(); replica++) {
      runsOf[replica] = null;
    }
    runs.truncate(mark.runCount());
    dependencies.truncate(mark.dependencyCount());
    dependencyDigests.truncate(mark.dependencyCount());
    replicas.truncate(mark.replicaCount());
    eventCount = mark.eventCount();
  }

  /** Returns the last of the first events, of which all others are causes: a critical version. */
  int headOf(int events) {
    return base != null && events == base.eventCount() ? base.head() : events - 1;
  }

  /** Checks I1 to I5. O(events of dependencies + runs). */
  void checkInvariants() {
    new CausalHistoryChecker(this).check();
  }

  /** How long a history was. */
  record Mark(int eventCount, int replicaCount, int runCount, int dependencyCount) {}
}
