package dev.weft.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.function.Consumer;

/**
 * A document's past: its text at any version that it has seen, what differs between two, and who
 * wrote which part. It stands at one version at a time, at first at the document's. Belongs to its
 * document's thread, and sees what the document takes in later.
 *
 * <pre>{@code
 * TextHistory history = document.history();
 * VersionVector before = document.version();
 * document.insert(0, "more ");
 * history.moveTo(before);
 * String then = history.text();
 * List<TextChange.Edit> since = history.moveTo(document.version()); // "more " was inserted
 * }</pre>
 *
 * <p>Creating one takes O(what the document holds), copied array by array, and as much memory as
 * its order of units. Moving takes O(what was done between the two versions x log spans), however
 * long the history is and however far back the two are, so going through a history step by step is
 * quick.
 */
public final class TextHistory {
  private final OpenRun openRun;
  private final SpanTree tree;
  private final Integrator integrator;
  private final VisibleUnits visible;
  private final EditRecorder nothing;
  private final Place scratch;

  // By replica: the sequence number after its last event that is part of the version.
  private int[] ends = new int[4];
  // How many of the document's events the order of units has.
  private int eventCount;

  TextHistory(OpenRun openRun) {
    this.openRun = openRun;
    Contents contents = openRun.settled();
    tree = new SpanTree(contents.tree);
    integrator = new Integrator(contents.history, contents.log, tree);
    visible = new VisibleUnits(contents.history, contents.log);
    nothing = new EditRecorder(contents.text);
    scratch = tree.newPlace();
    eventCount = contents.log.eventCount();
    visible.add(0, eventCount, (unit, count) -> {});
    ends = contents.history.nexts();
  }

  /** Returns the version at which this history stands. O(replicas). */
  public VersionVector version() {
    return contents().history.versionOf(ends);
  }

  /** Returns the length of the text at that version, in UTF-16 units. */
  public int length() {
    return tree.length();
  }

  /** Returns the text at that version. */
  public String text() {
    return new String(tree.visibleText(0, tree.length(), contents().text));
  }

  /**
   * Goes to a version, forward or back or to one beside.
   *
   * @return what makes of the text before the text at that version: edits from left to right, none
   *     touching the next, each in terms of the text that the edits before it left
   * @throws IllegalArgumentException if the document has not seen all of that version, or if it
   *     parts a surrogate pair; this history is where it was
   */
  public List<TextChange.Edit> moveTo(VersionVector version) {
    return difference(version).carryOut(contents().text);
  }

  /**
   * Returns what makes of the text at one version the text at another, as {@link #moveTo} does;
   * this history is at {@code to} then.
   *
   * @throws IllegalArgumentException if the document has not seen all of both versions, or if one
   *     parts a surrogate pair
   */
  public List<TextChange.Edit> difference(VersionVector from, VersionVector to) {
    requireWhole(contents(), to);
    List<TextChange.Edit> unused = moveTo(from);
    return moveTo(to);
  }

  /**
   * Returns who wrote the text of [start, end) at the version at which this history stands, from
   * left to right; neighbours are by different replicas. O(log spans + spans in the range).
   *
   * @throws IndexOutOfBoundsException if the range is not within the text
   */
  public List<AuthorRun> authors(int start, int end) {
    if (start < 0 || end < start || end > length()) {
      throw new IndexOutOfBoundsException(
          "must be within the text, start=" + start + ", end=" + end + ", length=" + length());
    }
    return contents().authors(tree, start, end);
  }

  /**
   * Returns how many units were ever inserted, deleted and restored in the document, and how many
   * versions named. O(1).
   */
  public long eventCount() {
    return contents().history.eventCount();
  }

  /**
   * Returns what this document had seen after the first events, in the order in which they came
   * here: for a slider from 0 (or where {@link TextDocument#historyBase} is) to {@link
   * #eventCount}. Never inside of a surrogate pair, but before it. O(runs of the history).
   *
   * @throws IndexOutOfBoundsException if {@code events} is more than {@link #eventCount}, or fewer
   *     than came before {@link TextDocument#historyBase}
   */
  public VersionVector versionAfter(long events) {
    Contents contents = contents();
    int first = contents.history.eventsOfBase();
    if (events < first || events > contents.history.eventCount()) {
      throw new IndexOutOfBoundsException(
          "must be from " + first + " to " + contents.history.eventCount() + ", events=" + events);
    }
    int end = (int) events;
    return contents.history.versionAfter(contents.logged.partsPair(end) ? end - 1 : end);
  }

  /**
   * Tells the whole history, run by run in the order in which the runs came here: who did what, on
   * which text, keystroke by keystroke as far as they are told apart. This history is at the end of
   * the last run then. In a document with a {@link TextDocument#historyBase} it is the history from
   * there, and the first run's {@code arrived} begins with the text of that version. The taker must
   * not edit the document. O(runs times replicas + events, each with what changes between two
   * runs).
   *
   * @throws ConcurrentModificationException if the taker edits the document, or takes an update in
   */
  public void forEachRun(Consumer<? super HistoryRun> taker) {
    Contents contents = contents();
    CausalHistory history = contents.history;
    int events = history.eventCount();
    RunVersions versions = new RunVersions(history);
    UnitSet lasts = history.dependedOn();
    int[] start = new int[history.replicaCount()];
    Arrays.setAll(start, history::baseNext);
    List<TextChange.Edit> unused = difference(start).carryOut(contents.text);
    for (int run = history.runsOfBase(); run < history.runCount(); run++) {
      List<TextChange.Edit> arrived = difference(versions.before(run)).carryOut(contents.text);
      List<EventId> parents = new ArrayList<>();
      for (int parent : versions.parents(run)) {
        parents.add(history.eventId(parent));
      }
      int event = history.runStart(run);
      while (event < history.runEnd(run)) {
        int last = lasts.nextPresent(event, history.runEnd(run) - 1);
        taker.accept(told(run, event, last + 1, parents, arrived));
        openRun.requireUnchanged(events);
        event = last + 1;
        arrived = List.of();
        parents = List.of(history.eventId(last));
      }
      versions.release(run);
    }
  }

