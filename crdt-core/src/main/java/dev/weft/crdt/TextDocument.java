package dev.weft.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * One replica's copy of a collaborative text. Replicas edit on their own and exchange updates in
 * any way, in any order, as often as they like; those that have seen the same have the same text.
 *
 * <pre>{@code
 * TextDocument ada = TextDocument.create(ReplicaId.random(random));
 * TextDocument bob = TextDocument.create(ReplicaId.random(random));
 * ada.insert(0, "warp");
 * bob.apply(ada.changesSince(bob.version()));
 * bob.insert(4, " and weft");
 * ada.apply(bob.changesSince(ada.version()));
 * // both read "warp and weft"
 * }</pre>
 *
 * <p>Indexes and lengths are in UTF-16 units, as in {@link String}, from 0. The text is always
 * well-formed: an edit that would part a surrogate pair is refused. Text is never normalised.
 *
 * <p>A document belongs to one thread at a time, also while it is only read; whoever shares one
 * brings a lock. It opens no thread, reads no clock and does no I/O. Edits beside the one before
 * take amortised O(1), others O(log spans), where a span is a run of units that were typed and
 * still stand together.
 */
public final class TextDocument {
  private static final TextObserver[] NO_OBSERVERS = {};

  private final ReplicaId replica;
  private final Limits limits;
  // Of the contents, which are behind the open run, there is no other field: see OpenRun.
  private final OpenRun openRun;
  private final UnitText text;
  private final EditRecorder recorder;
  private final LogAppender appender;
  private final UpdateReader reader = new UpdateReader();
  private final Backlog backlog;
  private TextObserver[] observers = NO_OBSERVERS;

  private int transactionDepth;
  private boolean busy;

  private TextDocument(ReplicaId replica, Limits limits, Contents contents) {
    this.replica = replica;
    this.limits = limits;
    openRun = new OpenRun(contents, replica);
    text = contents.text;
    recorder = new EditRecorder(text);
    appender = new LogAppender(contents.history, contents.log, text, limits);
    backlog = new Backlog(limits, contents.history);
  }

  /** Creates an empty document that writes as {@code replica}, with {@link Limits#DEFAULT}. */
  public static TextDocument create(ReplicaId replica) {
    return create(replica, Limits.DEFAULT);
  }

  /** Creates an empty document that writes as {@code replica} and takes in what keeps to limits. */
  public static TextDocument create(ReplicaId replica, Limits limits) {
    return create(replica, limits, SpanTree.DEFAULT_NODE_CAPACITY);
  }

  /** Creates a document with tree nodes of a given capacity: small ones split early, for tests. */
  static TextDocument create(ReplicaId replica, Limits limits, int nodeCapacity) {
    return new TextDocument(replica, limits, new Contents(nodeCapacity));
  }

  /**
   * Opens what {@link #snapshot} wrote, to go on writing as {@code replica}.
   *
   * @param replica an id that nobody else writes under; if the snapshot has changes of it, this
   *     replica must have written no others
   * @throws MalformedUpdateException if the bytes are not a snapshot
   */
  public static TextDocument load(ReplicaId replica, byte[] snapshot)
      throws MalformedUpdateException {
    return load(replica, snapshot, Limits.DEFAULT);
  }

  /**
   * Opens what {@link #snapshot} wrote, if it keeps to {@code limits}.
   *
   * @throws MalformedUpdateException if the bytes are not a snapshot, or beyond a limit
   */
  public static TextDocument load(ReplicaId replica, byte[] snapshot, Limits limits)
      throws MalformedUpdateException {
    return load(replica, snapshot, limits, SpanTree.DEFAULT_NODE_CAPACITY);
  }

  static TextDocument load(ReplicaId replica, byte[] snapshot, Limits limits, int nodeCapacity)
      throws MalformedUpdateException {
    ByteReader in = openSnapshot(snapshot, limits);
    return new TextDocument(replica, limits, SnapshotReader.read(in, limits, nodeCapacity));
  }

