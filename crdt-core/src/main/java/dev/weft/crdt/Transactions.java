package dev.weft.crdt;

import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Groups what is edited in a document, and tells those who asked for it what was done. While they
 * are told, nothing may be edited. Not thread-safe.
 */
final class Transactions {
  private static final UndoHistory[] NO_UNDO_HISTORIES = {};

  private final OpenRun openRun;
  private final EditRecorder recorder;
  private final Observers observers = new Observers();
  private UndoHistory[] undoHistories = NO_UNDO_HISTORIES;

  private int depth;
  // Of the transaction under way: who makes it, and the replica's next event before it.
  private @Nullable Object source;
  private int start;
  // Whether code of others is called, which must not edit.
  private boolean telling;

  // Once it was asked for; how many of the edits recorded it has taken in.
  private @Nullable LineIndex lines;
  private int editsInLines;

  Transactions(OpenRun openRun, EditRecorder recorder) {
    this.openRun = openRun;
    this.recorder = recorder;
  }

  /** Requires that nobody is told of anything just now. */
  void requireIdle() {
    if (telling) {
      throw new IllegalStateException(
          "an observer must not change the document it observes: do it after the observer returned");
    }
  }

  /** Requires that no transaction is under way, of which {@code what} would see half. */
  void requireNone(String what) {
    if (depth > 0) {
      throw new IllegalStateException(what + " inside a transaction");
    }
  }

  /** Returns whether nobody is told of edits, which need no transaction then. */
  boolean isUnobserved() {
    return undoHistories.length == 0 && !isRecorded();
  }

  void begin(@Nullable Object newSource) {
    if (depth == 0) {
      if (undoHistories.length > 0) {
        tellUndoHistoriesOfBeginning(newSource);
      }
      recorder.turn(isRecorded());
      source = newSource;
    }
    depth++;
  }

  /** Asks somebody, who must not edit. */
  <T extends @Nullable Object> T ask(Supplier<T> asked) {
    telling = true;
    try {
      return asked.get();
    } finally {
      telling = false;
    }
  }

  private void tellUndoHistoriesOfBeginning(@Nullable Object newSource) {
    telling = true;
    try {
      for (UndoHistory history : undoHistories) {
        history.transactionBegins(newSource);
      }
    } finally {
      telling = false;
    }
    start = openRun.nextSequence();
  }

  void end() {
    if (--depth > 0) {
      return;
    }
    @Nullable Object by = source;
    source = null;
    if (undoHistories.length > 0) {
      for (UndoHistory history : undoHistories) {
        history.transactionEnded(start, openRun.nextSequence());
      }
    }
    if (recorder.isOn()) {
      recorder.turn(false);
      tell(TextChange.Origin.LOCAL, by);
    }
  }

  /** Ends a transaction of which the edits threw something. */
  void endAfter(Throwable thrown) {
    try {
      end();
    } catch (RuntimeException e) {
      thrown.addSuppressed(e);
    }
  }

  // --- What comes from elsewhere ---

  /** Has an update taken in, and tells what it does to the text. */
  ApplyResult takeIn(byte[] update, Inbox inbox) throws MalformedUpdateException {
    requireIdle();
    requireNone("an update cannot be applied");
    boolean recorded = isRecorded();
    if (recorded) {
      recorder.turnOnFor(update.length, openRun.settled().tree);
    }
    ApplyResult result;
    try {
      result = inbox.take(update);
    } catch (Throwable e) {
      recorder.clear();
      throw e;
    } finally {
      recorder.turn(false);
    }
    if (recorded) {
      tell(TextChange.Origin.REMOTE, null);
    }
    return result;
  }

  // --- Who is told ---

  Subscription observe(TextObserver observer) {
    Objects.requireNonNull(observer, "observer");
    requireNone("nobody can begin to observe");
    return observers.add(observer);
  }

  void add(UndoHistory history) {
    requireNone("no undo history can begin");
    UndoHistory[] more = Arrays.copyOf(undoHistories, undoHistories.length + 1);
    more[undoHistories.length] = history;
    undoHistories = more;
  }

  void remove(UndoHistory history) {
    List<UndoHistory> left = new ArrayList<>(Arrays.asList(undoHistories));
    left.remove(history);
    undoHistories = left.toArray(NO_UNDO_HISTORIES);
  }

  private boolean isRecorded() {
    return lines != null || !observers.isEmpty();
  }

  /** Returns where the lines are now. O(text) when first asked, O(what was edited since) later. */
  LineIndex lines() {
    if (lines == null) {
      Contents contents = openRun.settled();
      SpanTree tree = contents.tree;
      lines = new LineIndex();
      lines.replace(0, 0, CharBuffer.wrap(tree.visibleText(0, tree.length(), contents.text)));
      editsInLines = recorder.size();
      // Also of the rest of a transaction under way, of which no observer is to be told.
      recorder.turn(depth > 0);
    }
    followLines(lines);
    return lines;
  }

  private void followLines(LineIndex followed) {
    recorder.settle();
    List<TextChange.Edit> edits = recorder.edits();
    for (; editsInLines < edits.size(); editsInLines++) {
      TextChange.Edit edit = edits.get(editsInLines);
      followed.replace(edit.index(), edit.deletedLength(), edit.inserted());
    }
  }

  private void tell(TextChange.Origin origin, @Nullable Object by) {
    if (lines != null) {
      followLines(lines);
      editsInLines = 0;
    }
    List<TextChange.Edit> edits = recorder.take();
    if (edits.isEmpty() || observers.isEmpty()) {
      return;
    }
    telling = true;
    try {
      observers.tell(new TextChange(origin, by, edits));
    } finally {
      telling = false;
    }
  }
}
