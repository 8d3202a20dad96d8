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
 * <p>A document belongs to one thread at a time; whoever shares one brings a lock. It opens no
 * thread, reads no clock and does no I/O. Edits beside the one before take amortised O(1), others
 * O(log spans), where a span is a run of units that were typed and still stand together.
 */
public final class TextDocument {
  private static final TextObserver[] NO_OBSERVERS = {};

  private final ReplicaId replica;
  private final Limits limits;
  private final Contents contents;
  private final CausalHistory history;
  private final OperationLog log;
  private final UnitText text;
  private final SpanTree tree;
  private final LocalCursor cursor;
  private final EditRecorder recorder;
  private final LogAppender appender;
  private final UpdateReader reader = new UpdateReader();
  private final Backlog backlog;
  private TextObserver[] observers = NO_OBSERVERS;

  // The replica's number in the history, -1 before its first edit.
  private int self;
  private int transactionDepth;
  private boolean busy;

  private TextDocument(ReplicaId replica, Limits limits, Contents contents) {
    this.replica = replica;
    this.limits = limits;
    this.contents = contents;
    history = contents.history;
    log = contents.log;
    text = contents.text;
    tree = contents.tree;
    cursor = new LocalCursor(tree);
    recorder = new EditRecorder(text);
    appender = new LogAppender(history, log, text, limits);
    backlog = new Backlog(limits, history);
    self = history.findReplica(replica.bits());
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
    int writer = history.findReplica(newReplica.bits());
    if (newReplica.equals(replica) || (writer >= 0 && history.next(writer) > 0)) {
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
    return history.version();
  }

  /** Returns the next sequence number of {@link #replica}. O(1). */
  public long nextSequence() {
    return self < 0 ? 0 : history.next(self);
  }

  /** Returns the causal heads: the events on which no other known event depends. */
  public List<EventId> frontier() {
    List<EventId> frontier = new ArrayList<>();
    for (int head : history.heads()) {
      frontier.add(history.eventId(head));
    }
    return frontier;
  }

  // --- Reading ---

  /** Returns the length of the text in UTF-16 units. O(1). */
  public int length() {
    return tree.length();
  }

  /**
   * Returns one UTF-16 unit of the text. O(log spans), O(1) beside the last place looked at.
   *
   * @throws IndexOutOfBoundsException if {@code index} is not in [0, length)
   */
  public char charAt(int index) {
    Objects.checkIndex(index, tree.length());
    cursor.seek(index + 1);
    return text.charAt(cursor.unitBefore());
  }

  /** Returns the whole text. */
  public String text() {
    return text(0, tree.length());
  }

  /**
   * Returns the text of [start, end). O(log spans + what is returned).
   *
   * @throws IndexOutOfBoundsException if the range is not within the text
   */
  public String text(int start, int end) {
    requireRange(start, end);
    return new String(contents.visibleText(start, end));
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
    Utf16.requireWellFormed(inserted);
    requireRoom(inserted.length());
    cursor.seek(index);
    requireBetweenPairs(index);
    if (inserted.length() > 0) {
      begin();
      insertHere(index, inserted);
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
    Utf16.requireWellFormed(inserted);
    requireRoom((long) end - start + inserted.length());
    if (text.hasSurrogates()) {
      cursor.seek(end);
      requireBetweenPairs(end);
    }
    cursor.seek(start);
    requireBetweenPairs(start);
    if (start == end && inserted.length() == 0) {
      return;
    }
    begin();
    if (start < end) {
      deleteHere(start, end - start);
    }
    if (inserted.length() > 0) {
      insertHere(start, inserted);
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

  private void insertHere(int index, CharSequence inserted) {
    int count = inserted.length();
    int unit = text.size();
    int left = cursor.unitBefore();
    int right = cursor.unitAfter();
    text.append(inserted);
    log.appendInsert(left, right, count);
    history.appendLocal(selfInHistory(), count);
    cursor.insert(count);
    if (recorder.isOn()) {
      recorder.inserted(index, unit, count);
    }
  }

  private void deleteHere(int index, int length) {
    int left = length;
    while (left > 0) {
      int count = cursor.delete(left);
      log.appendForwardDelete(cursor.deletedUnit(), count);
      left -= count;
    }
    history.appendLocal(selfInHistory(), length);
    if (recorder.isOn()) {
      recorder.deleted(index, length);
    }
  }

  private int selfInHistory() {
    if (self < 0) {
      self = history.findOrAddReplica(replica.bits());
    }
    return self;
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
    if (start < 0 || end < start || end > tree.length()) {
      String range = start == end ? "index=" + start : "start=" + start + ", end=" + end;
      throw new IndexOutOfBoundsException(
          "must be within the text, " + range + ", length=" + tree.length());
    }
  }

  private void requireRoom(long events) {
    if (events > limits.maxUnits() - history.eventCount()) {
      throw new IllegalArgumentException(
          "the document is full: it has "
              + history.eventCount()
              + " units and may have "
              + limits.maxUnits()
              + " (maxUnits), more="
              + events);
    }
  }

  /** Requires that the cursor, which is at {@code index}, is not inside a surrogate pair. */
  private void requireBetweenPairs(int index) {
    if (!text.hasSurrogates()) {
      return;
    }
    int before = cursor.unitBefore();
    if (before != SpanTree.NONE && Character.isHighSurrogate(text.charAt(before))) {
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
    int before = history.eventCount();
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
      if (!backlog.isEmpty() && history.eventCount() > before) {
        release(before, rejected);
      }
    } finally {
      recorder.turn(false);
    }
    int applied = history.eventCount() - before;
    List<TextChange.Edit> edits = recorder.take();
    if (!edits.isEmpty()) {
      tell(TextChange.Origin.REMOTE, edits);
    }
    return new ApplyResult(applied, backlog.size(), backlog.missing(), dropped, rejected);
  }

  private void applyNow(byte[] bytes) throws MalformedUpdateException {
    ByteReader in = new ByteReader(bytes);
    int kind = BinaryFormat.open(in, limits.maxUpdateBytes());
    CausalHistory.Mark historyMark = history.mark();
    OperationLog.Mark logMark = log.mark();
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
        history.rollBack(historyMark);
        log.rollBack(logMark);
        text.truncate(textMark);
      }
    }
    self = self < 0 ? history.findReplica(replica.bits()) : self;
    contents.integrator.integrate(logMark.eventCount(), recorder);
  }

  private void release(int fromEvent, List<ApplyResult.Rejection> rejected) {
    int from = fromEvent;
    while (from < history.eventCount()) {
      List<Change> ready = backlog.takeReady(from);
      from = history.eventCount();
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
    if (sequence < 0 || sequence > nextSequence()) {
      throw new IllegalArgumentException(
          "sequence must be from 0 to " + nextSequence() + ", sequence=" + sequence);
    }
    UpdateWriter update = new UpdateWriter(64);
    if (sequence < nextSequence()) {
      int first = history.nthRunOf(self, (int) sequence);
      int last = history.lastRunOf(self);
      for (int nth = first; nth <= last; nth++) {
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
    return SnapshotWriter.write(contents);
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
    contents.checkInvariants();
  }
}
