package dev.weft.desktop.network;

/** The threads of a link: daemons that end when they are interrupted. Stateless. */
final class Threads {
  private Threads() {}

  /** What such a thread does. */
  @FunctionalInterface
  interface Work {
    void run() throws InterruptedException;
  }

  static Thread create(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                // It is to end, and does.
                Thread.currentThread().interrupt();
              }
            },
            "weft-network-" + name);
    thread.setDaemon(true);
    return thread;
  }
}
