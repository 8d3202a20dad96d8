package dev.weft.relay;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What the relay counts and times, for those who run it: {@code docs/OPERATIONS.md} says what each
 * means. Every meter is made once, so that counting allocates nothing. Thread-safe.
 *
 * <p>No meter bears a name from outside, such as a document's, a person's, or a code that an
 * embedder has made up: there would be no end to them.
 */
final class RelayMetrics {
  /** The edges of the buckets of all times: what a person notices, and where budgets lie. */
  private static final Duration[] BUCKETS =
      List.of(1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000, 10_000, 30_000)
          .stream()
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  /** In the bucket of what is longer than all edges, and no further. */
  private static final long LONGEST_REPORTED_MICROS =
      TimeUnit.NANOSECONDS.toMicros(BUCKETS[BUCKETS.length - 1].toNanos()) + 1;

  private final MeterRegistry registry;
  private final PerConstant<Kind, Traffic> received;
  private final PerConstant<Kind, Traffic> sent;
  private final PerConstant<Code, Counter> refused;
  private final PerConstant<Code, Counter> throttled;
  private final PerConstant<Shed, Counter> shed;
  private final PerConstant<SaveOutcome, Timer> saves;
  private final Counter changes;
  private final Counter conflations;
  private final Counter reconnects;
  private final Timer passedOn;
  private final Timer workerWait;
  private final Timer storeWritten;
  private final Timer storeNotWritten;
  private final Timer storeRead;
  private final Timer keystrokesPerceived;
  private final Timer savesPerceived;

  RelayMetrics(MeterRegistry registry) {
    this.registry = registry;
    received = new PerConstant<>(Kind.class, kind -> new Traffic("received", kind));
    sent = new PerConstant<>(Kind.class, kind -> new Traffic("sent", kind));
    refused =
        new PerConstant<>(
            Code.class, code -> counter("weft.refusals", "What was refused, by code", code(code)));
    throttled =
        new PerConstant<>(
            Code.class, code -> counter("weft.throttles", "Throttles told, by code", code(code)));
    shed =
        new PerConstant<>(
            Shed.class,
            what ->
                counter("weft.shed", "What was left out for want of capacity", tag("what", what)));
    saves =
        new PerConstant<>(
            SaveOutcome.class,
            outcome ->
                timer(
                    "weft.saves", "From a save's arrival to its answer", tag("outcome", outcome)));
    changes = counter("weft.changes", "Changes taken in from clients", Tags.empty());
    conflations =
        counter("weft.conflations", "Times a slow reader's edits were merged", Tags.empty());
    reconnects = counter("weft.reconnects", "Connections of clients that had one", Tags.empty());
    passedOn =
        timer(
            "weft.keystrokes",
            "From the arrival of edits to their place in the last reader's queue",
            Tags.empty());
    workerWait = timer("weft.worker.wait", "A document's wait for a worker", Tags.empty());
    storeWritten =
        timer("weft.store.write", "Appending and flushing", Tags.of("outcome", "written"));
    storeNotWritten =
        timer("weft.store.write", "Appending and flushing", Tags.of("outcome", "failed"));
    storeRead = timer("weft.store.read", "Loading a document", Tags.empty());
    keystrokesPerceived =
        timer(
            "weft.client.keystrokes",
            "What clients report: to the relay and back, behind edits",
            Tags.empty());
    savesPerceived =
        timer(
            "weft.client.saves",
            "What clients report: from asking for a save to its receipt",
            Tags.empty());
  }

  /** What a frame is about. */
  enum Kind {
    EDITS,
    SAVE,
    PRESENCE,
    HEARTBEAT,
    OPENING,
    OTHER;

    private static Kind of(ClientMessage message) {
      if (message instanceof ClientMessage.Edits) {
        return EDITS;
      } else if (message instanceof ClientMessage.Save) {
        return SAVE;
      } else if (message instanceof Presence) {
        return PRESENCE;
      } else if (message instanceof ClientMessage.Ping) {
        return HEARTBEAT;
      } else if (message instanceof ClientMessage.Open) {
        return OPENING;
      }
      return OTHER;
    }

    private static Kind of(RelayMessage message) {
      if (message instanceof RelayMessage.Edits) {
        return EDITS;
      } else if (message instanceof RelayMessage.SaveAcknowledged
          || message instanceof RelayMessage.SaveRefused
          || message instanceof RelayMessage.Durable) {
        return SAVE;
      } else if (message instanceof Presence) {
        return PRESENCE;
      } else if (message instanceof RelayMessage.Pong) {
        return HEARTBEAT;
      } else if (message instanceof RelayMessage.Opened) {
        return OPENING;
      }
      return OTHER;
    }
  }

