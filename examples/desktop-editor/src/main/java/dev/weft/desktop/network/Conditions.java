package dev.weft.desktop.network;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a link does to what passes. It may change at any moment, and then holds for what waits
 * already. Thread-safe.
 */
final class Conditions {
  /** At a lower rate in smaller pieces, so that they come evenly. */
  private static final int PIECES_PER_SECOND = 20;

  private static final int LARGEST_PIECE_BYTES = 16 << 10;
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private boolean passing = true;
  private long latencyNanos;
  private int bytesPerSecond = NetworkLink.UNLIMITED;

  void setPassing(boolean passes) {
    change(() -> passing = passes);
  }

  void setLatency(Duration latency) {
    change(() -> latencyNanos = latency.toNanos());
  }

  void setBytesPerSecond(int rate) {
    change(() -> bytesPerSecond = rate);
  }

  private void change(Runnable setting) {
    lock.lock();
    try {
      setting.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how much may be taken in one piece. */
  int pieceBytes() {
    lock.lock();
    try {
      return bytesPerSecond == NetworkLink.UNLIMITED
          ? LARGEST_PIECE_BYTES
          : Math.max(1, Math.min(LARGEST_PIECE_BYTES, bytesPerSecond / PIECES_PER_SECOND));
    } finally {
      lock.unlock();
    }
  }

  /** Waits until anything passes. */
  void awaitPassing() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!passing) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until so many bytes would have been sent, at the rate of each moment. */
  void awaitSent(int bytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      double left = bytes;
      while (!passing || (bytesPerSecond != NetworkLink.UNLIMITED && left > 0)) {
        if (!passing) {
          changed.await();
        } else {
          int rate = bytesPerSecond;
          long begunNanos = System.nanoTime();
          long restNanos = changed.awaitNanos((long) Math.ceil(left / rate * NANOS_PER_SECOND));
          left =
              restNanos <= 0
                  ? 0
                  : left - (System.nanoTime() - begunNanos) * rate / NANOS_PER_SECOND;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until what was sent at a time of {@link System#nanoTime} arrives. */
  void awaitArrival(long sentNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = sentNanos + latencyNanos - System.nanoTime();
      while (!passing || left > 0) {
        if (passing) {
          left = changed.awaitNanos(left);
        } else {
          changed.await();
        }
        left = sentNanos + latencyNanos - System.nanoTime();
      }
    } finally {
      lock.unlock();
    }
  }
}
