package dev.weft.relay;

import dev.weft.relay.RelayMetrics.Shed;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How much the relay has to do, and what it leaves out for that, in this order: presence, how often
 * keystrokes come, documents that are opened. Never a save that has begun. Thread-safe.
 *
 * <p>It goes by how long documents have waited for a worker lately, on average: a processor that is
 * busy and keeps up is no reason to leave anything out, and one wait that is long, for a collection
 * of garbage say, is over before anybody could be told.
 */
final class Load {
  private static final long SLOT_NANOS = Duration.ofMillis(500).toNanos();

  /** Of fewer waits than that, none says anything. */
  private static final int LEAST_WAITS = 8;

  private static final int LEAST_WINDOW_MILLIS = 50;
  private static final int LONGEST_WINDOW_MILLIS = 1_000;

  private final LongSupplier ticker;
  private final LoadBounds bounds;
  private final RelayMetrics metrics;
  private final AtomicLong unwrittenBytes = new AtomicLong();
  private final AtomicLong documentBytes = new AtomicLong();

  // Guarded by this.
  private long slotNanos;
  private long waits;
  private long waitedNanos;

  /** How long documents waited, on average, in the slot that was over last. */
  private volatile long averageNanos;

  /** When that was over: it says nothing of a time long after. */
  private volatile long averageAtNanos;

  Load(LongSupplier ticker, LoadBounds bounds, RelayMetrics metrics) {
    this.ticker = ticker;
    this.bounds = bounds;
    this.metrics = metrics;
    this.slotNanos = ticker.getAsLong();
    this.averageAtNanos = slotNanos;
  }

  // --- What is noted ---

  /** A document has come to its turn with a worker. */
  void waited(long nanos) {
    metrics.workerWait(nanos);
    long now = ticker.getAsLong();
    synchronized (this) {
      if (now - slotNanos >= SLOT_NANOS) {
        averageNanos = waits < LEAST_WAITS ? 0 : waitedNanos / waits;
        averageAtNanos = now;
        slotNanos = now;
        waits = 0;
        waitedNanos = 0;
      }
      waits++;
      waitedNanos += nanos;
    }
  }

  /** So many more bytes of changes wait for the store; negative where they wait no more. */
  void unwritten(long bytes) {
    unwrittenBytes.addAndGet(bytes);
  }

  /** Open documents take so many more bytes; negative for less. */
  void documents(long bytes) {
    documentBytes.addAndGet(bytes);
  }

  // --- What follows from it ---

  private boolean isLongerThan(Duration bound) {
    return ticker.getAsLong() - averageAtNanos < 2 * SLOT_NANOS && averageNanos > bound.toNanos();
  }

  /** What is left out, in the order of what matters. */
  enum Level {
    NOTHING,
    PRESENCE,
    KEYSTROKE_FREQUENCY,
    OPENINGS
  }

  /** Returns what matters most of what is left out at the moment; nothing is counted. */
  Level level() {
    if (isLongerThan(bounds.openings()) || isMemoryFull()) {
      return Level.OPENINGS;
    } else if (keystrokeWindowMillis() > 0) {
      return Level.KEYSTROKE_FREQUENCY;
    }
    return isLongerThan(bounds.presence()) ? Level.PRESENCE : Level.NOTHING;
  }

  /** Returns how many bytes of changes wait for the store. */
  long unwrittenBytes() {
    return unwrittenBytes.get();
  }

  /** Returns how much memory open documents take, estimated. */
  long documentBytes() {
    return documentBytes.get();
  }

  /** Returns whether no more changes may be taken in before some are stored. */
  boolean isStoreFull() {
    return unwrittenBytes.get() > bounds.unwrittenBytes();
  }

  /** Returns whether open documents take as much memory as they may. */
  boolean isMemoryFull() {
    return documentBytes.get() > bounds.documentBytes();
  }

  /** Returns whether presence is to be left out, and counts that it was. */
  boolean shedsPresence() {
    return counted(isLongerThan(bounds.presence()), Shed.PRESENCE);
  }

  /** Returns how long clients are to gather keystrokes, in milliseconds; 0 for as they like. */
  int keystrokeWindowMillis() {
    boolean full = unwrittenBytes.get() > bounds.unwrittenBytes() / 2;
    if (full) {
      return LONGEST_WINDOW_MILLIS;
    }
    if (!isLongerThan(bounds.keystrokes())) {
      return 0;
    }
    // The longer they wait, the less often they should have to.
    long millis = Duration.ofNanos(averageNanos).toMillis() * 4;
    return (int) Math.min(LONGEST_WINDOW_MILLIS, Math.max(LEAST_WINDOW_MILLIS, millis));
  }

  /** Returns whether no more documents are to be opened, and counts that one was not. */
  boolean shedsOpenings() {
    return counted(isLongerThan(bounds.openings()), Shed.OPENING);
  }

  private boolean counted(boolean sheds, Shed what) {
    if (sheds) {
      metrics.shed(what);
    }
    return sheds;
  }
}
