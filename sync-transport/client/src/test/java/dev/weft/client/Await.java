package dev.weft.client;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits in real time for what other threads do, never longer than needed. Stateless. */
public final class Await {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final long LOOK_EVERY_NANOS = 500_000;

  private Await() {}

  /** Waits until the condition holds; fails with what {@code otherwise} says if it never does. */
  public static void until(BooleanSupplier condition, Supplier<String> otherwise) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + DEADLINE.toSeconds() + " s: " + otherwise.get());
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  /** Waits until all texts have seen the same. */
  public static void inStep(SharedText... texts) {
    until(
        () -> {
          for (SharedText text : texts) {
            if (!text.version().equals(texts[0].version())) {
              return false;
            }
          }
          return true;
        },
        () -> {
          StringBuilder says = new StringBuilder("all in step;");
          for (SharedText text : texts) {
            says.append(' ').append(text).append(" at ").append(text.version()).append(';');
          }
          return says.toString();
        });
  }

  static void status(SharedText text, Predicate<SyncStatus> wanted) {
    until(() -> wanted.test(text.status()), text::toString);
  }

  static <T> T done(CompletableFuture<T> future) throws Exception {
    return future.get(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
  }

  static Throwable failure(CompletableFuture<?> future) throws InterruptedException {
    try {
      future.get(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("neither done nor failed in time", e);
    }
    throw new AssertionError("done, where it should fail");
  }
}
