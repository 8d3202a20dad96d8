package dev.weft.client;

import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A bench for tests in virtual time: a model relay, and devices with real SQLite stores, whose
 * clients run the production code. Confined to one thread.
 */
final class Workshop {
  static final DocumentId DOCUMENT = new DocumentId("notes");

  final RandomGenerator random;
  final VirtualTime time;

  /** What the wall clock of every device says: it must not matter. */
  static final Instant NOW = Instant.parse("2001-02-03T04:05:06Z");

  final ModelRelay relay;

  /** Where devices that are switched on from now on ask for their tokens. */
  Executor tokens = Runnable::run;

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
    return new Device(name, hasRelay, builder -> {});
  }

  /** Switches a device on whose client has other settings. */
  Device device(String name, Consumer<WeftClient.Builder> settings) {
    return new Device(name, true, settings);
  }

  /** Switches a device on that knows no relay. */
  Device deviceAlone(String name, Consumer<WeftClient.Builder> settings) {
    return new Device(name, false, settings);
  }

  /** Runs until the condition holds, or fails. */
  void await(String what, BooleanSupplier condition) {
    await(() -> what, condition);
  }

  void await(Supplier<String> what, BooleanSupplier condition) {
    if (!time.runUntil(TimeUnit.MINUTES.toNanos(5), condition)) {
      throw new AssertionError("not within 5 virtual minutes: " + what.get());
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
    Throwable failure = future.handle((value, thrown) -> thrown).join();
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return Objects.requireNonNull(cause, "it did not fail");
  }

  /** One device: a store, and a process that runs a client with one text. */
  final class Device {
    final String name;
    final FailingStore store;
    final WeftClient client;
    final SharedText text;
    private final VirtualTime.Line loop = time.line(0);
    private final VirtualTime.Line disk = time.line(Duration.ofMillis(2).toNanos());
    private final VirtualTime.Line housekeeping = time.line(Duration.ofMillis(20).toNanos());
    private final VirtualTime.Line listeners = time.line(Duration.ofMillis(2).toNanos());

    private Device(String name, boolean hasRelay, Consumer<WeftClient.Builder> settings) {
      this.name = name;
      store = new FailingStore(SqliteChangeStore.open(directory.resolve(name), random));
      // Who waits for a future is there at once: what it asks then must be so already.
      Environment environment =
          new Environment(
              loop,
              disk,
              housekeeping,
              listeners,
              Runnable::run,
              tokens,
              time::nanos,
              InstantSource.fixed(NOW),
              random,
              relay);
      WeftClient.Builder builder = WeftClient.builder().store(store).environment(environment);
      settings.accept(builder);
      client = (hasRelay ? builder.relay(ModelRelay.ADDRESS) : builder).build();
      text = client.open(DOCUMENT);
    }

    @Override
    public String toString() {
      return name + " (" + text + " at " + text.version() + ")";
    }

    /** Closes text, client and store in good order. */
    void close() {
      CompletableFuture<?> closed = closeClient();
      closed.join();
    }

    /** Closes client and store, and returns what became of the client. */
    CompletableFuture<?> closeClient() {
      CompletableFuture<?> closed = client.closeSoon();
      Workshop.this.await("close", closed::isDone);
      store.close();
      housekeeping.die();
      listeners.die();
      return closed;
    }

    /** The process dies: what it had not stored is gone, and its replica id with it. */
    void crash() {
      loop.die();
      disk.die();
      housekeeping.die();
      listeners.die();
      store.close();
    }

    void awaitLive() {
      Workshop.this.await(
          name + " is live", () -> text.status().connection() == SyncStatus.Connection.LIVE);
    }

    /** Returns a list to which is added what its text tells of saves from now on. */
    List<SaveProgress> watchSaves() {
      List<SaveProgress> told = new ArrayList<>();
      text.onSave(told::add);
      return told;
    }

    /** The embedder's executor throws this instead of taking a task; null: it goes on. */
    void refuseListeners(@Nullable RuntimeException refusal) {
      listeners.refusal = refusal;
    }

    /** The embedder's executor is stuck, or goes on. */
    void holdListeners(boolean held) {
      listeners.hold(held);
    }
  }
}