  /**
   * Returns a copy of this document that goes its own way, writing as another replica. Neither
   * observers nor changes that wait in the backlog go with it. Much quicker than taking in the
   * history anew: O(what the document holds), copied array by array.
   *
   * @param newReplica an id that nobody else writes under
   * @throws IllegalArgumentException if it is this document's own id or one that has written here
   * @throws IllegalStateException if called inside {@link #transact}
   */
  public TextDocument fork(ReplicaId newReplica) {
    if (transactionDepth > 0) {
      throw new IllegalStateException("a document cannot be forked inside a transaction");
    }
    Contents contents = openRun.settled();
    int writer = contents.history.findReplica(newReplica.bits());
    if (newReplica.equals(replica) || (writer >= 0 && contents.history.next(writer) > 0)) {
      throw new IllegalArgumentException(
          "a fork needs a replica id of its own, newReplica=" + newReplica + " has written here");
    }
    return new TextDocument(newReplica, limits, new Contents(contents));
  }

  /**
   * Reads only the text of a snapshot, which stands first in it: what can be shown before the
   * history is read.
   *
   * @throws MalformedUpdateException if the bytes are not a snapshot
   */
  public static String readText(byte[] snapshot) throws MalformedUpdateException {
    return SnapshotReader.readText(openSnapshot(snapshot, Limits.DEFAULT), Limits.DEFAULT);
  }

  private static ByteReader openSnapshot(byte[] snapshot, Limits limits)
      throws MalformedUpdateException {
    ByteReader in = new ByteReader(snapshot);
    if (BinaryFormat.open(in, limits.maxUpdateBytes()) != BinaryFormat.SNAPSHOT) {
      throw ByteReader.malformedAt(3, "kind 2 (snapshot)", "1 (update)");
    }
    return in;
  }

  /** Returns the id that this document writes under. */
  public ReplicaId replica() {
    return replica;
  }

  /** Returns what this document has seen, its own edits included. O(replicas). */
  public VersionVector version() {
    return openRun.settled().history.version();
  }

  /** Returns the next sequence number of {@link #replica}. O(1). */
  public long nextSequence() {
    CausalHistory history = openRun.settled().history;
    int self = history.findReplica(replica.bits());
    return self < 0 ? 0 : history.next(self);
  }

  /** Returns the causal heads: the events on which no other known event depends. */
  public List<EventId> frontier() {
    CausalHistory history = openRun.settled().history;
    List<EventId> frontier = new ArrayList<>();
    for (int head : history.heads()) {
      frontier.add(history.eventId(head));
    }
    return frontier;
  }

  // --- Reading ---

  /** Returns the length of the text in UTF-16 units. O(1). */
  public int length() {
    return openRun.length();
  }

  /**
   * Returns one UTF-16 unit of the text. O(log spans), O(1) beside the last place looked at.
   *
   * @throws IndexOutOfBoundsException if {@code index} is not in [0, length)
   */
  public char charAt(int index) {
    Objects.checkIndex(index, length());
    return openRun.charAt(index);
  }

  /** Returns the whole text. */
  public String text() {
    return text(0, length());
  }

  /**
   * Returns the text of [start, end). O(log spans + what is returned).
   *
   * @throws IndexOutOfBoundsException if the range is not within the text
   */
  public String text(int start, int end) {
    requireRange(start, end);
    return new String(openRun.settled().visibleText(start, end));
  }

  /** Returns {@link #text()}. */
  @Override
  public String toString() {
    return text();
  }

  // --- Editing ---

  /**
   * Inserts text. Outside of {@link #transact} this is a transaction of its own.
   *
   * @param index where, from 0 to {@link #length}
   * @param inserted well-formed UTF-16 text; empty text changes nothing
   * @throws IndexOutOfBoundsException if {@code index} is outside of the text
   * @throws IllegalArgumentException if {@code index} is inside a surrogate pair, or the text has
   *     an unpaired surrogate, or the document would exceed {@link Limits#maxUnits}
   * @throws IllegalStateException if called by an observer
   */
  public void insert(int index, CharSequence inserted) {
    requireIdle();
    requireRange(index, index);
    String added = inserted.toString();
    Utf16.requireWellFormed(added);
    requireRoom(added.length());
    requireBetweenPairs(index);
    if (!added.isEmpty()) {
      begin();
      insertHere(index, added);
      end();
    }
  }

