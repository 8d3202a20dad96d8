package dev.weft.crdt;

import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
public final class TextDocument implements CharSequence {
  private final ReplicaId replica;
  private final Limits limits;
  // Of the contents, which are behind the open run, there is no other field: see OpenRun.
  private final OpenRun openRun;
  private final UnitText text;
  private final Inbox inbox;
  private final LocalEdits edits;

  private TextDocument(ReplicaId replica, Limits limits, Contents contents) {
    this.replica = replica;
    this.limits = limits;
    openRun = new OpenRun(contents, replica);
    text = contents.text;
    EditRecorder recorder = new EditRecorder(text);
    inbox = new Inbox(openRun, contents, recorder, limits);
    edits = new LocalEdits(openRun, recorder, replica, limits);
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
    ByteReader in = new ByteReader(snapshot);
    int kind = openSnapshot(in, limits);
    return new TextDocument(replica, limits, Contents.read(kind, in, limits, nodeCapacity));
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
    edits.transactions().requireNone("a document cannot be forked");
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
    ByteReader in = new ByteReader(snapshot);
    int unused = openSnapshot(in, Limits.DEFAULT);
    return SnapshotReader.readText(in, Limits.DEFAULT);
  }

  private static int openSnapshot(ByteReader in, Limits limits) throws MalformedUpdateException {
    int kind = BinaryFormat.open(in, limits.maxUpdateBytes());
    if (kind == BinaryFormat.UPDATE) {
      throw ByteReader.malformedAt(3, "kind 2 (snapshot) or 3 (shallow snapshot)", "1 (update)");
    }
    return kind;
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

  /** Returns what this document holds, and about how much memory that takes. O(spans). */
  public Footprint footprint() {
    return openRun.settled().footprint(inbox.waiting());
  }

  // --- Reading ---

  /** Returns the length of the text in UTF-16 units. O(1). */
  @Override
  public int length() {
    return openRun.length();
  }

  /**
   * Returns one UTF-16 unit of the text. O(log spans), O(1) beside the last place looked at.
   *
   * @throws IndexOutOfBoundsException if {@code index} is not in [0, length)
   */
  @Override
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
    edits.requireRange(start, end);
    return new String(openRun.settled().visibleText(start, end));
  }

  /**
   * Returns {@link #text(int, int)}: a copy, which does not change with the document.
   *
   * @throws IndexOutOfBoundsException if the range is not within the text
   */
  @Override
  public CharSequence subSequence(int start, int end) {
    return text(start, end);
  }

  /**
   * Hands over the text of [start, end) piece by piece, nothing of it copied. A piece is good until
   * the document is edited; a surrogate pair is never in two. O(log spans + pieces).
   *
   * @throws IndexOutOfBoundsException if the range is not within the text
   * @throws ConcurrentModificationException if the taker edits the document, or takes an update in
   */
  public void forEachChunk(int start, int end, Consumer<? super CharSequence> taker) {
    edits.requireRange(start, end);
    Contents contents = openRun.settled();
    int events = openRun.eventCount();
    contents.tree.forEachVisible(
        start,
        end,
        (unit, count) -> {
          taker.accept(text.view(unit, count));
          openRun.requireUnchanged(events);
        });
  }

  /**
   * Returns how many Unicode code points the text of [start, end) has. O(log spans + units in the
   * range); O(1) in a document that never had any but those of one unit.
   *
   * @throws IndexOutOfBoundsException if the range is not within the text
   * @throws IllegalArgumentException if it begins or ends inside a surrogate pair
   */
  public int codePointCount(int start, int end) {
    edits.requireRange(start, end);
    edits.requireBetweenPairs(start);
    edits.requireBetweenPairs(end);
    return text.hasSurrogates() ? openRun.settled().codePointCount(start, end) : end - start;
  }

  /**
   * Returns the index that lies so many Unicode code points behind another, or before it if they
   * are negative: with {@code start} 0, the index of a code point. O(log spans + units between);
   * O(1) in a document that never had any code points but those of one unit.
   *
   * @param start from 0 to {@link #length}
   * @throws IndexOutOfBoundsException if {@code start} is outside of the text, or there are not so
   *     many code points
   * @throws IllegalArgumentException if {@code start} is inside a surrogate pair
   */
  public int offsetByCodePoints(int start, int codePoints) {
    edits.requireRange(start, start);
    edits.requireBetweenPairs(start);
    if (!text.hasSurrogates()) {
      return (int) Objects.checkIndex((long) start + codePoints, length() + 1L);
    }
    return openRun.settled().offsetByCodePoints(start, codePoints);
  }

  /** Returns how many lines there are: one more than line feeds. See {@link #lineOfOffset}. */
  public int lineCount() {
    return edits.transactions().lines().lineCount();
  }

