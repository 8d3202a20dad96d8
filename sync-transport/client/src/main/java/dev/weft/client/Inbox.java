package dev.weft.client;

import dev.weft.crdt.ApplyResult;
import dev.weft.crdt.ForkedReplicaException;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Updates from the relay on their way into the text: applied on the embedder's executor, in order,
 * a bounded amount at a turn so that an event thread is never held for long. Thread-safe.
 *
 * <p>The queue is bounded by who fills it: the session reads no more from its link while too much
 * waits here.
 */
final class Inbox {
  /** How much is applied in one turn on the embedder's executor, an update at least. */
  private static final int TURN_BYTES = 256 << 10;

  private final LocalCopy copy;
  private final Executor listeners;
  private final Consumer<Applied> applied;

  private final Object monitor = new Object();
  // Guarded by the monitor.
  private final ArrayDeque<byte[]> updates = new ArrayDeque<>();
  private boolean scheduled;

  /**
   * Creates an empty inbox.
   *
   * @param applied is told, on the executor, what became of each turn; must only hand over
   */
  Inbox(LocalCopy copy, Executor listeners, Consumer<Applied> applied) {
    this.copy = copy;
    this.listeners = listeners;
    this.applied = applied;
  }

  /**
   * Takes an update.
   *
   * @throws RejectedExecutionException if the embedder's executor takes no tasks; the inbox is
   *     empty then, and begins anew with the next update
   */
  void offer(byte[] update) {
    synchronized (monitor) {
      updates.add(update);
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    try {
      listeners.execute(this::applySome);
    } catch (RuntimeException e) {
      int unused = abandon();
      throw new RejectedExecutionException(whyRefused(e), e);
    }
  }

  /** Gives up what waits, since nobody applies it, and returns how many bytes that was. */
  private int abandon() {
    synchronized (monitor) {
      int bytes = updates.stream().mapToInt(update -> update.length).sum();
      updates.clear();
      scheduled = false;
      return bytes;
    }
  }

  /** Executors say no in their own ways: that of JavaFX throws IllegalStateException. */
  private static String whyRefused(RuntimeException refusal) {
    return refusal instanceof RejectedExecutionException
        ? "the listener executor takes no more tasks"
        : "the listener executor threw " + refusal;
  }

  private void applySome() {
    int bytes = 0;
    boolean complete = true;
    Refusal problem = null;
    while (bytes < TURN_BYTES && problem == null) {
      byte[] update;
      synchronized (monitor) {
        update = updates.poll();
      }
      if (update == null) {
        break;
      }
      bytes += update.length;
      try {
        ApplyResult result = copy.applyRelayed(update);
        if (result != null) {
          complete = result.isComplete();
          problem = problemOf(result);
        }
      } catch (MalformedUpdateException e) {
        problem = refusal(e, "");
      } catch (Throwable e) {
        // A defect. Without this text the others go on; and the turn must come to its end.
        DaemonThreads.report(e);
        problem = cannotApply(Codes.MALFORMED, e.toString());
      }
    }
    finishTurn(bytes, complete, problem);
  }

  private void finishTurn(int bytes, boolean complete, @Nullable Refusal problem) {
    boolean idle;
    synchronized (monitor) {
      idle = updates.isEmpty();
      scheduled = !idle;
    }
    // Told before the next turn can begin, so that turns are told in order.
    applied.accept(new Applied(copy.version(), bytes, complete, idle, problem));
    if (!idle) {
      try {
        listeners.execute(this::applySome);
      } catch (RuntimeException e) {
        Refusal why = cannotApply(Codes.MALFORMED, whyRefused(e));
        applied.accept(new Applied(copy.version(), abandon(), complete, true, why));
      }
    }
  }

  private static @Nullable Refusal problemOf(ApplyResult result) {
    if (result.rejected().isEmpty()) {
      return null;
    }
    ApplyResult.Rejection first = result.rejected().get(0);
    return refusal(first.reason(), "change " + first.first() + ": ");
  }

  private static Refusal refusal(MalformedUpdateException reason, String of) {
    String code =
        reason instanceof ForkedReplicaException ? Codes.FORKED_IDENTITY : Codes.MALFORMED;
    return cannotApply(code, of + reason.getMessage());
  }

  private static Refusal cannotApply(String code, String why) {
    return Refusal.forGood(code, "changes cannot be applied: " + why);
  }

  /**
   * What became of one turn.
   *
   * @param version the text's version after it
   * @param bytes how many bytes of updates left the inbox
   * @param complete whether no change waits for one that has not come
   * @param idle whether the inbox was empty after it
   * @param problem why an update cannot be part of the text; null if all could
   */
  record Applied(
      VersionVector version,
      int bytes,
      boolean complete,
      boolean idle,
      @Nullable Refusal problem) {}
}