  /**
   * Deletes the text of [start, end). Outside of {@link #transact} this is a transaction of its
   * own.
   *
   * @throws IndexOutOfBoundsException if the range is not within the text
   * @throws IllegalArgumentException if {@code start} or {@code end} is inside a surrogate pair, or
   *     the document would exceed {@link Limits#maxUnits}
   * @throws IllegalStateException if called by an observer
   */
  public void delete(int start, int end) {
    replace(start, end, "");
  }

  /**
   * Replaces the text of [start, end): deletes it, then inserts at {@code start}, in one
   * transaction.
   *
   * @throws IndexOutOfBoundsException if the range is not within the text
   * @throws IllegalArgumentException if {@code start} or {@code end} is inside a surrogate pair, or
   *     the text has an unpaired surrogate, or the document would exceed {@link Limits#maxUnits}
   * @throws IllegalStateException if called by an observer
   */
  public void replace(int start, int end, CharSequence inserted) {
    requireIdle();
    requireRange(start, end);
    String added = inserted.toString();
    Utf16.requireWellFormed(added);
    requireRoom((long) end - start + added.length());
    requireBetweenPairs(end);
    requireBetweenPairs(start);
    if (start == end && added.isEmpty()) {
      return;
    }
    begin();
    if (start < end) {
      deleteHere(start, end);
    }
    if (!added.isEmpty()) {
      insertHere(start, added);
    }
    end();
  }

  /**
   * Groups edits into one transaction: observers are told of all of them at once, and they reach
   * other replicas together. May be nested; the outermost call counts.
   *
   * <p>A transaction groups, it does not roll back: if {@code edits} throws, the edits made before
   * stay, observers are told of them, and the exception goes on to the caller.
   *
   * @throws IllegalStateException if called by an observer
   */
  public void transact(Runnable edits) {
    requireIdle();
    begin();
    try {
      edits.run();
    } finally {
      end();
    }
  }

  private void insertHere(int index, String inserted) {
    int unit = text.size();
    openRun.type(index, inserted);
    if (recorder.isOn()) {
      recorder.inserted(index, unit, inserted.length());
    }
  }

  private void deleteHere(int start, int end) {
    openRun.delete(start, end);
    if (recorder.isOn()) {
      recorder.deleted(start, end - start);
    }
  }

  /**
   * Restores what {@code count} events of a replica from {@code first} on deleted, as far as no
   * other delete of it is in force. A transaction of its own outside of {@link #transact}.
   *
   * @throws IllegalArgumentException if they are not all known deletes
   */
  void restore(EventId first, int count) {
    requireIdle();
    requireRoom(count);
    Contents contents = openRun.settled();
    CausalHistory history = contents.history;
    OperationLog log = contents.log;
    int of = history.findReplica(first.replica().bits());
    long end = first.sequence() + count;
    if (count < 1 || of < 0 || end > history.next(of)) {
      throw new IllegalArgumentException(
          "must be known events, first=" + first + ", count=" + count);
    }
    for (int sequence = (int) first.sequence(); sequence < end; sequence++) {
      if (!log.isDelete(log.operationOfEvent(history.event(of, sequence)))) {
        throw new IllegalArgumentException(
            "must be deletes, first=" + first + ", count=" + count + ", sequence=" + sequence);
      }
    }
    begin();
    int sequence = (int) first.sequence();
    while (sequence < end) {
      int event = history.event(of, sequence);
      int run = history.runOf(of, sequence);
      int stop = Math.min(history.runEnd(run), log.endEvent(log.operationOfEvent(event)));
      int piece = (int) Math.min(end - sequence, stop - event);
      openRun.restore(event, piece, recorder);
      sequence += piece;
    }
    end();
  }

  private void begin() {
    if (transactionDepth++ == 0) {
      recorder.turn(observers.length > 0);
    }
  }

