package dev.weft.client;

import dev.weft.crdt.Selection;
import dev.weft.crdt.UndoHistory;
import java.util.Optional;

/**
 * Undoes and redoes what was edited through one {@link SharedText}, never what others wrote, as
 * {@link UndoHistory} says. What it does is an edit like others: it is stored, sent and told to
 * observers. Got from {@link SharedText#undoHistory}. Thread-safe.
 */
public final class SharedUndo implements AutoCloseable {
  private final LocalCopy copy;
  private final UndoHistory history;

  SharedUndo(LocalCopy copy, UndoHistory history) {
    this.copy = copy;
    this.history = history;
  }

  /** Returns whether there is a step to undo. */
  public boolean canUndo() {
    return copy.read(document -> history.canUndo());
  }

  /** Returns whether there is a step to redo. */
  public boolean canRedo() {
    return copy.read(document -> history.canRedo());
  }

  /**
   * Undoes the last step of which anything is to be seen.
   *
   * @return what to select then; empty if there was nothing to undo
   * @throws IllegalStateException if the text is closed, or this is called by an observer or inside
   *     {@link SharedText#transact}
   * @throws OutboxFullException if too much waits for the relay
   */
  public Optional<Selection> undo() {
    return copy.compute(document -> history.undo());
  }

  /**
   * Redoes what was undone last.
   *
   * @return what to select then; empty if there was nothing to redo
   * @throws IllegalStateException if the text is closed, or this is called by an observer or inside
   *     {@link SharedText#transact}
   * @throws OutboxFullException if too much waits for the relay
   */
  public Optional<Selection> redo() {
    return copy.compute(document -> history.redo());
  }

  /** Ends the step under way, if any: the next edit begins another, however soon it comes. */
  public void endStep() {
    copy.run(document -> history.endStep());
  }

  /** Forgets all steps. */
  public void clear() {
    copy.run(document -> history.clear());
  }

  /** Ends the recording of steps, and forgets all. */
  @Override
  public void close() {
    copy.run(document -> history.close());
  }
}
