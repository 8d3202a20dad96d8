package dev.weft.crdt;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Undoes and redoes what was edited through one document, step by step: never what came from other
 * replicas, and, if so chosen, only what was edited from some {@linkplain TextDocument#transact(
 * Object, Runnable) sources}. Belongs to its document's thread.
 *
 * <pre>{@code
 * UndoHistory undo =
 *     UndoHistory.of(document)
 *         .groupWithinMillis(500, System::nanoTime)
 *         .selection(() -> new Selection(pane.getCaret().getMark(), pane.getCaret().getDot()))
 *         .build();
 * undo.undo().ifPresent(selection -> pane.select(selection.mark(), selection.caret()));
 * }</pre>
 *
 * <p>What a step inserted is deleted, as far as it is still there; what it deleted is restored: the
 * very same units, so that anchors in them, comments say, and carets are where they were, unless
 * somebody else has deleted them too, also at the same time and not known here yet. So an undo
 * never takes away what others wrote, nor brings back what they deleted. Undoing all that one did
 * leaves what others wrote, and redoing it restores it.
 *
 * <p>Not undone is what is not there: if somebody else has deleted what a step inserted, and takes
 * that back after the step was undone, it is there again. And what a step deleted stays deleted if
 * it was restored by other means than this history, {@link TextDocument#revertTo} say, and that was
 * undone before.
 *
 * <p>A step keeps two numbers for each transaction and the selection before it, no text, so a long
 * history of steps costs little. Undoing one takes O(its units and operations x log spans).
 */
public final class UndoHistory implements AutoCloseable {
  /** So many steps are kept unless chosen otherwise. */
  public static final int DEFAULT_MAX_STEPS = 1_000;

  private final TextDocument document;
  private final int maxSteps;
  private final long groupingNanos;
  private final LongSupplier nanoTime;
  private final Predicate<@Nullable Object> tracked;
  private final Supplier<@Nullable Selection> selectionNow;

  private final Deque<Step> undoable = new ArrayDeque<>();
  private final Deque<Step> redoable = new ArrayDeque<>();
  // Whether the next edit begins a step, however soon it comes.
  private boolean stepEnded = true;
  private long lastEditNanos;
  // Of the transaction under way: whether it is recorded, and what was selected, if it begins a
  // step.
  private boolean tracking;
  private @Nullable AnchoredSelection before;

  private UndoHistory(Builder builder) {
    document = builder.document;
    maxSteps = builder.maxSteps;
    groupingNanos = builder.groupingNanos;
    nanoTime = builder.nanoTime;
    tracked = builder.tracked;
    selectionNow = builder.selection;
  }

  /** Returns a builder of a history of what is edited through the document from then on. */
  public static Builder of(TextDocument document) {
    Objects.requireNonNull(document, "document");
    return new Builder(document);
  }

  /** Returns whether there is a step to undo. */
  public boolean canUndo() {
    return !undoable.isEmpty();
  }

  /** Returns whether there is a step to redo: one that was undone, with nothing edited since. */
  public boolean canRedo() {
    return !redoable.isEmpty();
  }

  /**
   * Undoes the last step of which anything is to be seen, with those behind it of which nothing is
   * left. Each is a transaction with this history as its source.
   *
   * @return what to select: what was selected before the step, or, if that is not known, a caret
   *     where something changed; empty if there was nothing to undo
   * @throws IllegalStateException if called by an observer or inside a transaction
   * @throws IllegalArgumentException if the document would exceed {@link Limits#maxUnits}
   */
  public Optional<Selection> undo() {
    return takeBack(undoable, redoable);
  }

  /**
   * Redoes what was undone last, as a transaction with this history as its source.
   *
   * @return what to select: what was selected before the undo, or, if that is not known, a caret
   *     where something changed; empty if there was nothing to redo
   * @throws IllegalStateException if called by an observer or inside a transaction
   * @throws IllegalArgumentException if the document would exceed {@link Limits#maxUnits}
   */
  public Optional<Selection> redo() {
    return takeBack(redoable, undoable);
  }

  private Optional<Selection> takeBack(Deque<Step> from, Deque<Step> to) {
    Transactions transactions = document.edits().transactions();
    transactions.requireIdle();
    transactions.requireNone("nothing can be undone");
    stepEnded = true;
    Step opposite = new Step(transactions.ask(this::selected));
    @Nullable Selection selection = null;
    @Nullable RuntimeException thrown = null;
    while (selection == null && thrown == null && !from.isEmpty()) {
      Step step = from.getLast();
      LocalEdits.TakenBack taken = document.edits().takeBack(step.ranges, step.size, this);
      from.removeLast();
      opposite.add(taken.start(), taken.end());
      thrown = taken.thrown();
      if (taken.changed()) {
        selection =
            step.before == null
                ? Selection.caret(taken.caret())
                : step.before.in(document).orElseThrow();
      }
    }
    // Also if nothing was to be seen of it: what somebody else has deleted too may come back.
    if (opposite.size > 0) {
      push(opposite, to);
    }
    if (thrown != null) {
      throw thrown;
    }
    return Optional.ofNullable(selection);
  }

  /** Ends the step under way, if any: the next edit begins another, however soon it comes. */
  public void endStep() {
    stepEnded = true;
  }

  /** Forgets all steps. */
  public void clear() {
    undoable.clear();
    redoable.clear();
    stepEnded = true;
  }

  /** Ends the recording of steps, and forgets all. */
  @Override
  public void close() {
    document.edits().transactions().remove(this);
    clear();
  }

  // --- What the document tells ---

  /** Is called before the first edit of a transaction. */
  void transactionBegins(@Nullable Object source) {
    before = null;
    tracking = isTracked(source);
    if (tracking) {
      long now = nanoTime.getAsLong();
      stepEnded |= undoable.isEmpty() || now - lastEditNanos > groupingNanos;
      lastEditNanos = now;
      if (stepEnded) {
        before = selected();
      }
    }
  }

  /** Is called after that transaction, with the replica's events of [start, end). */
  void transactionEnded(long start, long end) {
    if (start < end && tracking) {
      if (stepEnded) {
        push(new Step(before), undoable);
        stepEnded = false;
      }
      undoable.getLast().add(start, end);
      redoable.clear();
    }
    before = null;
  }

  private boolean isTracked(@Nullable Object source) {
    return !(source instanceof UndoHistory) && tracked.test(source);
  }

  private @Nullable AnchoredSelection selected() {
    Selection now = selectionNow.get();
    return now == null ? null : AnchoredSelection.of(now, document);
  }

  private void push(Step step, Deque<Step> stack) {
    stack.addLast(step);
    if (stack.size() > maxSteps) {
      stack.removeFirst();
    }
  }

  /** Edits that are undone together: ranges of the replica's sequence numbers, ascending. */
  private static final class Step {
    final @Nullable AnchoredSelection before;
    long[] ranges = new long[2];
    int size;

    Step(@Nullable AnchoredSelection before) {
      this.before = before;
    }

    void add(long start, long end) {
      if (start == end) {
        return;
      }
      if (size > 0 && ranges[size - 1] == start) {
        ranges[size - 1] = end;
        return;
      }
      if (size == ranges.length) {
        ranges = Arrays.copyOf(ranges, 2 * size);
      }
      ranges[size++] = start;
      ranges[size++] = end;
    }
  }

  /** Chooses what a history of undo steps records. Not thread-safe. */
  public static final class Builder {
    private final TextDocument document;
    private int maxSteps = DEFAULT_MAX_STEPS;
    private long groupingNanos = -1;
    private LongSupplier nanoTime = () -> 0;
    private Predicate<@Nullable Object> tracked = source -> true;
    private Supplier<@Nullable Selection> selection = () -> null;

    private Builder(TextDocument document) {
      this.document = document;
    }

    /**
     * Keeps at most so many steps to undo, and as many to redo; the oldest is forgotten first.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder maxSteps(int newMaxSteps) {
      if (newMaxSteps < 1) {
        throw new IllegalArgumentException("maxSteps must be positive, maxSteps=" + newMaxSteps);
      }
      maxSteps = newMaxSteps;
      return this;
    }

    /**
     * Makes transactions that begin within so long of the one before part of its step. Otherwise
     * each is a step.
     *
     * @param newNanoTime a clock that never goes back, {@code System::nanoTime} say
     * @throws IllegalArgumentException if the time is negative
     */
    public Builder groupWithinMillis(long millis, LongSupplier newNanoTime) {
      if (millis < 0) {
        throw new IllegalArgumentException("millis must not be negative, millis=" + millis);
      }
      groupingNanos = TimeUnit.MILLISECONDS.toNanos(millis);
      nanoTime = Objects.requireNonNull(newNanoTime, "nanoTime");
      return this;
    }

    /**
     * Records only the transactions of some sources: null is that of a transaction that names none.
     * What another {@link UndoHistory} undoes is never recorded.
     */
    public Builder tracking(Predicate<@Nullable Object> newTracked) {
      tracked = Objects.requireNonNull(newTracked, "tracked");
      return this;
    }

    /**
     * Asks the editor what is selected when a step begins, before its first edit, and when one is
     * undone, so that it can be selected again; null if that is not known. What is beyond the text,
     * as of an editor that is ahead of the document, is taken for its end. It must not edit, and
     * what it throws keeps the edit from being made.
     */
    public Builder selection(Supplier<@Nullable Selection> newSelection) {
      selection = Objects.requireNonNull(newSelection, "selection");
      return this;
    }

    /** Returns the history, which records from now on until it is closed. */
    public UndoHistory build() {
      UndoHistory history = new UndoHistory(this);
      document.edits().transactions().add(history);
      return history;
    }
  }
}