  /**
   * Returns the line, from 0, in which an index is; a line ends behind its line feed. O(log lines),
   * but for the first time one of these methods is called: from then on the document knows its
   * lines, for which an edit takes O(log lines) more.
   *
   * @param index from 0 to {@link #length}
   * @throws IndexOutOfBoundsException if {@code index} is outside of the text
   */
  public int lineOfOffset(int index) {
    edits.requireRange(index, index);
    return edits.transactions().lines().lineAt(index);
  }

  /**
   * Returns the index at which a line begins. O(log lines), as {@link #lineOfOffset}.
   *
   * @param line from 0, below {@link #lineCount}
   * @throws IndexOutOfBoundsException if there is no such line
   */
  public int offsetOfLine(int line) {
    LineIndex lines = edits.transactions().lines();
    if (line < 0 || line >= lines.lineCount()) {
      throw new IndexOutOfBoundsException(
          "must be a line of the text, line=" + line + ", lineCount=" + lines.lineCount());
    }
    return lines.startOf(line);
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
    Objects.requireNonNull(inserted, "inserted");
    edits.insert(index, inserted);
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
    Objects.requireNonNull(inserted, "inserted");
    edits.replace(start, end, inserted);
  }

  /**
   * Groups edits into one transaction: observers are told of all of them at once, and they reach
   * other replicas together. May be nested; the outermost call counts.
   *
   * <p>A transaction groups, it does not roll back: if {@code edits} throws, the edits made before
   * stay, observers are told of them, and the exception goes on to the caller, with what an
   * observer throws added to it as suppressed.
   *
   * @throws IllegalStateException if called by an observer
   */
  public void transact(Runnable edits) {
    transact(null, edits);
  }

  /**
   * Groups edits into one transaction, as {@link #transact(Runnable)}, and says who makes it: the
   * observers are told, and an {@link UndoHistory} may be of some sources only.
   *
   * @param source any object, compared by those who asked for it; of nested calls the outermost
   *     counts
   * @throws IllegalStateException if called by an observer
   */
  public void transact(@Nullable Object source, Runnable edits) {
    Objects.requireNonNull(edits, "edits");
    this.edits.transact(source, edits);
  }

  // --- Anchors ---

  /**
   * Returns an anchor at an index. O(log spans).
   *
   * @param index from 0 to {@link #length}
   * @throws IndexOutOfBoundsException if {@code index} is outside of the text
   * @throws IllegalArgumentException if {@code index} is inside a surrogate pair
   */
  public Anchor anchor(int index, Bias bias) {
    Objects.requireNonNull(bias, "bias");
    edits.requireRange(index, index);
    edits.requireBetweenPairs(index);
    if (index == (bias == Bias.LEFT ? 0 : length())) {
      return bias == Bias.LEFT ? Anchor.START : Anchor.END;
    }
    Contents contents = openRun.settled();
    int unit = openRun.unitAt(bias == Bias.LEFT ? index - 1 : index);
    return Anchor.at(contents.history.eventId(contents.log.eventOfUnit(unit)), bias);
  }

  /**
   * Returns the index at which an anchor is now; empty if it holds to a unit that this document has
   * not seen yet, or that was deleted before {@link #historyBase}. O(log spans).
   */
  public OptionalInt indexOf(Anchor anchor) {
    Objects.requireNonNull(anchor, "anchor");
    return openRun.settled().indexOf(anchor);
  }

  /** Returns the index, or the nearest before it at which an edit may be. */
  int boundaryAt(int index) {
    int within = Math.min(index, length());
    return openRun.isBetweenPairs(within) ? within : within - 1;
  }

  LocalEdits edits() {
    return edits;
  }

  // --- History ---

  /** Returns what this document knows of its past, standing at {@link #version}. */
  public TextHistory history() {
    return new TextHistory(openRun);
  }

  /**
   * Returns the text at a version: what the events that it includes make. That is a text which
   * somebody saw if it includes all that these were made on, as every {@link #version} does. O(what
   * the document holds); whoever looks at several versions asks for {@link #history}.
   *
   * @throws IllegalArgumentException if this document has not seen all of that version, or if it
   *     parts a surrogate pair or is before {@link #historyBase}
   */
  public String textAt(VersionVector version) {
    Objects.requireNonNull(version, "version");
    TextHistory history = history();
    List<TextChange.Edit> unused = history.moveTo(version);
    return history.text();
  }

  /**
   * Returns who wrote the text of [start, end), from left to right; neighbours are by different
   * replicas. Restored text is by who inserted it. O(log spans + spans in the range).
   *
   * @throws IndexOutOfBoundsException if the range is not within the text
   */
  public List<AuthorRun> authors(int start, int end) {
    edits.requireRange(start, end);
    Contents contents = openRun.settled();
    return contents.authors(contents.tree, start, end);
  }

