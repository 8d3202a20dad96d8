package dev.weft.bench.load;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weft.bench.load.CapacitySearch.Trial;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Finds how many edits a second a server passes on while the p99 of all readers stays below a
 * bound. Confined to one thread.
 */
final class Capacity {
  /** A reader who waits longer notices. */
  static final double BOUND_MILLIS = 100;

  static final PopulationOptions.Usual USUAL = new PopulationOptions.Usual(50, 4, 1);

  private static final double FIRST_RATE = 1_000;
  private static final double LEAST_RATE = 50;
  private static final double PERCENTILE = 99;

  /** So many milliseconds late on their own, the clients are what is measured. */
  private static final double LATE_MILLIS = 25;

  /** A trial is so many times as short as what confirms it. */
  private static final int SHORTER = 3;

  private final Served served;
  private final LoadSettings settings;
  private final @Nullable PrintWriter progress;
  private final CapacitySearch search = new CapacitySearch(FIRST_RATE, LEAST_RATE);
  private int trials;

  /**
   * Prepares.
   *
   * @param settings how long it is measured in the end, and after which warm-up; its rate is not
   *     used
   * @param progress where each trial is told; null for nowhere
   */
  Capacity(Served served, LoadSettings settings, @Nullable PrintWriter progress) {
    this.served = served;
    this.settings = settings;
    this.progress = progress;
  }

  Served served() {
    return served;
  }

  CapacitySearch search() {
    return search;
  }

  /** Has the server, and the clients, work for a while before anything is tried. */
  void warmUp() throws IOException {
    try {
      LoadOutcome unused =
          served.run(settings.at(FIRST_RATE, Duration.ZERO, settings.length()), "warm").run();
    } catch (LoadFailure e) {
      throw new LoadFailure(served.title() + ": " + e.getMessage());
    }
  }

  /**
   * Tries the next rate.
   *
   * @throws LoadFailure if the server has ended
   */
  void step() throws IOException {
    double rate = search.next();
    boolean longer = search.isConfirming();
    Duration length = longer ? settings.length() : settings.length().dividedBy(SHORTER);
    Trial trial = trial(settings.at(rate, settings.warmUp(), length), longer);
    search.tried(trial);
    if (progress != null) {
      progress.println(served.title() + ": " + describe(trial));
      progress.flush();
    }
  }

  private Trial trial(LoadSettings tried, boolean longer) throws IOException {
    double rate = tried.editsPerSecond();
    try {
      LoadOutcome outcome = served.run(tried, "try-" + trials++).run();
      String why = why(outcome);
      return new Trial(
          rate, why.isEmpty(), longer, outcome, why, lateMillis(outcome) > LATE_MILLIS);
    } catch (LoadFailure e) {
      if (served.hasEnded()) {
        throw new LoadFailure(served.title() + " has ended: " + e.getMessage());
      }
      return new Trial(rate, false, longer, null, String.valueOf(e.getMessage()), false);
    }
  }

  private static String why(LoadOutcome outcome) {
    if (outcome.tally().editsMissing > 0) {
      return outcome.tally().editsMissing + " edits did not arrive";
    }
    if (p99Millis(outcome) < BOUND_MILLIS) {
      return "";
    }
    return lateMillis(outcome) > LATE_MILLIS
        ? "too late, and so were the clients' own keys"
        : "too late";
  }

  static double p99Millis(LoadOutcome outcome) {
    return outcome
            .tally()
            .times(ClientClass.NORMAL, Tier.KEYSTROKE)
            .getValueAtPercentile(PERCENTILE)
        / 1e6;
  }

  private static double lateMillis(LoadOutcome outcome) {
    return outcome.tally().pressedLate().getValueAtPercentile(PERCENTILE) / 1e6;
  }

