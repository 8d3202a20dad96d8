package dev.weft.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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

  void begin(@Nullable Object newSource) {
    if (depth == 0) {
      if (undoHistories.length > 0) {
        tellUndoHistoriesOfBeginning(newSource);
      }
      recorder.turn(!observers.isEmpty());
      source = newSource;
    }
    depth++;
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

  /** Begins to record what an update does; {@link #endUpdate} has to follow. */
  void beginUpdate() {
    recorder.turn(!observers.isEmpty());
  }

  void endUpdate() {
    recorder.turn(false);
    tell(TextChange.Origin.REMOTE, null);
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

  private void tell(TextChange.Origin origin, @Nullable Object by) {
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