  /**
   * Returns where the text differs from what somebody with {@code seen} has, from left to right,
   * none touching the next: the ranges inserted or restored since, whoever did it, and an empty
   * range where something was deleted since. For an editor that shows what is not safe yet, say.
   * O(what was done since x log spans).
   *
   * @param seen may have more than this document has
   * @throws IllegalArgumentException if {@code seen} lacks some of {@link #historyBase}
   */
  public List<TextRange> editedSince(VersionVector seen) {
    Objects.requireNonNull(seen, "seen");
    Contents contents = openRun.settled();
    contents.logged.requireHistorySince(seen);
    return EditedRanges.since(seen, contents);
  }

  /**
   * Gives the present {@link #version} a name, which reaches all who have the document as an edit
   * does. It changes no text, and is not undone. A name may be given again.
   *
   * @throws IllegalArgumentException if the name is empty, longer than {@link
   *     NamedVersion#MAX_NAME_BYTES} or has an unpaired surrogate, or if the document would exceed
   *     {@link Limits#maxUnits}
   * @throws IllegalStateException if called by an observer
   */
  public void nameVersion(String name) {
    Objects.requireNonNull(name, "name");
    edits.nameVersion(name);
  }

  /**
   * Returns the versions that were given names, in the order in which the names came here. O(names
   * times runs of the history), and names times replicas of memory.
   */
  public List<NamedVersion> namedVersions() {
    Contents contents = openRun.settled();
    return contents.log.nameCount() == 0 ? List.of() : contents.namedVersions();
  }

