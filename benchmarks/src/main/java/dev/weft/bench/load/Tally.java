package dev.weft.bench.load;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What is counted and timed: only of what was due within a time, which is set before that begins.
 * Confined to one thread.
 */
final class Tally {
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(30);
  private static final int DIGITS = 3;

  private final Map<ClientClass, Map<Tier, Histogram>> times = new EnumMap<>(ClientClass.class);
  private final Map<ClientClass, Map<String, Long>> throttles = new EnumMap<>(ClientClass.class);
  private final Map<ClientClass, Map<String, Long>> refusals = new EnumMap<>(ClientClass.class);
  private final Map<String, Long> saves = new TreeMap<>();
  private final Histogram pressedLate = new Histogram(LONGEST_NANOS, DIGITS);
  private @Nullable String failure;
  private boolean counting;
  private long fromNanos;
  private long untilNanos;

  long editsSent;
  long messagesSent;

  /** Edits of those who flood. Counted whenever it was. */
  long flooded;

  long editsDelivered;
  long editsMissing;
  long caretsSent;
  long caretsDelivered;
  long savesUnanswered;
  long cuts;
  long reconnects;

  /** A normal client is of no use any more, or one does not understand the server. */
  void failed(String reason) {
    if (failure == null) {
      failure = reason;
    }
  }

  /** Returns the first reason, which explains the others, as a part of a sentence; null if none. */
  @Nullable String failure() {
    return failure;
  }

  /** Counts what is due in {@code [fromNanos, untilNanos)}. */
  void countWithin(long from, long until) {
    counting = true;
    fromNanos = from;
    untilNanos = until;
  }

  /** Returns whether what was due then is counted. */
  boolean counts(long dueNanos) {
    return counting && dueNanos - fromNanos >= 0 && dueNanos - untilNanos < 0;
  }

  /** Somebody has waited. */
  void waited(ClientClass who, Tier tier, long nanos) {
    histogram(who, tier).recordValue(Math.min(LONGEST_NANOS, Math.max(0, nanos)));
  }

  private Histogram histogram(ClientClass who, Tier tier) {
    return times
        .computeIfAbsent(who, each -> new EnumMap<>(Tier.class))
        .computeIfAbsent(tier, each -> new Histogram(LONGEST_NANOS, DIGITS));
  }

  /** A key was pressed so late, for want of a processor. */
  void pressedLate(long nanos) {
    pressedLate.recordValue(Math.min(LONGEST_NANOS, Math.max(0, nanos)));
  }

  Histogram pressedLate() {
    return pressedLate;
  }

  /** Returns the times of those who have waited, by class and tier. */
  Map<ClientClass, Map<Tier, Histogram>> times() {
    return times;
  }

  /** Returns the times of one class and tier; empty if nobody has waited. */
  Histogram times(ClientClass who, Tier tier) {
    Map<Tier, Histogram> ofClass = times.get(who);
    Histogram found = ofClass == null ? null : ofClass.get(tier);
    return found == null ? new Histogram(LONGEST_NANOS, DIGITS) : found;
  }

  /** A client was asked to send less. Counted whenever it was. */
  void throttled(ClientClass who, String code) {
    throttles.computeIfAbsent(who, each -> new TreeMap<>()).merge(code, 1L, Long::sum);
  }

  /** Something of a client was refused. Counted whenever it was. */
  void refused(ClientClass who, String code) {
    refusals.computeIfAbsent(who, each -> new TreeMap<>()).merge(code, 1L, Long::sum);
  }

  /** A save has its receipt. */
  void saved(String guarantee) {
    saves.merge(guarantee, 1L, Long::sum);
  }

  Map<ClientClass, Map<String, Long>> throttles() {
    return throttles;
  }

  Map<ClientClass, Map<String, Long>> refusals() {
    return refusals;
  }

  /** Returns how many saves were done, by their guarantee. */
  Map<String, Long> saves() {
    return saves;
  }

  /** Adds what another has counted and timed. */
  void add(Tally other) {
    other.times.forEach(
        (who, tiers) -> tiers.forEach((tier, nanos) -> histogram(who, tier).add(nanos)));
    other.throttles.forEach(
        (who, codes) ->
            codes.forEach(
                (code, count) ->
                    throttles
                        .computeIfAbsent(who, each -> new TreeMap<>())
                        .merge(code, count, Long::sum)));
    other.refusals.forEach(
        (who, codes) ->
            codes.forEach(
                (code, count) ->
                    refusals
                        .computeIfAbsent(who, each -> new TreeMap<>())
                        .merge(code, count, Long::sum)));
    other.saves.forEach((guarantee, count) -> saves.merge(guarantee, count, Long::sum));
    pressedLate.add(other.pressedLate);
    editsSent += other.editsSent;
    messagesSent += other.messagesSent;
    flooded += other.flooded;
    editsDelivered += other.editsDelivered;
    editsMissing += other.editsMissing;
    caretsSent += other.caretsSent;
    caretsDelivered += other.caretsDelivered;
    savesUnanswered += other.savesUnanswered;
    cuts += other.cuts;
    reconnects += other.reconnects;
  }
}
