package dev.weft.store;

import dev.weft.crdt.ApplyResult;
import dev.weft.crdt.Change;
import dev.weft.crdt.EventRange;
import dev.weft.crdt.Limits;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is made of a document that was salvaged: a log that is closed under causality and makes a
 * document, and what does not fit. Immutable.
 *
 * @param log the changes of the log, in causal order
 * @param version what they amount to
 * @param waiting the changes that build on what is missing, in causal order
 * @param unused the changes that were found only in pages in no use, in causal order
 * @param missing what the store had and was not found, by replica
 */
record RecoveredDocument(
    List<Change> log,
    VersionVector version,
    List<Change> waiting,
    List<Change> unused,
    List<EventRange> missing) {

  /** Under which id a document is built and never written. */
  private static final ReplicaId READER = new ReplicaId(0);

  /** How much is applied at once. */
  private static final int PART_BYTES = 1 << 20;

  /** Sorts out what was salvaged. O(history). */
  static RecoveredDocument of(SalvagedDocument salvaged) {
    Builder builder = new Builder();
    for (Change change : salvaged.ordered()) {
      builder.take(change);
    }
    builder.applyPart();
    VersionVector version = builder.text.version();
    List<Change> unused = salvaged.leftUnused(version);
    return new RecoveredDocument(
        builder.log,
        version,
        builder.waiting,
        unused,
        missing(version, builder.waiting, unused, salvaged.claimed()));
  }

  /** Returns how many events the log has. */
  long events() {
    return version.eventsSince(VersionVector.EMPTY);
  }

  private static List<EventRange> missing(
      VersionVector version, List<Change> waiting, List<Change> unused, VersionVector claimed) {
    VersionVector.Builder known = claimed.toBuilder();
    Map<ReplicaId, TreeMap<Long, Long>> present = new HashMap<>();
    for (List<Change> left : List.of(waiting, unused)) {
      for (Change change : left) {
        known.advance(change.replica(), change.end());
        change.dependencies().forEach(on -> known.advance(on.replica(), on.sequence() + 1));
        present
            .computeIfAbsent(change.replica(), absent -> new TreeMap<>())
            .merge(change.start(), change.end(), Math::max);
      }
    }
    List<EventRange> missing = new ArrayList<>();
    for (EventRange range : known.build().subtract(version)) {
      long reached = range.start();
      for (Map.Entry<Long, Long> there :
          present.getOrDefault(range.replica(), new TreeMap<>()).entrySet()) {
        if (there.getKey() > reached) {
          missing.add(new EventRange(range.replica(), reached, there.getKey()));
        }
        reached = Math.max(reached, there.getValue());
      }
      if (reached < range.end()) {
        missing.add(new EventRange(range.replica(), reached, range.end()));
      }
    }
    return missing;
  }

  /** Takes changes one by one. */
  private static final class Builder {
    final List<Change> log = new ArrayList<>();
    final List<Change> waiting = new ArrayList<>();
    final TextDocument text = TextDocument.create(READER, Limits.DEFAULT);

    private final List<Change> part = new ArrayList<>();
    private int partBytes;

    /** What the text has seen, and the part; kept apart from a vector, whose every step is O(n). */
    private final Map<ReplicaId, Long> nexts = new HashMap<>();

    void take(Change change) {
      if (change.end() <= next(change.replica())) {
        return;
      }
      if (!isReady(change)) {
        waiting.add(change);
        return;
      }
      part.add(change);
      partBytes += change.sizeInBytes();
      nexts.put(change.replica(), change.end());
      if (partBytes >= PART_BYTES) {
        applyPart();
      }
    }

    /** Applies the part; if something in it is not valid, change by change. */
    void applyPart() {
      List<Change> taken = List.copyOf(part);
      part.clear();
      partBytes = 0;
      if (taken.isEmpty() || apply(taken)) {
        return;
      }
      VersionVector before = text.version();
      nexts.clear();
      before.replicas().forEach(replica -> nexts.put(replica, before.next(replica)));
      for (Change change : taken) {
        if (!isReady(change) || !apply(List.of(change))) {
          waiting.add(change);
        } else {
          nexts.put(change.replica(), change.end());
        }
      }
    }

    private boolean apply(List<Change> changes) {
      try {
        ApplyResult result = text.apply(Change.combine(changes));
        if (!result.isComplete()) {
          throw new AssertionError("changes were applied before what they build on: " + changes);
        }
        log.addAll(changes);
        return true;
      } catch (MalformedUpdateException e) {
        // Written so, and no part of one history: it is kept as what cannot be taken in.
        return false;
      }
    }

    private boolean isReady(Change change) {
      return change.start() <= next(change.replica())
          && change.dependencies().stream().allMatch(on -> on.sequence() < next(on.replica()));
    }

    private long next(ReplicaId replica) {
      return nexts.getOrDefault(replica, 0L);
    }
  }
}
