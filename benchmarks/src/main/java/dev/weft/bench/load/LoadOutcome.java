package dev.weft.bench.load;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What came out of a run.
 *
 * @param settings how it was
 * @param tally of normal, slow and cut clients
 * @param floodTally of those who flood
 * @param counted for how long was counted
 * @param relayProcessors how many processors the server kept busy meanwhile
 * @param generatorProcessors how many the clients did
 * @param residentBytes the server's memory at the end of it, everybody connected
 * @param liveGrowth how much more the server had in use then than before anybody was connected
 */
record LoadOutcome(
    LoadSettings settings,
    Tally tally,
    Tally floodTally,
    Duration counted,
    OptionalDouble relayProcessors,
    double generatorProcessors,
    OptionalLong residentBytes,
    OptionalLong liveGrowth) {

  double seconds() {
    return counted.toNanos() / 1e9;
  }

  double editsSentPerSecond() {
    return tally.editsSent / seconds();
  }

  double editsDeliveredPerSecond() {
    return tally.editsDelivered / seconds();
  }

  double messagesSentPerSecond() {
    return tally.messagesSent / seconds();
  }

  double editsPerMessage() {
    return tally.messagesSent == 0 ? 0 : (double) tally.editsSent / tally.messagesSent;
  }

  /** Returns the server's time for an edit, whoever made it, with all that is done for it. */
  OptionalDouble relayMicrosPerEdit() {
    long edits = tally.editsSent + floodTally.editsSent;
    return relayProcessors.isEmpty() || edits == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(relayProcessors.getAsDouble() * counted.toNanos() / 1e3 / edits);
  }
}
