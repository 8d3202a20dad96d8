package dev.weft.crdt;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes in what comes from other replicas: all of an update or nothing, with the changes that
 * others must come before set apart until they can follow. Not thread-safe.
 */
final class Inbox {
  private final OpenRun openRun;
  private final EditRecorder recorder;
  private final Limits limits;
  private final LogAppender appender;
  private final UpdateReader reader = new UpdateReader();
  private final Backlog backlog;

  Inbox(OpenRun openRun, Contents contents, EditRecorder recorder, Limits limits) {
    this.openRun = openRun;
    this.recorder = recorder;
    this.limits = limits;
    appender = new LogAppender(contents, limits);
    backlog = new Backlog(limits, contents.history);
  }

  /** Returns how many changes wait for others. */
  int waiting() {
    return backlog.size();
  }

  /** Takes in an update or a snapshot; what it does to the text is told to the recorder. */
  ApplyResult take(byte[] updateOrSnapshot) throws MalformedUpdateException {
    int before = openRun.eventCount();
    int dropped = 0;
    List<Change> early = takeNow(updateOrSnapshot);
    if (early.isEmpty() && backlog.isEmpty()) {
      return new ApplyResult(openRun.eventCount() - before, 0, List.of(), 0, List.of());
    }
    List<ApplyResult.Rejection> rejected = new ArrayList<>();
    for (Change change : early) {
      if (backlog.isReady(change)) {
        // What it waits for stood behind it in the same update.
        takeWaited(change, rejected);
      } else if (!backlog.add(change)) {
        dropped++;
      }
    }
    if (!backlog.isEmpty() && openRun.eventCount() > before) {
      release(before, rejected);
    }
    int applied = openRun.eventCount() - before;
    return new ApplyResult(applied, backlog.size(), backlog.missing(), dropped, rejected);
  }

  /** Takes in an update, and returns its changes that others must come before. */
  private List<Change> takeNow(byte[] bytes) throws MalformedUpdateException {
    ByteReader in = new ByteReader(bytes);
    int kind = BinaryFormat.open(in, limits.maxUpdateBytes());
    Contents contents = openRun.settled();
    CausalHistory.Mark historyMark = contents.history.mark();
    OperationLog.Mark logMark = contents.log.mark();
    int textMark = contents.text.size();
    boolean surrogatesMark = contents.text.hasSurrogates();
    boolean complete = false;
    appender.begin(bytes.length);
    try {
      if (kind == BinaryFormat.UPDATE) {
        reader.read(in, appender);
      } else {
        Contents other = Contents.read(kind, in, limits, SpanTree.DEFAULT_NODE_CAPACITY);
        requireSeen(other.history, contents);
        other.logged.tellAll(appender);
      }
      complete = true;
    } finally {
      if (!complete) {
        contents.history.rollBack(historyMark);
        contents.log.rollBack(logMark);
        contents.text.rollBack(textMark, surrogatesMark);
        appender.abandon();
      }
    }
    List<Change> early = appender.end();
    contents.integrator.integrate(logMark.eventCount(), recorder);
    return early;
  }

  /** Requires that this document has seen what a snapshot does not tell. */
  private static void requireSeen(CausalHistory other, Contents contents)
      throws MalformedUpdateException {
    VersionVector base = other.baseVersion();
    if (!contents.history.version().includes(base)) {
      throw new ShallowHistoryException(
          0, "a shallow snapshot, whose history begins at " + base + ": open it instead");
    }
    for (ReplicaId id : base.replicas()) {
      int next = (int) base.next(id);
      int own = contents.history.findReplica(id.bits());
      int theirs = other.baseDigest(other.findReplica(id.bits()));
      // Where the history here begins later, what was before is not known.
      if (next >= contents.history.baseNext(own)
          && contents.logged.digests().of(own, next) != theirs) {
        throw new ForkedReplicaException(0, new EventId(id, next - 1));
      }
    }
  }

  private void release(int fromEvent, List<ApplyResult.Rejection> rejected) {
    int from = fromEvent;
    while (from < openRun.eventCount()) {
      List<Change> ready = backlog.takeReady(from);
      from = openRun.eventCount();
      for (Change change : ready) {
        takeWaited(change, rejected);
      }
    }
  }

  private void takeWaited(Change change, List<ApplyResult.Rejection> rejected) {
    try {
      // Nothing in it is early: it is ready.
      List<Change> unused = takeNow(change.toBytes());
    } catch (MalformedUpdateException e) {
      rejected.add(new ApplyResult.Rejection(new EventId(change.replica(), change.start()), e));
    }
  }
}
