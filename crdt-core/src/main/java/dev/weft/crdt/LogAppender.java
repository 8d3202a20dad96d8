package dev.weft.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Appends changes from outside to a document's history, log and text, each reference checked; what
 * is known already is passed over, what is not ready yet is set apart. It leaves the order of the
 * text alone: see {@link Integrator}. If it throws, the caller rolls the three back. Not
 * thread-safe.
 */
final class LogAppender implements ChangeSink {
  // A longer table, as of a whole history, is not kept beyond its update.
  private static final int INSERTIONS_KEPT = 1024;

  // Of a whole history. What is behind them is found when it is asked for.
  private static final int RUNS_REMEMBERED = 64;

  private final CausalHistory history;
  private final OperationLog log;
  private final UnitText text;
  private final SpanTree tree;
  private final Limits limits;
  private final RestoredDeletes restores;
  private final KnownDeletes deletes;
  private final EventDigests digests;
  private final LoggedChanges logged;

  private List<Change> early = new ArrayList<>();
  private int[] dependencyEvents = new int[4];
  private int[] dependencyReplicas = new int[4];
  private int[] dependencyDigests = new int[4];
  private int dependencyCount;
  // How often the order may have to part a span or a leaf for this update.
  private long steps;
  private long replicaId;
  private int replica;
  // How many events of the current change are known already and still to come.
  private int known;
  private final DigestTrail trail = new DigestTrail();
  private final EventDigest digest = new EventDigest(trail);
  private final EventName shifted = new EventName();
  private @Nullable ChangeWriter waiting;
  // By insertion of the update: its first unit, NONE if it was not appended as it stands there.
  private int[] insertedUnits = new int[4];
  private int insertionCount;

  LogAppender(Contents contents, Limits limits) {
    history = contents.history;
    log = contents.log;
    text = contents.text;
    tree = contents.tree;
    this.limits = limits;
    restores = new RestoredDeletes(history, log);
    deletes = new KnownDeletes(history, log);
    logged = contents.logged;
    digests = logged.digests();
  }

  /** Begins an update of so many bytes. */
  void begin(int bytes) {
    trail.begin(bytes);
    waiting = null;
    insertionCount = 0;
    steps = 0;
  }

  /** Ends the update, and returns the changes that others must come before. */
  List<Change> end() {
    List<Change> changes = early.isEmpty() ? List.of() : List.copyOf(early);
    rememberDigests();
    forget();
    return changes;
  }

  /** Gives up an update, of which the caller takes back what was appended. */
  void abandon() {
    deletes.clear();
    digests.rollBack();
    forget();
  }

  /** Remembers the digests at the ends of the last runs, which what comes next depends on. */
  private void rememberDigests() {
    if (trail.isEmpty()) {
      return;
    }
    int first = Math.max(0, history.runCount() - RUNS_REMEMBERED);
    for (int run = first; run < history.runCount(); run++) {
      int last = history.runEnd(run) - 1;
      if (trail.has(last)) {
        int next = history.sequenceOf(last, run) + 1;
        digests.set(history.runReplica(run), next, trail.after(last));
      }
    }
  }

  private void forget() {
    trail.clear();
    if (!early.isEmpty()) {
      early = new ArrayList<>();
    }
    if (insertedUnits.length > INSERTIONS_KEPT) {
      insertedUnits = new int[4];
    }
  }

  private void note(int unit) {
    if (insertionCount == insertedUnits.length) {
      insertedUnits = Arrays.copyOf(insertedUnits, 2 * insertionCount);
    }
    insertedUnits[insertionCount++] = unit;
  }

