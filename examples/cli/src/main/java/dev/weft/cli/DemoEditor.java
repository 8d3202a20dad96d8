package dev.weft.cli;

import dev.weft.cli.loopback.LoopbackRelay;
import dev.weft.cli.loopback.Progress;
import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.crdt.Subscription;
import dev.weft.store.DocumentId;
import dev.weft.store.WorkspaceStore;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;

/**
 * An editor without a window: a client with a store of its own, and a screen, which can be held so
 * that what others type is not seen for a while. For one thread.
 */
final class DemoEditor implements AutoCloseable {
  private final String name;
  private final WorkspaceStore store;
  private final Screen screen = new Screen();
  private final WeftClient client;
  private final SharedText text;
  private final Progress progress = new Progress();
  private final Subscription changes;

  /**
   * Opens the document.
   *
   * @param seed decides the replica's id, which decides whose edit stands first where two tie
   */
  DemoEditor(String name, LoopbackRelay relay, DocumentId document, long seed) {
    this.name = name;
    store = relay.openStore(name, new SplittableRandom(seed));
    client =
        WeftClient.builder().relay(relay.uri()).store(store).listenerExecutor(screen::show).build();
    text = client.open(document);
    changes = text.observe(change -> progress.made());
  }

  String name() {
    return name;
  }

  SharedText text() {
    return text;
  }

  WeftClient client() {
    return client;
  }

  String status() {
    return text.status().describe();
  }

  /** Types character by character, as a person does. */
  void type(int index, String typed) {
    for (int i = 0; i < typed.length(); i++) {
      text.insert(index + i, typed.substring(i, i + 1));
    }
  }

  void awaitSameVersion(DemoEditor other) throws InterruptedException, TimeoutException {
    progress.await(
        "the arrival of what " + other.name + " typed",
        () -> text.version().includes(other.text.version()));
  }

  void holdScreen() {
    screen.hold();
  }

  void releaseScreen() {
    screen.release();
  }

  @Override
  public void close() {
    try (store) {
      screen.release();
      changes.close();
      client.close();
      screen.close();
    }
  }

  /** Where changes of others are shown: one after the other, and not at all while it is held. */
  private static final class Screen implements AutoCloseable {
    private final ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread daemon = new Thread(task, "demo-screen");
              daemon.setDaemon(true);
              return daemon;
            });

    // Guarded by this.
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean held;

    synchronized void show(Runnable task) {
      if (held) {
        waiting.add(task);
      } else {
        thread.execute(task);
      }
    }

    synchronized void hold() {
      held = true;
    }

    synchronized void release() {
      held = false;
      waiting.forEach(thread::execute);
      waiting.clear();
    }

    @Override
    public void close() {
      thread.shutdown();
    }
  }
}
