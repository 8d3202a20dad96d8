package dev.weft.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is handed to this thread's uncaught exception handler until it is closed. Confined to the
 * thread that made it.
 */
final class Reports implements AutoCloseable {
  final List<Throwable> thrown = new ArrayList<>();

  /** What the handler itself throws, after it has taken note. */
  @Nullable RuntimeException defect;

  Reports() {
    Thread.currentThread().setUncaughtExceptionHandler((thread, report) -> take(report));
  }

  private void take(Throwable report) {
    thrown.add(report);
    if (defect != null) {
      throw defect;
    }
  }

  @Override
  public void close() {
    Thread.currentThread().setUncaughtExceptionHandler(null);
  }
}
