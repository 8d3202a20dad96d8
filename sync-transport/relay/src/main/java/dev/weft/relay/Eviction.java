package dev.weft.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Lets a document go when nobody has used it for a while. One timer at a time, however often
 * somebody comes and goes. Confined to the document's worker.
 */
final class Eviction {
  private final Hooks hooks;
  private final Duration idle;
  private Timer.@Nullable Scheduled look;
  private boolean over;

  Eviction(Hooks hooks, Duration idle) {
    this.hooks = hooks;
    this.idle = idle;
  }

  /** What the eviction needs of its document. */
  interface Hooks {
    /** Runs a task on the document's worker, later. */
    Timer.Scheduled after(Duration delay, Runnable task);

    /** Counts one out of those who refer to the document; returns whether it was the last. */
    boolean isLastGone();

    /** Returns whether the document is in use, or of no use any more. */
    boolean isUsed();

    /** Lets the document go, if all of it is stored and nobody has come; returns whether it did. */
    boolean evict();
  }

  /** One of those who refer to the document does so no more. */
  void letGo() {
    if (hooks.isLastGone()) {
      lookAgain();
    }
  }

  /** The document is let go already. A look may have been due, and come behind this. */
  void end() {
    over = true;
    cancel();
  }

  private void cancel() {
    if (look != null) {
      look.cancel();
      look = null;
    }
  }

  private void lookAgain() {
    cancel();
    if (!over) {
      look = hooks.after(idle, this::look);
    }
  }

  private void look() {
    look = null;
    if (!over && !hooks.isUsed() && !hooks.evict()) {
      lookAgain();
    }
  }
}