  private void end() {
    if (--transactionDepth == 0 && recorder.isOn()) {
      recorder.turn(false);
      tell(TextChange.Origin.LOCAL, recorder.take());
    }
  }

  private void requireIdle() {
    if (busy) {
      throw new IllegalStateException(
          "an observer must not change the document it observes: do it after the observer returned");
    }
  }

  private void requireRange(int start, int end) {
    if (start < 0 || end < start || end > length()) {
      String range = start == end ? "index=" + start : "start=" + start + ", end=" + end;
      throw new IndexOutOfBoundsException(
          "must be within the text, " + range + ", length=" + length());
    }
  }

  private void requireRoom(long events) {
    int used = openRun.eventCount();
    if (events > limits.maxUnits() - used) {
      throw new IllegalArgumentException(
          "the document is full: it has "
              + used
              + " units and may have "
              + limits.maxUnits()
              + " (maxUnits), more="
              + events);
    }
  }

  private void requireBetweenPairs(int index) {
    if (!openRun.isBetweenPairs(index)) {
      throw new IllegalArgumentException("must not be inside a surrogate pair, index=" + index);
    }
  }

  // --- Exchange ---

  /**
   * Takes in an update or a snapshot of another replica. Changes known already are ignored; changes
   * that others must come before wait in a bounded backlog, and the result says for what. Either
   * all of the update is taken in (or waits), or, if this throws, nothing is.
   *
   * <p>O(log spans) for a run in sequence, O(log² spans) for one that meets concurrent ones at its
   * place, however many they are.
   *
   * @throws MalformedUpdateException if the bytes are not a well-formed update or snapshot, refer
   *     to what does not exist, or exceed a limit; the document is as it was
   * @throws IllegalStateException if called by an observer or inside {@link #transact}
   */
  public ApplyResult apply(byte[] updateOrSnapshot) throws MalformedUpdateException {
    requireIdle();
    if (transactionDepth > 0) {
      throw new IllegalStateException("an update cannot be applied inside a transaction");
    }
    int before = openRun.eventCount();
    recorder.turn(observers.length > 0);
    int dropped = 0;
    List<ApplyResult.Rejection> rejected = new ArrayList<>();
    try {
      applyNow(updateOrSnapshot);
      for (Change change : List.copyOf(appender.early())) {
        if (backlog.isReady(change)) {
          // What it waits for stood behind it in the same update.
          applyWaited(change, rejected);
        } else if (!backlog.add(change)) {
          dropped++;
        }
      }
      if (!backlog.isEmpty() && openRun.eventCount() > before) {
        release(before, rejected);
      }
    } finally {
      recorder.turn(false);
    }
    int applied = openRun.eventCount() - before;
    List<TextChange.Edit> edits = recorder.take();
    if (!edits.isEmpty()) {
      tell(TextChange.Origin.REMOTE, edits);
    }
    return new ApplyResult(applied, backlog.size(), backlog.missing(), dropped, rejected);
  }

  private void applyNow(byte[] bytes) throws MalformedUpdateException {
    ByteReader in = new ByteReader(bytes);
    int kind = BinaryFormat.open(in, limits.maxUpdateBytes());
    Contents contents = openRun.settled();
    CausalHistory.Mark historyMark = contents.history.mark();
    OperationLog.Mark logMark = contents.log.mark();
    int textMark = text.size();
    boolean complete = false;
    appender.begin();
    try {
      if (kind == BinaryFormat.UPDATE) {
        reader.read(in, appender);
      } else {
        Contents other = SnapshotReader.read(in, limits, SpanTree.DEFAULT_NODE_CAPACITY);
        other.logged.tellAll(appender);
      }
      complete = true;
    } finally {
      if (!complete) {
        contents.history.rollBack(historyMark);
        contents.log.rollBack(logMark);
        text.truncate(textMark);
      }
    }
    contents.integrator.integrate(logMark.eventCount(), recorder);
  }

  private void release(int fromEvent, List<ApplyResult.Rejection> rejected) {
    int from = fromEvent;
    while (from < openRun.eventCount()) {
      List<Change> ready = backlog.takeReady(from);
      from = openRun.eventCount();
      for (Change change : ready) {
        applyWaited(change, rejected);
      }
    }
  }

