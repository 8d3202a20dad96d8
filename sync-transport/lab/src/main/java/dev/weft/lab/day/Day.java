package dev.weft.lab.day;

import dev.weft.crdt.VersionVector;
import dev.weft.lab.day.Injector.Span;
import dev.weft.store.DocumentId;
import java.util.List;
import java.util.Map;

/**
 * All that is known of a game day that is over.
 *
 * @param fromMicros when everybody had begun to type, and faults could begin, by the wall clock
 * @param healedMicros when the last fault was healed, and people rested
 * @param settledMicros when everybody showed that all was well, or it was given up to wait for that
 * @param clockMicros by how much the wall clock was set meanwhile, as the monotonic one has it
 * @param leftOut which faults could not be injected here, and why; empty if all could
 * @param durable what the relay's store holds
 */
record Day(
    long seed,
    double minutes,
    long fromMicros,
    long healedMicros,
    long settledMicros,
    long clockMicros,
    String leftOut,
    List<Person> people,
    List<Span> spans,
    Map<DocumentId, VersionVector> durable,
    List<Verdict> verdicts) {
  boolean passed() {
    return verdicts.stream().allMatch(Verdict::kept);
  }

  /** Returns the seconds from the beginning to a moment. */
  double seconds(long atMicros) {
    return (atMicros - fromMicros) / 1e6;
  }
}
