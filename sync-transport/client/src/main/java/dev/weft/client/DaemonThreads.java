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
   * the thread. For exceptions of an embedder's listeners and for defects, which have no caller.
   */
  static void report(Throwable thrown) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
  }
}
