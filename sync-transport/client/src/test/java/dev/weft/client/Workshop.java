package dev.weft.client;

import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * A bench for tests in virtual time: a model relay, and devices with real SQLite stores, whose
 * clients run the production code. Confined to one thread.
 */
final class Workshop {
  static final DocumentId DOCUMENT = new DocumentId("notes");

  final RandomGenerator random;
  final VirtualTime time;
  final ModelRelay relay;
  private final Path directory;

  Workshop(Path directory, long seed) {
    this.directory = directory;
    this.random = new SplittableRandom(seed);
    this.time = new VirtualTime(random);
    this.relay = new ModelRelay(time, random);
  }

  /** Switches a device on, with the store that it had before, if any. */
  Device device(String name) {
    return device(name, true);
  }

  Device device(String name, boolean hasRelay) {
    return new Device(name, hasRelay);
  }

  /** Runs until the condition holds, or fails. */
  void await(String what, BooleanSupplier condition) {
    if (!time.runUntil(TimeUnit.MINUTES.toNanos(5), condition)) {
      throw new AssertionError("not within 5 virtual minutes: " + what);
    }
  }

  void run(Duration duration) {
    time.runFor(duration.toNanos());
  }

  /** Runs until the future is complete and returns its value. */
  <T> T await(CompletableFuture<T> future) {
    await("completion", future::isDone);
    return future.join();
  }

  /** Runs until the future has failed and returns with what. */
  Throwable awaitFailure(CompletableFuture<?> future) {
    await("failure", future::isDone);
    return future.handle((value, failure) -> failure).join();
  }

  /** One device: a store, and a process that runs a client with one text. */
  final class Device {
    final String name;
    final SqliteChangeStore store;
    final WeftClient client;
    final SharedText text;
    private final VirtualTime.Line loop = time.line(0);
    private final VirtualTime.Line disk = time.line(Duration.ofMillis(2).toNanos());
    private final VirtualTime.Line listeners = time.line(Duration.ofMillis(2).toNanos());

    private Device(String name, boolean hasRelay) {
      this.name = name;
      store = SqliteChangeStore.open(directory.resolve(name), random);
      Environment environment =
          new Environment(loop, disk, listeners, time.line(0), time::nanos, random, relay);
      WeftClient.Builder builder = WeftClient.builder().store(store).environment(environment);
      client = (hasRelay ? builder.relay(ModelRelay.ADDRESS) : builder).build();
      text = client.open(DOCUMENT);
    }

    /** Closes text, client and store in good order. */
    void close() {
      CompletableFuture<?> closed = client.closeSoon();
      Workshop.this.await("close", closed::isDone);
      store.close();
      closed.join();
      listeners.die();
    }

    /** The process dies: what it had not stored is gone, and its replica id with it. */
    void crash() {
      loop.die();
      disk.die();
      listeners.die();
      store.close();
    }

    void awaitLive() {
      Workshop.this.await(
          name + " is live", () -> text.status().connection() == SyncStatus.Connection.LIVE);
    }

    void stopListeners() {
      listeners.die();
    }
  }
}
