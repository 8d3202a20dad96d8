package dev.weft.relay;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits, within a bound, for what other threads bring about. */
final class Eventually {
  private Eventually() {}

  static void holds(BooleanSupplier condition, Supplier<?> otherwise) {
    long deadline = System.nanoTime() + Peer.DEADLINE_SECONDS * 1_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not in time: " + otherwise.get());
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
