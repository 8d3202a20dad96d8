package dev.weft.desktop.network;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One connection through a link: a socket at either end, a {@link Flow} in either direction, and
 * the four threads of these. Thread-safe.
 */
final class Connection {
  private final Socket client;
  private final Socket relay;
  private final List<Thread> threads = new ArrayList<>();

  // Guarded by this.
  private int flowsLeft = 2;

  Connection(
      Socket client, Socket relay, Conditions conditions, ReentrantLock up, ReentrantLock down) {
    this.client = client;
    this.relay = relay;
    add("up", new Flow(client, relay, conditions, up));
    add("down", new Flow(relay, client, conditions, down));
  }

  private void add(String direction, Flow flow) {
    threads.add(Threads.create("take-" + direction, flow::take));
    threads.add(Threads.create("give-" + direction, () -> giveAll(flow)));
  }

  void start() {
    threads.forEach(Thread::start);
  }

  private void giveAll(Flow flow) throws InterruptedException {
    try {
      flow.give();
    } catch (IOException e) {
      reset();
      return;
    }
    if (isLastFlow()) {
      Sockets.close(client);
      Sockets.close(relay);
    }
  }

  private synchronized boolean isLastFlow() {
    return --flowsLeft == 0;
  }

  /** Ends it at once, at both ends. */
  void reset() {
    Sockets.reset(client);
    Sockets.reset(relay);
    // A socket that is closed wakes who reads and writes; the others wait for their time.
    threads.forEach(Thread::interrupt);
  }

  /** Returns whether nothing of it is left. */
  boolean isOver() {
    return threads.stream().noneMatch(Thread::isAlive);
  }

  void awaitEnd() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
