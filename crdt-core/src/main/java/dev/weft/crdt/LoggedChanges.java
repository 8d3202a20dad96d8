package dev.weft.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads changes back from a document's log and tells a {@link ChangeSink}. Not thread-safe.
 *
 * <p>A run of the history is told as one change. Where it begins inside a run (the events before
 * are known to the receiver), what is told depends on nothing but the replica's own event before.
 */
final class LoggedChanges {
  // How much one change tells at most: units of text, and operations for some units each.
  private static final int MOST_TOLD = 1 << 14;
  private static final int UNITS_AN_OPERATION = 4;

  private final CausalHistory history;
  private final OperationLog log;
  private final UnitText text;
  private final RestoredDeletes restores;
  private final LoggedOperations operations;
  private final EventDigests digests;
  private final EventList dependencies = new EventList();

  LoggedChanges(CausalHistory history, OperationLog log, UnitText text) {
    operations = new LoggedOperations(history, log, text);
    digests = new EventDigests(history, log, operations);
    this.history = history;
    this.log = log;
    this.text = text;
    restores = new RestoredDeletes(history, log);
  }

  EventDigests digests() {
    return digests;
  }

  /** Returns one update with everything that {@code seen} has not, in causal order. */
  byte[] since(VersionVector seen) {
    return between(seen, null);
  }

  /**
   * Returns one update with what {@code to}, or this history if null, has seen and {@code from} has
   * not, in causal order.
   */
  byte[] between(VersionVector from, @Nullable VersionVector to) {
    requireHistorySince(from);
    int[] runs = new int[16];
    int count = 0;
    for (int replica = 0; replica < history.replicaCount(); replica++) {
      ReplicaId id = new ReplicaId(history.replicaId(replica));
      long known = from.next(id);
      long end = to == null ? history.next(replica) : to.next(id);
      if (known >= end) {
        continue;
      }
      int last = history.nthRunOf(replica, (int) end - 1);
      for (int nth = history.nthRunOf(replica, (int) known); nth <= last; nth++) {
        if (count == runs.length) {
          runs = Arrays.copyOf(runs, 2 * count);
        }
        runs[count++] = history.runOfReplica(replica, nth);
      }
    }
    Arrays.sort(runs, 0, count);
    UpdateWriter update = new UpdateWriter(64);
    for (int i = 0; i < count; i++) {
      ReplicaId replica = new ReplicaId(history.replicaId(history.runReplica(runs[i])));
      long end = to == null ? Long.MAX_VALUE : to.next(replica);
      tellBetween(from.next(replica), end, runs[i], update);
    }
    return update.toBytes();
  }

  /** Returns one update with a replica's changes from a sequence number on. */
  byte[] ofReplicaSince(ReplicaId id, int sequence) {
    UpdateWriter update = new UpdateWriter(64);
    int replica = history.findReplica(id.bits());
    if (replica >= 0 && sequence < history.next(replica)) {
      if (sequence < history.baseNext(replica)) {
        throw beginsLater(VersionVector.of(id, sequence));
      }
      int last = history.lastRunOf(replica);
      for (int nth = history.nthRunOf(replica, sequence); nth <= last; nth++) {
        tellBetween(sequence, Long.MAX_VALUE, history.runOfReplica(replica, nth), update);
      }
    }
    return update.toBytes();
  }

  /** Tells a writer, which never objects, those of a run's events that are between two numbers. */
  private void tellBetween(long known, long end, int run, UpdateWriter writer) {
    int first = history.runSequence(run);
    int start = history.runStart(run) + (int) Math.max(0, known - first);
    int length = history.runEnd(run) - history.runStart(run);
    int stop = history.runStart(run) + (int) Math.min(length, end - first);
    try {
      tell(run, start, stop, writer);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("a writer takes what the log holds", e);
    }
  }

  /** Requires that all events that a version has not are told apart here. */
  void requireHistorySince(VersionVector version) {
    if (!version.includes(history.baseVersion())) {
      throw beginsLater(version);
    }
  }

