package dev.weft.crdt;

import java.util.Arrays;

/**
 * The digests after each of the events that an update appends, one behind the other, from where it
 * tells of a second replica: each depends on the other's, which the same update brought, and is
 * compared here without a search. Not thread-safe.
 */
final class DigestTrail {
  /** What {@link #reserve} returns if nothing is kept. */
  static final int OFF = -1;

  // Longer ones, as of a whole history, are not kept beyond their update.
  private static final int KEPT = 1024;

  // For each byte of an update: few bytes can tell of many events, all of which would take memory.
  private static final int MOST_EVENTS_A_BYTE = 2;

  private enum State {
    /** Nothing is told. */
    UNTOLD,
    /** One replica's events are, which are not kept. */
    OF_ONE,
    /** What is told is kept. */
    KEPT,
    /** There is no more room: what comes behind would be at the wrong place. */
    FULL
  }

  private int[] values = new int[16];
  private int firstEvent;
  private int size;
  private int most;
  private State state = State.UNTOLD;
  private long firstReplica;
  private boolean isNew;

  /** Returns one that keeps nothing. */
  static DigestTrail none() {
    return new DigestTrail();
  }

  /** Begins an update of so many bytes. */
  void begin(int bytes) {
    most = (int) Math.min(Integer.MAX_VALUE - 8, (long) MOST_EVENTS_A_BYTE * bytes);
    state = State.UNTOLD;
  }

  /**
   * Begins a change of the update.
   *
   * @param replica who made it
   * @param nextEvent the number of the next event that is appended
   */
  void beginChange(long replica, int nextEvent) {
    if (state == State.UNTOLD) {
      state = State.OF_ONE;
      firstReplica = replica;
    } else if (state == State.OF_ONE && replica != firstReplica) {
      state = State.KEPT;
      firstEvent = nextEvent;
    }
  }

  /** Says whether the events told from now on are new, and not known already. */
  void setNew(boolean newNew) {
    isNew = newNew;
  }

  /** Returns where in {@link #values} the next events go, {@link #OFF} if they do not. */
  int reserve(int count) {
    if (state != State.KEPT || !isNew) {
      return OFF;
    }
    if (count > most - size) {
      state = State.FULL;
      return OFF;
    }
    int at = size;
    size += count;
    if (size > values.length) {
      values = Arrays.copyOf(values, Math.max(size, (int) Math.min(most, 2L * values.length)));
    }
    return at;
  }

  int[] values() {
    return values;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Returns whether the digest after an event is kept here. */
  boolean has(int event) {
    return event >= firstEvent && event - firstEvent < size;
  }

  int after(int event) {
    return values[event - firstEvent];
  }

  /** Forgets all. */
  void clear() {
    size = 0;
    state = State.UNTOLD;
    if (values.length > KEPT) {
      values = new int[16];
    }
  }
}