  @Override
  public void change(
      long newReplica, int sequence, int digestBefore, EventList dependencies, int at)
      throws MalformedUpdateException {
    replicaId = newReplica;
    replica = history.findReplica(newReplica);
    int next = replica < 0 ? 0 : history.next(replica);
    // Of a change that is known in part, the first events were delivered with the dependencies.
    dependencyCount = 0;
    if (sequence > next || (sequence == next && !resolveDependencies(dependencies, sequence, at))) {
      waiting = new ChangeWriter();
      waiting.change(newReplica, sequence, digestBefore, dependencies, at);
      return;
    }
    known = next - sequence;
    if (sequence > 0) {
      requireEqual(replica, sequence, history.event(replica, sequence - 1), digestBefore, at);
    }
    digest.begin(newReplica, sequence, digestBefore);
    digest.dependOn(dependencies);
    trail.beginChange(newReplica, history.eventCount());
    trail.setNew(known == 0);
    if (replica < 0) {
      if (history.replicaCount() == limits.maxReplicas()) {
        throw ByteReader.malformedAt(
            at, "at most " + limits.maxReplicas() + " replicas (maxReplicas)", "one more");
      }
      replica = history.findOrAddReplica(newReplica);
    }
  }

  /**
   * Requires that a new change was made by somebody who had seen all that the history begins with.
   */
  private void requireBehindBase(int sequence, int at) throws MalformedUpdateException {
    HistoryBase base = log.base();
    if (base == null) {
      return;
    }
    boolean isBehind = sequence > 0 && isBehind(base, history.event(replica, sequence - 1));
    for (int i = 0; i < dependencyCount && !isBehind; i++) {
      isBehind = isBehind(base, dependencyEvents[i]);
    }
    if (!isBehind) {
      throw notBehindBase(replicaId, sequence, at);
    }
  }

  private MalformedUpdateException notBehindBase(long author, int sequence, int at) {
    return new ShallowHistoryException(
        at,
        "changes of replica "
            + new ReplicaId(author)
            + " from "
            + sequence
            + " on, whose author had not seen all of "
            + history.baseVersion());
  }

  private static boolean isBehind(HistoryBase base, int event) {
    return event >= base.eventCount() || event == base.head();
  }

  /**
   * Requires that a replica's first events have the digest that somebody else says.
   *
   * @param sequence how many they are, at least one
   * @param last the event number of the last of them
   */
  private void requireEqual(int of, int sequence, int last, int theirs, int at)
      throws MalformedUpdateException {
    // Of what came before the history begins there is no digest.
    if (sequence < history.baseNext(of)) {
      return;
    }
    int ours = trail.has(last) ? trail.after(last) : digests.of(of, sequence);
    if (ours != theirs) {
      ReplicaId forked = new ReplicaId(history.replicaId(of));
      throw new ForkedReplicaException(at, new EventId(forked, sequence - 1));
    }
  }

  private boolean resolveDependencies(EventList dependencies, int changeSequence, int at)
      throws MalformedUpdateException {
    if (dependencies.size() > dependencyEvents.length) {
      dependencyEvents = new int[Math.max(dependencies.size(), 2 * dependencyEvents.length)];
      dependencyReplicas = new int[dependencyEvents.length];
      dependencyDigests = new int[dependencyEvents.length];
    }
    for (int i = 0; i < dependencies.size(); i++) {
      int on = history.findReplica(dependencies.replica(i));
      int sequence = dependencies.sequence(i);
      if (on < 0 || sequence >= history.next(on)) {
        return false;
      }
      int event = history.event(on, sequence);
      requireEqual(on, sequence + 1, event, dependencies.digest(i), at);
      HistoryBase base = log.base();
      if (base != null && !isBehind(base, event)) {
        // Who had seen what all of the base comes before would not name a part of it.
        throw notBehindBase(replicaId, changeSequence, at);
      }
      if (logged.partsPair(event + 1)) {
        throw ByteReader.malformedAt(
            at, "a dependency on whole surrogate pairs", "one on half of a pair");
      }
      dependencyReplicas[dependencyCount] = on;
      dependencyDigests[dependencyCount] = dependencies.digest(i);
      dependencyEvents[dependencyCount] = event;
      dependencyCount++;
    }
    return true;
  }