  private void applyWaited(Change change, List<ApplyResult.Rejection> rejected) {
    try {
      applyNow(change.toBytes());
    } catch (MalformedUpdateException e) {
      rejected.add(new ApplyResult.Rejection(new EventId(change.replica(), change.start()), e));
    }
  }

  /**
   * Returns one update with everything that {@code seen} has not, in causal order. O(replicas +
   * what is returned).
   */
  public byte[] changesSince(VersionVector seen) {
    Contents contents = openRun.settled();
    CausalHistory history = contents.history;
    int[] runs = new int[16];
    int count = 0;
    for (int other = 0; other < history.replicaCount(); other++) {
      long known = seen.next(new ReplicaId(history.replicaId(other)));
      if (known >= history.next(other)) {
        continue;
      }
      int last = history.lastRunOf(other);
      for (int nth = history.nthRunOf(other, (int) known); nth <= last; nth++) {
        if (count == runs.length) {
          runs = Arrays.copyOf(runs, 2 * count);
        }
        runs[count++] = history.runOfReplica(other, nth);
      }
    }
    Arrays.sort(runs, 0, count);
    UpdateWriter update = new UpdateWriter(64);
    for (int i = 0; i < count; i++) {
      int run = runs[i];
      long known = seen.next(new ReplicaId(history.replicaId(history.runReplica(run))));
      int skipped = (int) Math.max(0, known - history.runSequence(run));
      contents.logged.tellTo(update, run, history.runStart(run) + skipped);
    }
    return update.toBytes();
  }

  /**
   * Returns one update with this replica's own changes from {@code sequence} on. O(what is returned
   * + log runs).
   *
   * @throws IllegalArgumentException if {@code sequence} is not in [0, {@link #nextSequence}]
   */
  public byte[] ownChangesSince(long sequence) {
    long next = nextSequence();
    if (sequence < 0 || sequence > next) {
      throw new IllegalArgumentException(
          "sequence must be from 0 to " + next + ", sequence=" + sequence);
    }
    UpdateWriter update = new UpdateWriter(64);
    if (sequence < next) {
      Contents contents = openRun.settled();
      CausalHistory history = contents.history;
      int self = history.findReplica(replica.bits());
      int last = history.lastRunOf(self);
      for (int nth = history.nthRunOf(self, (int) sequence); nth <= last; nth++) {
        int run = history.runOfReplica(self, nth);
        int skipped = (int) Math.max(0, sequence - history.runSequence(run));
        contents.logged.tellTo(update, run, history.runStart(run) + skipped);
      }
    }
    return update.toBytes();
  }

  /**
   * Returns the text and the whole history in a form that {@link #load} and {@link #apply} read.
   */
  public byte[] snapshot() {
    return SnapshotWriter.write(openRun.settled());
  }

  // --- Observing ---

  /** Has {@code observer} told of every change from now on, until the subscription is closed. */
  public Subscription observe(TextObserver observer) {
    Objects.requireNonNull(observer, "observer");
    TextObserver[] more = Arrays.copyOf(observers, observers.length + 1);
    more[observers.length] = observer;
    observers = more;
    boolean[] open = {true};
    return () -> {
      if (open[0]) {
        open[0] = false;
        remove(observer);
      }
    };
  }

  private void remove(TextObserver observer) {
    List<TextObserver> left = new ArrayList<>(Arrays.asList(observers));
    left.remove(observer);
    observers = left.toArray(NO_OBSERVERS);
  }

  private void tell(TextChange.Origin origin, List<TextChange.Edit> edits) {
    if (edits.isEmpty()) {
      return;
    }
    TextChange change = new TextChange(origin, edits);
    busy = true;
    try {
      for (TextObserver observer : observers) {
        observer.changed(change);
      }
    } finally {
      busy = false;
    }
  }

  /** Checks the invariants of everything the document holds. O(its size), for tests. */
  void checkInvariants() {
    openRun.settled().checkInvariants();
  }
}
