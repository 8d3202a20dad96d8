package dev.weft.relay;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the next frame may come in on a connection: not while much of what came before waits
 * for documents' workers, nor while the connection does not take in the answers, nor before it is
 * known who the client is, nor before what came is within its allowance. Thread-safe.
 */
final class ReadGate {
  private final Outlet outlet;
  private final int maxWaitingBytes;
  private final BooleanSupplier answersCongested;
  private final LongSupplier ticker;
  private final Timer timer;

  // Guarded by this.
  private long waitingBytes;
  private boolean held;
  private boolean askedAgain;
  private boolean withinFrame;
  private boolean paused;
  private boolean shut;
  private boolean holding;
  private long heldUntilNanos;
  private Timer.@Nullable Scheduled release;

  /** Where what waits is counted now that the connection is gone; null before. */
  private @Nullable LeftBehind leftTo;

  /**
   * Creates a gate.
   *
   * @param answersCongested whether too much waits to be sent; when that changes to no, {@link
   *     #recheck} is called
   * @param ticker monotonic time in nanoseconds
   */
  ReadGate(
      Outlet outlet,
      int maxWaitingBytes,
      BooleanSupplier answersCongested,
      LongSupplier ticker,
      Timer timer) {
    this.outlet = outlet;
    this.maxWaitingBytes = maxWaitingBytes;
    this.answersCongested = answersCongested;
    this.ticker = ticker;
    this.timer = timer;
  }

  /** Counts a message that waits for a worker. */
  synchronized void enter(int bytes) {
    waitingBytes += bytes;
  }

  /** Counts a message that a worker is done with. */
  void leave(int bytes) {
    synchronized (this) {
      waitingBytes -= bytes;
      if (leftTo != null) {
        leftTo.giveBack(bytes);
      }
    }
    recheck();
  }

  /** Asks for the next frame now, or as soon as there is room. Called after each frame. */
  void next() {
    ask(false, false);
  }

  /**
   * Asks again for what was asked for and has not come, or not to its end.
   *
   * @param ofFrame whether a frame has begun. Nothing but its allowance keeps that from coming to
   *     its end, since its client may be one that says all of it before it takes in an answer
   */
  void again(boolean ofFrame) {
    ask(true, ofFrame);
  }

  private void ask(boolean anew, boolean ofFrame) {
    synchronized (this) {
      held = true;
      askedAgain = anew;
      withinFrame = ofFrame;
    }
    recheck();
  }

  /** Opens the gate if a frame was asked for and there is room again. */
  void recheck() {
    synchronized (this) {
      if (!held || !isOpen()) {
        return;
      }
      held = false;
    }
    outlet.demand();
  }

  private boolean isOpen() {
    if (shut) {
      return askedAgain;
    }
    return withinFrame ? !isHeldBack() : isOpenToFrames();
  }

  private boolean isOpenToFrames() {
    return !paused
        && waitingBytes <= maxWaitingBytes
        && !isHeldBack()
        && !answersCongested.getAsBoolean();
  }

  /** Lets nothing come in for a while; the longest that is asked for counts. */
  synchronized void holdFor(long nanos) {
    long until = ticker.getAsLong() + nanos;
    if (!holding || until - heldUntilNanos > 0) {
      heldUntilNanos = until;
    }
    holding = true;
  }

  /** Returns whether the while is not over, and sees to it that it is noticed when it is. */
  private boolean isHeldBack() {
    if (!holding) {
      return false;
    }
    long left = heldUntilNanos - ticker.getAsLong();
    holding = left > 0;
    if (holding && release == null) {
      release = timer.schedule(left, this::released);
    }
    return holding;
  }

  private void released() {
    synchronized (this) {
      release = null;
    }
    recheck();
  }

  /** Lets nothing come in until {@link #resume}. */
  synchronized void pause() {
    paused = true;
  }

  /** Ends a pause. */
  void resume() {
    synchronized (this) {
      paused = false;
    }
    recheck();
  }

  /**
   * Lets no further frame come in. What was asked for before is read, though it is of no use any
   * more: in its place, or behind it, may stand that the client has gone.
   */
  void shut() {
    synchronized (this) {
      shut = true;
      if (release != null) {
        release.cancel();
        release = null;
      }
    }
    recheck();
  }

  /**
   * The connection is gone, so that what waits bounds it no more: counts that with what others have
   * left. Called once.
   *
   * @return whether there is room for it
   */
  synchronized boolean leaveTo(LeftBehind left) {
    boolean fits = left.take(waitingBytes);
    leftTo = fits ? left : null;
    return fits;
  }

  /** Returns whether it is the relay that does not read. */
  synchronized boolean isHeld() {
    return held;
  }
}