  /** Adds some events of a run, before which this history is, and tells what they do. */
  private HistoryRun told(
      int run, int start, int end, List<EventId> parents, List<TextChange.Edit> arrived) {
    Contents contents = openRun.settled();
    CausalHistory history = contents.history;
    List<TextChange.Edit> edits = new ArrayList<>();
    boolean restores = false;
    int event = start;
    while (event < end) {
      int operation = contents.log.operationOfEvent(event);
      int stop = Math.min(end, contents.log.endEvent(operation));
      Toggles toggles = new Toggles(tree, visible);
      List<int[]> touched = new ArrayList<>();
      visible.add(event, stop, (unit, count) -> touched.add(new int[] {unit, count}));
      for (int[] units : touched) {
        toggles.collect(units[0], units[1]);
      }
      edits.addAll(toggles.carryOut(contents.text));
      restores |= contents.log.isRestore(operation);
      event = stop;
    }
    ends[history.runReplica(run)] += end - start;
    EventId first = history.eventId(start);
    return new HistoryRun(
        first.replica(),
        first.sequence(),
        first.sequence() + end - start,
        parents,
        arrived,
        edits,
        restores);
  }

  /** Returns the order of units, those visible that are at the version. */
  SpanTree order() {
    Contents unused = contents();
    return tree;
  }

  /** Returns the document's contents, of which this history has all units then. */
  private Contents contents() {
    Contents contents = openRun.settled();
    catchUp(contents);
    return contents;
  }

  /** Goes to a version but for the order of units, and returns what is to be done to that. */
  Toggles difference(VersionVector version) {
    Contents contents = contents();
    requireWhole(contents, version);
    CausalHistory history = contents.history;
    int[] newEnds = new int[history.replicaCount()];
    for (int replica = 0; replica < newEnds.length; replica++) {
      newEnds[replica] = (int) version.next(new ReplicaId(history.replicaId(replica)));
    }
    return difference(newEnds);
  }

  /** Goes to the version with the first so many events of each replica. */
  private Toggles difference(int[] newEnds) {
    CausalHistory history = openRun.settled().history;
    Toggles toggles = new Toggles(tree, visible);
    List<int[]> touched = new ArrayList<>();
    for (int replica = 0; replica < history.replicaCount(); replica++) {
      int end = replica < newEnds.length ? newEnds[replica] : 0;
      change(history, replica, Math.min(end, ends[replica]), Math.max(end, ends[replica]), touched);
      ends[replica] = end;
    }
    for (int[] units : touched) {
      toggles.collect(units[0], units[1]);
    }
    return toggles;
  }

  /** Adds or removes a replica's events of [start, end), those below {@code start} being there. */
  private void change(CausalHistory history, int replica, int start, int end, List<int[]> touched) {
    boolean add = start == ends[replica];
    int sequence = start;
    while (sequence < end) {
      int event = history.event(replica, sequence);
      int stop = event + history.inARow(event, end - sequence);
      SpanTree.RunVisitor note = (unit, count) -> touched.add(new int[] {unit, count});
      if (add) {
        visible.add(event, stop, note);
      } else {
        visible.remove(event, stop, note);
      }
      sequence += stop - event;
    }
  }

  /** Gives the units that the document has by now their places, invisible. */
  private void catchUp(Contents contents) {
    OperationLog log = contents.log;
    while (eventCount < log.eventCount()) {
      int operation = log.operationOfEvent(eventCount);
      int end = log.endEvent(operation);
      if (log.isInsert(operation)) {
        integrator.integrate(eventCount, end, nothing);
        int unit = log.firstUnit(operation) + eventCount - log.firstEvent(operation);
        int stop = unit + end - eventCount;
        while (unit < stop) {
          unit += tree.delete(unit, stop - unit, scratch);
        }
      }
      eventCount = end;
    }
    int replicas = contents.history.replicaCount();
    if (replicas > ends.length) {
      ends = Arrays.copyOf(ends, replicas);
    }
  }

  private static void requireWhole(Contents contents, VersionVector version) {
    contents.requireSeen(version);
    VersionVector base = contents.history.baseVersion();
    if (!version.includes(base)) {
      throw new IllegalArgumentException(
          "the document's history begins at a later version, version="
              + version
              + ", historyBase="
              + base);
    }
    CausalHistory history = contents.history;
    for (ReplicaId id : version.replicas()) {
      int replica = history.findReplica(id.bits());
      int next = (int) version.next(id);
      if (next < history.next(replica) && contents.logged.partsPair(history.event(replica, next))) {
        throw new IllegalArgumentException(
            "the version parts a surrogate pair, replica=" + id + ", next=" + next);
      }
    }
  }
}
