package dev.weft.bench.load.dialect;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what updates of Yjs (version 1) tell: of each client, how many units it has inserted so
 * far, and how many of these are deleted. Not thread-safe.
 */
final class YUpdates {
  private static final int KIND = 0x1f;
  private static final int HAS_LEFT = 0x80;
  private static final int HAS_RIGHT = 0x40;
  private static final int HAS_KEY = 0x20;
  private static final int COLLECTED = 0;
  private static final int DELETED = 1;
  private static final int TEXT = 4;
  private static final int SKIP = 10;

  private final Map<Long, Count> counts = new HashMap<>();

  /** What is known of a client. */
  private static final class Count {
    long inserted;
    long deleted;
  }

  /** Is told of each client that an update tells of. */
  interface Told {
    void progress(long client, long events);
  }

  /**
   * Takes in an update.
   *
   * @throws IllegalArgumentException if it holds what no text does
   * @throws java.nio.BufferUnderflowException if it is cut off
   */
  void take(ByteBuffer update, Told told) {
    long clients = Lib0.readNumber(update);
    for (long i = 0; i < clients; i++) {
      readItems(update);
    }
    long deleters = Lib0.readNumber(update);
    for (long i = 0; i < deleters; i++) {
      Count count = count(Lib0.readNumber(update));
      long ranges = Lib0.readNumber(update);
      for (long range = 0; range < ranges; range++) {
        long unused = Lib0.readNumber(update);
        count.deleted += Lib0.readNumber(update);
      }
    }
    counts.forEach((client, count) -> told.progress(client, count.inserted + count.deleted));
  }

  private Count count(long client) {
    return counts.computeIfAbsent(client, each -> new Count());
  }

  private void readItems(ByteBuffer update) {
    long items = Lib0.readNumber(update);
    Count count = count(Lib0.readNumber(update));
    long clock = Lib0.readNumber(update);
    for (long i = 0; i < items; i++) {
      int info = update.get() & 0xff;
      int kind = info & KIND;
      if (kind == COLLECTED || kind == SKIP) {
        clock += Lib0.readNumber(update);
      } else {
        skipPlace(info, update);
        clock += contentLength(kind, update);
      }
    }
    count.inserted = Math.max(count.inserted, clock);
  }

  private static void skipPlace(int info, ByteBuffer update) {
    if ((info & HAS_LEFT) != 0) {
      skipUnit(update);
    }
    if ((info & HAS_RIGHT) != 0) {
      skipUnit(update);
    }
    if ((info & (HAS_LEFT | HAS_RIGHT)) == 0) {
      if (Lib0.readNumber(update) == 1) {
        ByteBuffer unused = Lib0.readBytes(update);
      } else {
        skipUnit(update);
      }
      if ((info & HAS_KEY) != 0) {
        ByteBuffer unused = Lib0.readBytes(update);
      }
    }
  }

  private static void skipUnit(ByteBuffer update) {
    long unusedClient = Lib0.readNumber(update);
    long unusedClock = Lib0.readNumber(update);
  }

  private static long contentLength(int kind, ByteBuffer update) {
    return switch (kind) {
      case DELETED -> Lib0.readNumber(update);
      case TEXT -> Lib0.readText(update).length();
      default -> throw new IllegalArgumentException("an item of kind " + kind + " in a text");
    };
  }
}