  @Override
  public void insert(
      EventName leftName, EventName rightName, char[] inserted, int start, int end, int at)
      throws MalformedUpdateException {
    note(waiting == null && known == 0 ? text.size() : OperationLog.NONE);
    if (waiting != null) {
      waiting.insert(leftName, rightName, inserted, start, end, at);
      return;
    }
    int passed = Math.min(known, end - start);
    if (passed > 0) {
      digest.insert(leftName, rightName, inserted, start, start + passed, at);
      passOver(passed, at);
    }
    int count = end - start - passed;
    if (count == 0) {
      return;
    }
    shifted.set(replicaId, digest.sequence() - 1);
    requireBehindBase(digest.sequence(), at);
    digest.insert(passed > 0 ? shifted : leftName, rightName, inserted, start + passed, end, at);
    requireRoom(count, 1, at);
    int left;
    if (passed > 0) {
      left = unitOf(replicaId, history.next(replica) - 1, at);
      if (Character.isLowSurrogate(inserted[start + passed])) {
        throw ByteReader.malformedAt(
            at, "a change that begins between surrogate pairs", "one that begins inside a pair");
      }
    } else {
      left = unitOf(leftName, at);
      if (left != OperationLog.NONE && isHighSurrogate(left)) {
        throw ByteReader.malformedAt(
            at, "an origin left at the end of a surrogate pair", "the pair's first unit");
      }
    }
    int right = log.base() == null ? unitOf(rightName, at) : unitInGap(left, rightName, at);
    if (right != OperationLog.NONE && isLowSurrogate(right)) {
      throw ByteReader.malformedAt(
          at, "an origin right at the start of a surrogate pair", "the pair's second unit");
    }
    text.append(inserted, start + passed, end);
    log.appendInsert(left, right, count);
    appendEvents(count, at);
  }

  @Override
  public void delete(EventName first, int count, boolean backward, int at)
      throws MalformedUpdateException {
    if (waiting != null) {
      waiting.delete(first, count, backward, at);
      return;
    }
    if (backward && count - 1 > first.sequence) {
      throw ByteReader.malformedAt(
          at, "at most " + (first.sequence + 1L) + " units below the target", count + " units");
    }
    int passed = Math.min(known, count);
    if (passed > 0) {
      digest.delete(first, passed, backward, at);
      passOver(passed, at);
    }
    int left = count - passed;
    if (left == 0) {
      return;
    }
    requireBehindBase(digest.sequence(), at);
    shifted.set(first.replica, first.sequence + (backward ? -passed : passed));
    digest.delete(shifted, left, backward, at);
    requireRoom(left, 0, at);
    int within = backward ? first.offset + 1 : first.length - first.offset;
    if (first.insertion != EventName.UNTOLD && passed == 0 && count <= within) {
      int insertedAt = insertedUnits[first.insertion];
      if (insertedAt != OperationLog.NONE) {
        appendDelete(insertedAt + first.offset, count, backward, at);
        return;
      }
    }
    int target = history.findReplica(first.replica);
    int sequence = first.sequence + (backward ? -passed : passed);
    int highest = backward ? sequence : sequence + left - 1;
    if (target < 0 || sequence < 0 || highest < 0 || highest >= history.next(target)) {
      throw unknownEvent(first.replica, Math.max(first.sequence, highest), at);
    }
    while (left > 0) {
      int taken = deletePiece(target, sequence, left, backward, at);
      sequence += backward ? -taken : taken;
      left -= taken;
    }
  }

  /** Passes over events that are known; after the last of them, they must be the ones known. */
  private void passOver(int count, int at) throws MalformedUpdateException {
    known -= count;
    if (known == 0) {
      requireKnown(at);
      trail.setNew(true);
    }
  }

  /** Requires that the events passed over so far are the ones known. */
  private void requireKnown(int at) throws MalformedUpdateException {
    int sequence = digest.sequence();
    requireEqual(replica, sequence, history.event(replica, sequence - 1), digest.value(), at);
  }

