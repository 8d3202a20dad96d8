package dev.weft.cluster;

/** Runs what others have asked to be called for. Stateless. */
final class Callbacks {
  private Callbacks() {}

  /**
   * Runs a callback whose failure must not end what calls it, and gives a failure to the thread's
   * handler: here, nobody asks the futures that would keep it.
   */
  static void run(Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException | Error e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