  private IllegalArgumentException beginsLater(VersionVector version) {
    return new IllegalArgumentException(
        "the document's history begins at a later version, what came before cannot be told: give"
            + " the other a snapshot to load, version="
            + version
            + ", historyBase="
            + history.baseVersion());
  }

  /** Tells all changes that are known, in order of arrival. */
  void tellAll(ChangeSink sink) throws MalformedUpdateException {
    for (int run = history.runsOfBase(); run < history.runCount(); run++) {
      tell(run, history.runStart(run), history.runEnd(run), sink);
    }
  }

  /**
   * Tells the events of [start, end), all of one run, or from one before if a pair begins there.
   */
  private void tell(int run, int start, int stop, ChangeSink sink) throws MalformedUpdateException {
    int end = stop < history.runEnd(run) ? betweenPairs(run, stop) : stop;
    // Half a deletion can be written, and is refused by who reads it; half a pair of text cannot.
    int from = log.isInsert(log.operationOfEvent(start)) ? betweenPairs(run, start) : start;
    while (from < end) {
      from = tellChange(run, from, end, sink);
    }
  }

  /** Returns whether an event and the one before do the same to the halves of a surrogate pair. */
  boolean partsPair(int event) {
    return text.hasSurrogates()
        && event < history.eventCount()
        && betweenPairs(history.runAt(event), event) != event;
  }

  /**
   * Returns {@code event}, or the event before it if the two do the same to the halves of a
   * surrogate pair. A vector from outside may point between them.
   */
  private int betweenPairs(int run, int event) {
    if (!text.hasSurrogates() || event == history.runStart(run)) {
      return event;
    }
    if (log.operationOfEvent(event) != log.operationOfEvent(event - 1)) {
      // Both halves of a pair are always of one operation.
      return event;
    }
    int unit = restores.unitTouchedBy(event);
    int before = restores.unitTouchedBy(event - 1);
    boolean halves =
        Math.abs(unit - before) == 1
            && Character.isHighSurrogate(text.charAt(Math.min(unit, before)))
            && Character.isLowSurrogate(text.charAt(Math.max(unit, before)));
    return halves ? event - 1 : event;
  }

  /** Tells a change with the first events of [start, end), and returns the first it has not. */
  private int tellChange(int run, int start, int end, ChangeSink sink)
      throws MalformedUpdateException {
    int runStart = history.runStart(run);
    dependencies.clear();
    if (start == runStart) {
      for (int i = history.dependenciesStart(run); i < history.dependenciesEnd(run); i++) {
        int event = history.dependency(i);
        int of = history.runAt(event);
        int replica = history.runReplica(of);
        int sequence = history.sequenceOf(event, of);
        dependencies.add(history.replicaId(replica), sequence, digests.ofDependency(run, i));
      }
    }
    int replica = history.runReplica(run);
    int sequence = history.runSequence(run) + start - runStart;
    int digest = digests.of(replica, sequence);
    sink.change(history.replicaId(replica), sequence, digest, dependencies, 0);
    int event = tellOperations(run, start, end, sink);
    sink.endChange(0);
    return event;
  }

  private int tellOperations(int run, int start, int end, ChangeSink sink)
      throws MalformedUpdateException {
    int event = start;
    int told = 0;
    while (event < end && told < MOST_TOLD) {
      int operation = log.operationOfEvent(event);
      int stop = Math.min(end, log.endEvent(operation));
      int room = MOST_TOLD - told;
      if (log.isInsert(operation) && stop - event > room) {
        stop = betweenPairs(run, event + room);
        if (stop == event) {
          break;
        }
      }
      // Pieces of a deletion never part a pair.
      int pieces = 1 + room / UNITS_AN_OPERATION;
      int next = operations.tellOne(operation, event, stop, pieces, sink);
      told += UNITS_AN_OPERATION * operations.piecesTold();
      told += log.isInsert(operation) ? next - event : 0;
      event = next;
    }
    return event;
  }
}