  /** Appends the deletion of as many units as have consecutive unit numbers; returns how many. */
  private int deletePiece(int target, int sequence, int max, boolean backward, int at)
      throws MalformedUpdateException {
    int event = history.event(target, sequence);
    int run = history.runAt(event);
    int operation = log.operationOfEvent(event);
    if (!log.isInsert(operation)) {
      throw notAnInsert(history.replicaId(target), sequence, at);
    }
    int unit = log.firstUnit(operation) + event - log.firstEvent(operation);
    int inRun = backward ? event + 1 - history.runStart(run) : history.runEnd(run) - event;
    int inOperation =
        backward ? event + 1 - log.firstEvent(operation) : log.endEvent(operation) - event;
    int count = Math.min(max, inRun);
    if (count > inOperation && !log.isAllInserted(backward ? event + 1 - count : event, count)) {
      count = inOperation;
    }
    appendDelete(unit, count, backward, at);
    return count;
  }

  /** Appends the deletion of units with consecutive numbers. */
  private void appendDelete(int unit, int count, boolean backward, int at)
      throws MalformedUpdateException {
    requireSteps(2, at);
    int lowest = backward ? unit - count + 1 : unit;
    if (isLowSurrogate(lowest) || isHighSurrogate(lowest + count - 1)) {
      throw ByteReader.malformedAt(at, "a deletion of whole surrogate pairs", "half of one");
    }
    if (backward) {
      log.appendBackwardDelete(unit, count);
    } else {
      log.appendForwardDelete(unit, count);
    }
    appendEvents(count, at);
  }

  @Override
  public void restore(EventName first, int count, int at) throws MalformedUpdateException {
    if (waiting != null) {
      waiting.restore(first, count, at);
      return;
    }
    int passed = Math.min(known, count);
    if (passed > 0) {
      digest.restore(first, passed, at);
      passOver(passed, at);
    }
    int left = count - passed;
    if (left == 0) {
      return;
    }
    requireBehindBase(digest.sequence(), at);
    shifted.set(first.replica, first.sequence + passed);
    digest.restore(shifted, left, at);
    requireRoom(left, 0, at);
    int of = history.findReplica(first.replica);
    int sequence = first.sequence + passed;
    int highest = sequence + left - 1;
    if (of < 0 || sequence < 0 || highest < 0 || highest >= history.next(of)) {
      throw unknownEvent(first.replica, Math.max(first.sequence, highest), at);
    }
    int stretches = deletes.stretches();
    int other = deletes.add(of, sequence, highest + 1);
    if (other <= highest && other < history.baseNext(of)) {
      throw forgotten(first.replica, other, at);
    }
    if (other <= highest) {
      throw ByteReader.malformedAt(
          at,
          "a reference to a delete",
          new ReplicaId(first.replica) + "@" + other + ", which is none");
    }
    requireSteps(2 * (deletes.stretches() - stretches), at);
    if (restores.partPairs(of, sequence, highest + 1, text)) {
      throw ByteReader.malformedAt(at, "a restore of whole surrogate pairs", "half of one");
    }
    log.appendRestore(of, sequence, left);
    appendEvents(left, at);
  }

  @Override
  public void name(String name, int at) throws MalformedUpdateException {
    if (waiting != null) {
      waiting.name(name, at);
      return;
    }
    if (known > 0) {
      digest.name(name, at);
      passOver(1, at);
      return;
    }
    requireBehindBase(digest.sequence(), at);
    digest.name(name, at);
    requireRoom(1, 0, at);
    log.appendName(name);
    appendEvents(1, at);
  }

  @Override
  public void endChange(int at) throws MalformedUpdateException {
    if (waiting == null) {
      if (known > 0) {
        requireKnown(at);
      } else if (!trail.has(history.eventCount() - 1)) {
        digests.set(replica, digest.sequence(), digest.value());
      }
    } else {
      waiting.endChange(at);
      Change change = waiting.toChange();
      waiting = null;
      early.add(change);
    }
  }

  private void appendEvents(int count, int at) throws MalformedUpdateException {
    if (history.runCount() >= limits.maxRuns() && history.startsRun(replica, dependencyCount)) {
      throw ByteReader.malformedAt(
          at, "at most " + limits.maxRuns() + " runs (maxRuns)", "one more");
    }
    history.appendRemote(
        replica, dependencyEvents, dependencyReplicas, dependencyDigests, dependencyCount, count);
    dependencyCount = 0;
  }

