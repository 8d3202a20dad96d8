package dev.weft.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and SIGINT into a request to end in good order. Java would end at once, and with a
 * status that reads as a failure; so the process is held back until {@link #exit}, which ends it
 * with the command's own status. Thread-safe.
 */
final class StopSignal implements AutoCloseable {
  private static volatile boolean received;

  private final CountDownLatch signalled = new CountDownLatch(1);
  private final Thread hook;

  private StopSignal(Duration within) {
    hook = new Thread(() -> holdBack(within), "weft-stop-signal");
  }

  /** Begins to take signals; the process ends {@code within} that time after one in any case. */
  static StopSignal install(Duration within) {
    StopSignal signal = new StopSignal(within);
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** Waits for a signal. */
  void await() throws InterruptedException {
    signalled.await();
  }

  /** Has an action run, on a thread of its own, when a signal comes. */
  void whenReceived(Runnable action) {
    Thread waiting =
        new Thread(
            () -> {
              try {
                await();
                action.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "weft-stop");
    waiting.setDaemon(true);
    waiting.start();
  }

  /** Takes no more signals. */
  @Override
  public void close() {
    if (received) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // A signal came at this moment. The process is about to end, which is all that it asks for.
      received = true;
    }
  }

  /** Ends the process. */
  static void exit(int status) {
    if (received) {
      // The process is ending already, and exit() would wait for the hook that waits for this.
      Runtime.getRuntime().halt(status);
    }
    System.exit(status);
  }

  private void holdBack(Duration within) {
    received = true;
    signalled.countDown();
    try {
      TimeUnit.NANOSECONDS.sleep(within.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