  /**
   * Makes the text what it was at a version, as a new edit: what was inserted since is deleted, and
   * what was deleted since is restored, whoever did it; all of that stays in the history, and can
   * be undone. A transaction of its own outside of {@link #transact}. O(what the document holds).
   *
   * @throws IllegalArgumentException if this document has not seen all of that version, or if it
   *     parts a surrogate pair, or the document would exceed {@link Limits#maxUnits}
   * @throws IllegalStateException if called by an observer
   */
  public void revertTo(VersionVector version) {
    Objects.requireNonNull(version, "version");
    edits.revertTo(version);
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
   * @throws ForkedReplicaException if the update has events under a replica's id, or depends on
   *     such, that are others than those here: two devices write as that replica
   * @throws ShallowHistoryException if the update needs what came before {@link #historyBase}
   * @throws MalformedUpdateException if the bytes are not a well-formed update or snapshot, refer
   *     to what does not exist, or exceed a limit; the document is as it was
   * @throws IllegalStateException if called by an observer or inside {@link #transact}
   */
  public ApplyResult apply(byte[] updateOrSnapshot) throws MalformedUpdateException {
    Objects.requireNonNull(updateOrSnapshot, "updateOrSnapshot");
    return edits.transactions().takeIn(updateOrSnapshot, inbox);
  }

  /**
   * Returns one update with everything that {@code seen} has not, in causal order. O(replicas +
   * what is returned).
   *
   * @throws IllegalArgumentException if {@code seen} has not all that came before {@link
   *     #historyBase}: give its owner a {@link #snapshot} to load
   */
  public byte[] changesSince(VersionVector seen) {
    Objects.requireNonNull(seen, "seen");
    return openRun.settled().logged.since(seen);
  }

  /**
   * Returns one update with everything that {@code to} has seen and {@code from} has not, in causal
   * order; of a surrogate pair of inserted text that one of them parts, both halves or none.
   * O(replicas + what is returned).
   *
   * @throws IllegalArgumentException if this document has not seen all of {@code to}, or {@code
   *     from} has not all that came before {@link #historyBase}
   */
  public byte[] diff(VersionVector from, VersionVector to) {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Contents contents = openRun.settled();
    contents.requireSeen(to);
    return contents.logged.between(from, to);
  }

  /**
   * Takes in everything that another document in this process has seen, as {@link #apply} does.
   *
   * @throws IllegalStateException if called by an observer or inside {@link #transact}
   * @throws IllegalArgumentException if that cannot be taken in: it is beyond a limit of this
   *     document, or both have edits under one replica id, or the history of one begins behind what
   *     the other had seen; this document is as it was
   */
  public ApplyResult merge(TextDocument other) {
    Objects.requireNonNull(other, "other");
    CommonHistory.requireOneHistory(openRun.settled(), other.openRun.settled());
    try {
      return apply(other.changesSince(version()));
    } catch (MalformedUpdateException e) {
      throw new IllegalArgumentException(
          "the other document cannot be merged: " + e.getMessage(), e);
    }
  }

  /**
   * Returns a digest of all events of a version. Two documents that have seen all of a version have
   * the same events up to there if their digests are equal, practically surely; if not, two devices
   * write under one id ({@link ForkedReplicaException}). It tells accidents, not malice. See {@code
   * docs/FORMAT.md}, "Digests". O(replicas of the version) where most was asked for before; the
   * first time O(what the document holds).
   *
   * @return never 0
   * @throws IllegalArgumentException if this document has not seen all of that version, or if it is
   *     before {@link #historyBase}
   */
  public long digest(VersionVector version) {
    Objects.requireNonNull(version, "version");
    Contents contents = openRun.settled();
    contents.requireSeen(version);
    contents.logged.requireHistorySince(version);
    return contents.logged.digests().ofVersion(version);
  }

  /**
   * Makes the edits that only another document has anew, as edits of this replica, so that nothing
   * of them is lost where they cannot be taken in: because two devices wrote under one id ({@link
   * ForkedReplicaException}), or they were made before the history here begins ({@link
   * ShallowHistoryException}). What is inserted there and is still there is inserted here, behind
   * what it stands behind; what was deleted there is deleted here, unless somebody deleted it
   * already. To whoever reads them they are this replica's. A transaction of its own outside of
   * {@link #transact}. O(what both documents hold).
   *
   * <p>Once for each document: a second time writes its edits a second time. What others wrote and
   * is only in {@code other} is written anew too, and stands twice if it comes by itself later:
   * take in first what can be taken in.
   *
   * @param other the document whose edits are wanted, not changed
   * @return what both documents share
   * @throws IllegalArgumentException if the document would exceed {@link Limits#maxUnits}, or it
   *     cannot be told what both share, for that is before {@link #historyBase} of one
   * @throws IllegalStateException if called by an observer
   */
  public VersionVector rebase(TextDocument other) {
    Objects.requireNonNull(other, "other");
    return edits.rebase(other.openRun.settled());
  }

  /**
   * Returns one update with this replica's own changes from {@code sequence} on. O(what is returned
   * + log runs).
   *
   * @throws IllegalArgumentException if {@code sequence} is not in [0, {@link #nextSequence}], or
   *     came before {@link #historyBase}
   */
  public byte[] ownChangesSince(long sequence) {
    long next = nextSequence();
    if (sequence < 0 || sequence > next) {
      throw new IllegalArgumentException(
          "sequence must be from 0 to " + next + ", sequence=" + sequence);
    }
    return openRun.settled().logged.ofReplicaSince(replica, (int) sequence);
  }

  /**
   * Returns the text and the whole history in a form that {@link #load} and {@link #apply} read.
   */
  public byte[] snapshot() {
    CausalHistory history = openRun.settled().history;
    return history.runsOfBase() == 0
        ? SnapshotWriter.write(openRun.settled())
        : ShallowWriter.write(openRun, history.eventsOfBase());
  }

  /**
   * Returns the text and the later part of the history, in a form that {@link #load} reads:
   * smaller, and without what was deleted before. It begins at the latest version that {@code
   * stable} includes and that all later edits were made on; as people pause, there is one now and
   * then. If there is none it is the whole {@link #snapshot}.
   *
   * <p>A document opened from it goes on with others who have the whole history, but does not know
   * what came before: texts, authors and names of earlier versions, anchors in text that was
   * deleted then. It refuses, with {@link ShallowHistoryException}, edits of those who had not seen
   * all of that, and an undo of what was deleted then.
   *
   * @param stable what all replicas have seen that will go on: {@link
   *     VersionVector#causallyStable}; all that they wrote before they had seen it is here
   * @throws IllegalArgumentException if this document has not seen all of {@code stable}
   */
  public byte[] shallowSnapshot(VersionVector stable) {
    Objects.requireNonNull(stable, "stable");
    Contents contents = openRun.settled();
    contents.requireSeen(stable);
    int start = contents.startWithin(stable);
    if (start > contents.history.eventsOfBase()) {
      byte[] shallow = ShallowWriter.write(openRun, start);
      if (ShallowReader.canRead(shallow, limits)) {
        return shallow;
      }
    }
    // Somebody's edits name what no author can have seen: they are kept as they are.
    return snapshot();
  }

  /**
   * Returns the version at which this document's history begins: {@link VersionVector#EMPTY}, but
   * for one that was opened from a {@link #shallowSnapshot}.
   */
  public VersionVector historyBase() {
    return openRun.settled().history.baseVersion();
  }

  // --- Observing ---

  /**
   * Has {@code observer} told of every change from now on, until the subscription is closed. If an
   * observer throws, the others are told all the same, and the exception goes on to who made the
   * change.
   *
   * @throws IllegalStateException if called inside {@link #transact}, of which it would be told
   *     half
   */
  public Subscription observe(TextObserver observer) {
    return edits.transactions().observe(observer);
  }

  /** Returns what the document holds, part by part, for tests; not to be changed. */
  Contents contents() {
    return openRun.settled();
  }

  /** Checks the invariants of everything the document holds. O(its size), for tests. */
  void checkInvariants() {
    openRun.settled().checkInvariants();
  }
}