  /** Returns a trial in one line. */
  static String describe(Trial trial) {
    String begin =
        String.format(
            Locale.ROOT, "%,9.0f edits/s%s", trial.rate(), trial.longer() ? " (longer)" : "");
    LoadOutcome outcome = trial.outcome();
    if (outcome == null) {
      return begin + ": " + trial.why();
    }
    return String.format(
        Locale.ROOT,
        "%s: p50 %.2f, p99 %.2f ms, %,.0f sent/s, %,.0f delivered/s, %.1f edits a message, processors: server"
            + " %.2f, clients %.2f (late %.2f ms), %d throttles%s",
        begin,
        outcome.tally().times(ClientClass.NORMAL, Tier.KEYSTROKE).getValueAtPercentile(50) / 1e6,
        p99Millis(outcome),
        outcome.editsSentPerSecond(),
        outcome.editsDeliveredPerSecond(),
        outcome.editsPerMessage(),
        outcome.relayProcessors().orElse(0),
        outcome.generatorProcessors(),
        lateMillis(outcome),
        outcome.tally().throttles().values().stream()
            .flatMap(codes -> codes.values().stream())
            .mapToLong(Long::longValue)
            .sum(),
        trial.held() ? "" : ": " + trial.why());
  }

  /** Returns how many edits a second were sent while it held; 0 if not even the fewest did. */
  double found() {
    Trial confirmed = search.confirmed();
    LoadOutcome outcome = confirmed == null ? null : confirmed.outcome();
    return outcome == null ? 0 : outcome.editsSentPerSecond();
  }

  /** Returns the server's time for an edit at the rate that was found. */
  OptionalDouble microsPerEdit() {
    Trial confirmed = search.confirmed();
    LoadOutcome outcome = confirmed == null ? null : confirmed.outcome();
    return outcome == null ? OptionalDouble.empty() : outcome.relayMicrosPerEdit();
  }

  /** Prints what was found, and the trials beside it. */
  void print(PrintWriter out) {
    Trial confirmed = search.confirmed();
    if (confirmed == null) {
      out.println(served.title() + ": no rate from " + LEAST_RATE + " edits/s on held");
    } else {
      out.println(
          String.format(
              Locale.ROOT,
              "%s: %,.0f edits/s at p99 below %.0f ms",
              served.title(),
              found(),
              BOUND_MILLIS));
      print(out, "before", search.before(confirmed));
      print(out, "found ", confirmed);
      print(out, "after ", search.after(confirmed));
    }
    out.flush();
  }

  private static void print(PrintWriter out, String which, @Nullable Trial trial) {
    if (trial != null) {
      out.println("  " + which + " " + describe(trial));
    }
  }

  /** Writes the same as fields. */
  void write(JsonGenerator json) throws IOException {
    json.writeStringField("server", served.title());
    LoadReport.decimal(json, "boundMillis", BOUND_MILLIS);
    LoadReport.decimal(json, "editsPerSecond", found());
    LoadReport.decimalIfKnown(json, "serverMicrosPerEdit", microsPerEdit());
    json.writeArrayFieldStart("trials");
    for (Trial trial : search.trials()) {
      json.writeStartObject();
      LoadReport.decimal(json, "rate", trial.rate());
      json.writeBooleanField("held", trial.held());
      json.writeBooleanField("longer", trial.longer());
      LoadOutcome outcome = trial.outcome();
      if (outcome != null) {
        LoadReport.decimal(json, "p99Millis", p99Millis(outcome));
        LoadReport.decimal(json, "editsDeliveredPerSecond", outcome.editsDeliveredPerSecond());
        LoadReport.decimal(json, "editsPerMessage", outcome.editsPerMessage());
        LoadReport.decimalIfKnown(json, "serverProcessors", outcome.relayProcessors());
        LoadReport.decimal(json, "clientProcessors", outcome.generatorProcessors());
        LoadReport.decimal(json, "pressedLateP99Millis", lateMillis(outcome));
      }
      if (!trial.held()) {
        json.writeStringField("why", trial.why());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
