package dev.weft.client;

import java.util.concurrent.ThreadFactory;

/** The threads of a client: daemons with names, whose failures are reported. Thread-safe. */
final class DaemonThreads {
  private DaemonThreads() {}

  static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Hands what a task threw to whoever the application has made responsible for it, without ending
   * the thread. For what an embedder's listeners throw and for defects, which have no caller. What
   * the handler itself throws is ignored, as by the JVM: who reports must be able to go on.
   */
  static void report(Throwable thrown) {
    Thread thread = Thread.currentThread();
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    } catch (Throwable ignored) {
      // As the contract of the handler says.
    }
  }
}