  private void requireRoom(int count, int newSteps, int at) throws MalformedUpdateException {
    if (count > limits.maxUnits() - history.eventCount()) {
      throw ByteReader.malformedAt(
          at,
          "at most " + limits.maxUnits() + " units in all (maxUnits)",
          history.eventCount() + " and " + count + " more");
    }
    requireSteps(newSteps, at);
  }

  private void requireSteps(int newSteps, int at) throws MalformedUpdateException {
    steps += newSteps;
    if (!tree.hasRoomFor(steps)) {
      throw ByteReader.malformedAt(at, "no more spans than a document can hold", "more");
    }
  }

  private boolean isLowSurrogate(int unit) {
    return text.hasSurrogates() && Character.isLowSurrogate(text.charAt(unit));
  }

  private boolean isHighSurrogate(int unit) {
    return text.hasSurrogates() && Character.isHighSurrogate(text.charAt(unit));
  }

  private int unitOf(EventName unit, int at) throws MalformedUpdateException {
    if (unit.insertion != EventName.UNTOLD) {
      int insertedAt = insertedUnits[unit.insertion];
      if (insertedAt != OperationLog.NONE) {
        return insertedAt + unit.offset;
      }
    }
    return unit.isNone() ? OperationLog.NONE : unitOf(unit.replica, unit.sequence, at);
  }

  private static MalformedUpdateException forgotten(long ofReplica, int sequence, int at) {
    return new ShallowHistoryException(
        at,
        "changes that refer to "
            + new ReplicaId(ofReplica)
            + "@"
            + sequence
            + ", which came before and is forgotten");
  }

  private int unitOf(long ofReplica, int sequence, int at) throws MalformedUpdateException {
    int of = history.findReplica(ofReplica);
    if (of < 0 || sequence >= history.next(of)) {
      throw unknownEvent(ofReplica, sequence, at);
    }
    int unit = log.unitOfEvent(history.event(of, sequence));
    if (unit == OperationLog.NONE) {
      throw notAnInsert(ofReplica, sequence, at);
    }
    return unit;
  }

  /**
   * Returns the origin right of what is inserted behind {@code left}: what the name says, if that
   * is in the same gap between two units that the history begins with, or is what stood behind it.
   */
  private int unitInGap(int left, EventName name, int at) throws MalformedUpdateException {
    int behind = log.gapBehind(left);
    HistoryBase base = Objects.requireNonNull(log.base());
    if (base.nameBefore(behind, shifted)) {
      if (name.sequence == shifted.sequence && name.replica == shifted.replica) {
        return behind;
      }
    } else if (name.isNone() && behind == OperationLog.NONE) {
      return behind;
    }
    int right = name.isNone() ? OperationLog.NONE : unitOf(name, at);
    boolean isDirectlyBehind = right == behind && !base.nameBefore(behind, shifted);
    boolean isInGap = right >= base.unitCount() && log.gapBehind(right) == behind;
    if (!isDirectlyBehind && !isInGap) {
      throw ByteReader.malformedAt(
          at, "an origin right that stood beside the origin left", name.toString());
    }
    return right;
  }

  private static MalformedUpdateException unknownEvent(long ofReplica, int sequence, int at) {
    return ByteReader.malformedAt(
        at, "a reference to an event that came before", new ReplicaId(ofReplica) + "@" + sequence);
  }

  private MalformedUpdateException notAnInsert(long ofReplica, int sequence, int at) {
    int of = history.findReplica(ofReplica);
    if (log.isForgotten(log.operationOfEvent(history.event(of, sequence)))) {
      return forgotten(ofReplica, sequence, at);
    }
    return ByteReader.malformedAt(
        at,
        "a reference to an inserted unit",
        new ReplicaId(ofReplica) + "@" + sequence + ", which is none");
  }
}
