package dev.weft.cli;

import dev.weft.client.SharedText;
import dev.weft.client.SyncStatus;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.crdt.Subscription;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Waiting until a text's status says something. Stateless. */
final class StatusWait {
  private StatusWait() {}

  /** Waits for a status that {@code settles}, and returns it; the last one if patience runs out. */
  static SyncStatus await(SharedText text, Predicate<SyncStatus> settles, Duration patience)
      throws InterruptedException {
    CompletableFuture<SyncStatus> settled = new CompletableFuture<>();
    Subscription subscription =
        text.onStatus(
            status -> {
              if (settles.test(status)) {
                settled.complete(status);
              }
            });
    try {
      return settled.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return text.status();
    } catch (ExecutionException e) {
      throw new AssertionError("nobody fails this future", e);
    } finally {
      subscription.close();
    }
  }

  /**
   * Settles when a client that has just been built is connected, refused, or has failed to connect.
   * A text is offline at first, so only what is told after that is the outcome of an attempt. For
   * one wait.
   */
  static Predicate<SyncStatus> connectionTried() {
    return new Predicate<>() {
      private boolean told;

      @Override
      public boolean test(SyncStatus status) {
        boolean tried = told;
        told = true;
        return switch (status.connection()) {
          case CATCHING_UP, LIVE, DRAINING, REFUSED -> true;
          case OFFLINE -> tried;
          case CONNECTING -> false;
        };
      }
    };
  }

  /** Returns whether the relay is there. */
  static boolean isConnected(SyncStatus status) {
    return status.connection() == Connection.CATCHING_UP
        || status.connection() == Connection.LIVE
        || status.connection() == Connection.DRAINING;
  }
}
