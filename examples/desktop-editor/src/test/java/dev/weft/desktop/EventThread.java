package dev.weft.desktop;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.swing.SwingUtilities;

/** Runs parts of a test as events of the event dispatch thread, and waits for them. */
public final class EventThread {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private EventThread() {}

  /** What an event does. */
  @FunctionalInterface
  public interface Event {
    void run() throws Exception;
  }

  /** Runs an event; what it throws is thrown here. */
  public static void run(Event event) {
    boolean unused =
        call(
            () -> {
              event.run();
              return true;
            });
  }

  /** Runs an event that returns something; as a part of the present event, if there is one. */
  public static <T> T call(Callable<T> event) {
    FutureTask<T> task = new FutureTask<>(event);
    if (SwingUtilities.isEventDispatchThread()) {
      task.run();
    } else {
      SwingUtilities.invokeLater(task);
    }
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      if (e.getCause() instanceof RuntimeException exception) {
        throw exception;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Waits until a condition, asked on the event dispatch thread, holds. */
  public static void await(String what, BooleanSupplier condition) {
    await(what, condition, () -> "");
  }

  /**
   * As {@link #await(String, BooleanSupplier)}.
   *
   * @param seen tells in a failure what was seen instead
   */
  static void await(String what, BooleanSupplier condition, Supplier<String> seen) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!call(condition::getAsBoolean)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "not seen within " + PATIENCE.toSeconds() + " s: " + what + call(seen::get));
      }
      Thread.onSpinWait();
    }
  }

  /** Waits until what the events so far have queued has run too. */
  public static void settle() {
    run(() -> {});
    run(() -> {});
  }
}
