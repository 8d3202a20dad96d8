package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.ChangeStore;
import dev.weft.store.SqliteChangeStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A hub whose threads and time are one test thread: tasks wait until the test lets them run, and
 * time stands still until the test moves it.
 */
final class SteppedHub implements AutoCloseable {
  final Deque<Runnable> workers = new ArrayDeque<>();
  final Deque<Runnable> reads = new ArrayDeque<>();
  final Deque<Runnable> writes = new ArrayDeque<>();
  private final PriorityQueue<Timed> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timed::atNanos).thenComparing(Timed::order));
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private long nowNanos;
  private long order;
  final ProbedStore store;
  final RelayHub hub;

  /** Whether what writes the store waits for {@link #releaseWrites}. */
  private boolean writesHeld;

  SteppedHub(Path directory, RelayBounds bounds) {
    this(directory, new Tuning().times(), bounds);
  }

  SteppedHub(Path directory, RelayTimes times, RelayBounds bounds) {
    this(directory, Authenticator.open(), times, bounds);
  }

  SteppedHub(Path directory, Authenticator authenticator, RelayTimes times, RelayBounds bounds) {
    ChangeStore real = SqliteChangeStore.open(directory, new Random(1));
    this.store = new ProbedStore(real);
    this.hub =
        new RelayHub(
            store,
            authenticator,
            new RelayEnvironment(
                () -> nowNanos,
                new Random(2),
                this::schedule,
                workers::add,
                reads::add,
                writes::add,
                meters),
            times,
            bounds);
  }

  private Timer.Scheduled schedule(long delay, Runnable task) {
    Timed timed = new Timed(nowNanos + delay, order++, task);
    timers.add(timed);
    return () -> timers.remove(timed);
  }

  private record Timed(long atNanos, Long order, Runnable task) {}

  /** Connects, and says hello. */
  Line greet() {
    Line line = connect();
    line.say(new ClientMessage.Hello("test/1", "", Capabilities.NONE, ""));
    settle();
    line.hear(RelayMessage.Welcome.class);
    return line;
  }

  /** Connects, says hello, and opens a document of which it has nothing as channel 1. */
  Line open(String document) {
    Line line = greet();
    line.say(new ClientMessage.Open(1, document, VersionVector.EMPTY));
    settle();
    line.hear(RelayMessage.Opened.class);
    return line;
  }

  Line connect() {
    return connect(Entrance.ofWebSocket(ProtocolVersion.V1));
  }

  Line connect(Entrance entrance) {
    Line line = new Line();
    line.attach(hub.connect(line, entrance));
    return line;
  }

  /** Runs all that can run without time going on. */
  void settle() {
    Runnable task = next();
    while (task != null) {
      task.run();
      task = next();
    }
  }

  /** Returns how many tasks wait for their time. */
  int scheduled() {
    return timers.size();
  }

  /** Lets the store's writer wait. */
  void holdWrites() {
    writesHeld = true;
  }

  /** Lets the store's writer run. */
  void releaseWrites() {
    writesHeld = false;
    settle();
  }

  private @Nullable Runnable next() {
    Runnable task = workers.poll();
    task = task == null ? reads.poll() : task;
    return task == null && !writesHeld ? writes.poll() : task;
  }

  /** Lets time go on, and nothing run. */
  void pass(Duration by) {
    nowNanos += by.toNanos();
  }

  /** Lets time go on, and everything run. */
  void advance(Duration by) {
    long until = nowNanos + by.toNanos();
    settle();
    while (!timers.isEmpty() && timers.peek().atNanos() <= until) {
      Timed timed = timers.remove();
      nowNanos = Math.max(nowNanos, timed.atNanos());
      timed.task().run();
      settle();
    }
    nowNanos = until;
  }

  @Override
  public void close() {
    store.close();
  }
}
