package dev.weft.bench.latency;

import dev.weft.bench.ChildProcess;
import dev.weft.bench.ForgetfulStore;
import dev.weft.client.OutboxFullException;
import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.crdt.ReplicaId;
import dev.weft.store.DocumentId;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A neighbour in a process of its own that types, key by key, as fast as it can, or at a pace. It
 * types on at the end of the text; where the client refuses a key because too much waits for the
 * relay, it tries again. Not thread-safe.
 */
public final class Flood implements AutoCloseable {
  /**
   * How far it may be ahead of what the relay has stored; with a client's default, a thousand times
   * as much, it is the size of its text that is measured after some seconds.
   */
  private static final long OUTBOX_CHANGES = 10_000;

  private static final long OUTBOX_BYTES = 64 << 20;
  private static final long TRY_AGAIN_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
  private static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g");

  private final ChildProcess process;

  private Flood(ChildProcess process) {
    this.process = process;
  }

  /**
   * Starts it, and returns when it types.
   *
   * @param keystrokesPerSecond its pace; 0 for as fast as it can
   */
  static Flood start(URI relay, DocumentId document, int keystrokesPerSecond) throws IOException {
    ChildProcess process =
        ChildProcess.startJvm(
            Flood.class,
            HEAP,
            List.of(relay.toString(), document.value(), Integer.toString(keystrokesPerSecond)));
    try {
      process.readLine();
      return new Flood(process);
    } catch (IOException e) {
      process.close();
      throw e;
    }
  }

  Optional<Duration> processorTime() {
    return process.processorTime();
  }

  /** Ends it and returns how many keystrokes a second it made. */
  double stop() throws IOException {
    process.endInput();
    return Double.parseDouble(process.readLine());
  }

  @Override
  public void close() {
    process.close();
  }

  /** Types until the standard input ends. Arguments: RELAY DOCUMENT KEYSTROKES_PER_SECOND. */
  public static void main(String[] args) throws Exception {
    int pace = Integer.parseInt(args[2]);
    try (WeftClient client =
            WeftClient.builder()
                .relay(URI.create(args[0]))
                .store(new ForgetfulStore(ReplicaId.random(new SecureRandom())))
                .outboxLimits(OUTBOX_CHANGES, OUTBOX_BYTES)
                .build();
        SharedText text = client.open(new DocumentId(args[1]))) {
      text.caughtUp().get();
      System.out.println("typing");
      System.out.println(type(text, pace, whenInputEnds()));
    }
  }

  private static double type(SharedText text, int keystrokesPerSecond, AtomicBoolean ended) {
    double pauseNanos =
        keystrokesPerSecond == 0 ? 0 : (double) TimeUnit.SECONDS.toNanos(1) / keystrokesPerSecond;
    long begun = System.nanoTime();
    long typed = 0;
    while (!ended.get()) {
      if (pauseNanos > 0) {
        Waiting.untilNanos(begun + (long) (typed * pauseNanos));
      }
      try {
        text.insert(text.length(), "#");
        typed++;
      } catch (OutboxFullException e) {
        LockSupport.parkNanos(TRY_AGAIN_NANOS);
      }
    }
    return typed / ((System.nanoTime() - begun) / (double) TimeUnit.SECONDS.toNanos(1));
  }

  private static AtomicBoolean whenInputEnds() {
    AtomicBoolean ended = new AtomicBoolean();
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Nothing is said to it; it only waits for the end.
                }
              } catch (IOException e) {
                System.err.println("the input broke off: " + e.getMessage());
              }
              ended.set(true);
            });
    watch.setDaemon(true);
    watch.start();
    return ended;
  }
}