  /**
   * The codes that are counted each for itself: those of the protocol, and those of refusals before
   * it is spoken.
   */
  enum Code {
    MALFORMED,
    WRONG_STATE,
    UNSUPPORTED_CAPABILITY,
    HELLO_TIMEOUT,
    IDLE_TIMEOUT,
    UNAUTHORISED,
    TOKEN_EXPIRED,
    READ_ONLY,
    BAD_DOCUMENT_ID,
    UNKNOWN_DOCUMENT,
    TOO_LARGE,
    TOO_MANY_CHANNELS,
    TOO_MANY_SAVES,
    TOO_FAST,
    TOO_MANY_FROM_ADDRESS,
    FOREIGN_ORIGIN,
    FOREIGN_HOST,
    OVERLOADED,
    STORE_UNAVAILABLE,
    STORE_DAMAGED,
    EDITS_MISSING,
    GUARANTEE_UNAVAILABLE,
    FORKED_IDENTITY,
    FORGED_IDENTITY,
    SHALLOW_HISTORY,
    DRAINING,
    INTERNAL,
    OTHER;

    private static final Map<String, Code> BY_WORD = byWord();

    private static Map<String, Code> byWord() {
      Map<String, Code> codes = new HashMap<>();
      for (Code code : values()) {
        codes.put(word(code), code);
      }
      return codes;
    }

    static Code of(String word) {
      return BY_WORD.getOrDefault(word, OTHER);
    }
  }

  /** What may be left out, in this order. */
  enum Shed {
    PRESENCE,
    KEYSTROKE_FREQUENCY,
    OPENING,
    CONNECTION
  }

  /** What a save came to. */
  enum SaveOutcome {
    ACKNOWLEDGED,
    REFUSED,
    /** The relay had no time to answer, or the client was gone. */
    ABANDONED
  }

  /** Frames and bytes of one kind and direction. */
  private final class Traffic {
    private final Counter frames;
    private final Counter bytes;

    Traffic(String direction, Kind kind) {
      frames = counter("weft.frames." + direction, "Frames " + direction, tag("kind", kind));
      bytes = counter("weft.bytes." + direction, "Bytes of frames " + direction, tag("kind", kind));
    }

    void count(int length) {
      frames.increment();
      bytes.increment(length);
    }
  }

  private static Tags tag(String name, Enum<?> value) {
    return Tags.of(name, word(value));
  }

  private static Tags code(Code code) {
    return tag("code", code);
  }

  /** Returns a constant as a tag has it. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private Counter counter(String name, String description, Tags tags) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  private Timer timer(String name, String description, Tags tags) {
    return Timer.builder(name)
        .description(description)
        .tags(tags)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /** Shows a value that is asked for when somebody looks. */
  <T> void gauge(String name, String description, Tags tags, T source, ToDoubleFunction<T> value) {
    Gauge.builder(name, source, value).description(description).tags(tags).register(registry);
  }

  // --- What happens ---

  void received(ClientMessage message, int bytes) {
    received.of(Kind.of(message)).count(bytes);
  }

  /** A client tells how long its user has waited, which cannot be checked: within bounds, then. */
  void reported(ClientMessage.Report report) {
    report.keystrokeMicros().forEach(micros -> record(keystrokesPerceived, micros));
    report.saveMicros().forEach(micros -> record(savesPerceived, micros));
  }

  private static void record(Timer timer, int micros) {
    timer.record(Math.min(micros, LONGEST_REPORTED_MICROS), TimeUnit.MICROSECONDS);
  }

  void sent(RelayMessage message, int bytes) {
    sent.of(Kind.of(message)).count(bytes);
  }

  /** Changes were taken in, which came in one message. */
  void changes(int count) {
    changes.increment(count);
  }

  /** All readers of a document have edits in their queues the oldest of which came then. */
  void passedOn(long nanos) {
    passedOn.record(nanos, TimeUnit.NANOSECONDS);
  }

  void workerWait(long nanos) {
    workerWait.record(nanos, TimeUnit.NANOSECONDS);
  }

  void save(SaveOutcome outcome, long nanos) {
    saves.of(outcome).record(nanos, TimeUnit.NANOSECONDS);
  }

  void storeWrite(boolean written, long nanos) {
    (written ? storeWritten : storeNotWritten).record(nanos, TimeUnit.NANOSECONDS);
  }

  void storeRead(long nanos) {
    storeRead.record(nanos, TimeUnit.NANOSECONDS);
  }

  void refused(String code) {
    refused.of(Code.of(code)).increment();
  }

  void throttled(String code) {
    throttled.of(Code.of(code)).increment();
  }

  void shed(Shed what) {
    shed.of(what).increment();
  }

  void conflated() {
    conflations.increment();
  }

  void reconnected() {
    reconnects.increment();
  }
}
