package dev.weft.desktop.background;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import javax.swing.SwingUtilities;
import org.jspecify.annotations.Nullable;

/**
 * One thread that works for a part of a window, one task after the other, and tells the event
 * dispatch thread what it came to. Thread-safe. There is a thread only while there is work, and no
 * process waits for it to end.
 */
public final class BackgroundThread implements AutoCloseable {
  private static final int IDLE_SECONDS = 5;

  private final ThreadPoolExecutor executor;

  /** Creates one whose thread, when there is one, has a name. */
  public BackgroundThread(String name) {
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /** Does something behind all that it was given before; nothing once it is closed. */
  public void execute(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException closed) {
      if (!executor.isShutdown()) {
        throw closed;
      }
    }
  }

  /**
   * Works something out behind all that it was given before, and has what it came to taken in an
   * event of its own: the result, or what was thrown. Nothing is taken once it is closed.
   */
  public <T extends @Nullable Object> void then(
      Supplier<T> work, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> taker) {
    execute(
        () -> {
          @Nullable T result = null;
          @Nullable Throwable thrown = null;
          try {
            result = work.get();
          } catch (RuntimeException | Error e) {
            thrown = e;
          }
          tell(taker, result, thrown);
        });
  }

  private <T extends @Nullable Object> void tell(
      BiConsumer<? super @Nullable T, ? super @Nullable Throwable> taker,
      @Nullable T result,
      @Nullable Throwable thrown) {
    SwingUtilities.invokeLater(
        () -> {
          if (!executor.isShutdown()) {
            taker.accept(result, thrown);
          }
        });
  }

  /** Ends it: what waits is not begun, and what is under way is interrupted. */
  @Override
  public void close() {
    List<Runnable> unused = executor.shutdownNow();
  }
}
