package dev.weft.bench.load;

import dev.weft.bench.peers.TextTable;
import dev.weft.cli.JsonLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Measures whether a client on a bad line and one that floods slow the others: rounds without and
 * with the two take turns at one relay, both being on the first document. Confined to one thread.
 *
 * <p>An edit on the first document reaches all its readers at once, so that a p99 hangs on one edit
 * in a hundred: a round of ten seconds has but two of those, and only many rounds together say
 * something. Which side goes first changes from round to round, so that neither has the warmer
 * relay.
 */
final class FairnessMeasurement {
  static final PopulationOptions.Usual USUAL = new PopulationOptions.Usual(5, 20, 2);

  /** How much higher the p99 may be. */
  private static final double BOUND = 1.5;

  private static final double PERCENTILE = 99;

  /** How many rounds of each side count nothing: what the first ones wait for is the compiler. */
  private static final int WARM_UP_ROUNDS = 2;

  private static final List<Side> ONE_WAY = List.of(Side.WITHOUT, Side.WITH);
  private static final List<Side> OTHER_WAY = List.of(Side.WITH, Side.WITHOUT);

  private final Served served;
  private final LoadSettings settings;
  private final int rounds;

  /**
   * Prepares.
   *
   * @param settings of the normal clients alone
   */
  FairnessMeasurement(Served served, LoadSettings settings, int rounds) {
    this.served = served;
    this.settings = settings;
    this.rounds = rounds;
  }

  /** The two sides of the comparison. */
  private enum Side {
    WITHOUT,
    WITH
  }

  /** What came out on one side. */
  private static final class Sums {
    final Tally all = new Tally();
    final Tally flood = new Tally();
    final Map<ClientClass, List<Double>> p99Millis = new EnumMap<>(ClientClass.class);
    double seconds;

    void add(LoadOutcome outcome) {
      all.add(outcome.tally());
      flood.add(outcome.floodTally());
      seconds += outcome.seconds();
      for (ClientClass who : List.of(ClientClass.BESIDE, ClientClass.NORMAL)) {
        p99Millis
            .computeIfAbsent(who, each -> new ArrayList<>())
            .add(millis(outcome.tally().times(who, Tier.KEYSTROKE)));
      }
    }

    private static double millis(Histogram nanos) {
      return nanos.getValueAtPercentile(PERCENTILE) / 1e6;
    }

    double p99(ClientClass who) {
      return millis(all.times(who, Tier.KEYSTROKE));
    }

    List<Double> rounds(ClientClass who) {
      return p99Millis.getOrDefault(who, List.of());
    }
  }

  /**
   * Measures all rounds.
   *
   * @throws LoadFailure if a normal client was lost
   */
  Result measure() throws IOException {
    Sums without = new Sums();
    Sums with = new Sums();
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      for (Side side : ONE_WAY) {
        LoadOutcome unused = run(side, "warm-" + round);
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (Side side : round % 2 == 0 ? ONE_WAY : OTHER_WAY) {
        (side == Side.WITH ? with : without).add(run(side, "round-" + round));
      }
    }
    return new Result(without, with);
  }

  private LoadOutcome run(Side side, String name) throws IOException {
    int disturbing = side == Side.WITH ? 1 : 0;
    Population population = settings.population().disturbedBy(disturbing, disturbing);
    return served
        .run(settings.of(population), name + "-" + (disturbing == 0 ? "without" : "with"))
        .run();
  }

  /** What came out. */
  static final class Result {
    private final Sums without;
    private final Sums with;

    private Result(Sums without, Sums with) {
      this.without = without;
      this.with = with;
    }

    private double ratio(ClientClass who) {
      return with.p99(who) / without.p99(who);
    }

    /** Returns whether no class waits longer than it may, and everything has arrived. */
    boolean isFair() {
      return ratio(ClientClass.BESIDE) <= BOUND
          && ratio(ClientClass.NORMAL) <= BOUND
          && missing() == 0;
    }

    private long missing() {
      return with.all.editsMissing + without.all.editsMissing;
    }

    private static Map<ClientClass, String> names() {
      Map<ClientClass, String> names = new EnumMap<>(ClientClass.class);
      names.put(ClientClass.BESIDE, "same document");
      names.put(ClientClass.NORMAL, "other documents");
      return names;
    }

    void print(PrintWriter out) {
      TextTable table =
          new TextTable(
              1,
              List.of("keystroke p99, ms", "without", "with", "ratio", "rounds without", "with"));
      names()
          .forEach(
              (who, name) ->
                  table.add(
                      List.of(
                          name,
                          decimal(without.p99(who)),
                          decimal(with.p99(who)),
                          decimal(ratio(who)),
                          list(without.rounds(who)),
                          list(with.rounds(who))),
                      List.of()));
      table.lines().forEach(out::println);
      out.println(
          "slow: p99 "
              + decimal(with.p99(ClientClass.SLOW))
              + " ms; flood: "
              + String.format(Locale.ROOT, "%,.0f", with.flood.editsSent / with.seconds)
              + " edits/s sent, throttled "
              + count(with.flood.throttles())
              + " times, refused "
              + count(with.flood.refusals()));
      out.println(
          isFair()
              ? "fair: nobody waits more than " + BOUND + " times as long"
              : "NOT fair: the bound is "
                  + BOUND
                  + " times"
                  + (missing() == 0 ? "" : ", and " + missing() + " edits did not arrive"));
      out.flush();
    }

    void printJson(PrintWriter out) {
      JsonLine.print(
          out,
          json -> {
            json.writeStringField("measurement", "fairness");
            LoadReport.decimal(json, "bound", BOUND);
            json.writeBooleanField("fair", isFair());
            for (Map.Entry<ClientClass, String> each : names().entrySet()) {
              ClientClass who = each.getKey();
              json.writeObjectFieldStart(
                  who == ClientClass.BESIDE ? "sameDocument" : "otherDocuments");
              LoadReport.decimal(json, "p99WithoutMillis", without.p99(who));
              LoadReport.decimal(json, "p99WithMillis", with.p99(who));
              LoadReport.decimal(json, "ratio", ratio(who));
              json.writeEndObject();
            }
            LoadReport.decimal(json, "slowP99Millis", with.p99(ClientClass.SLOW));
            LoadReport.decimal(json, "floodEditsPerSecond", with.flood.editsSent / with.seconds);
            json.writeNumberField("floodEdits", with.flood.flooded);
            json.writeNumberField("floodThrottled", count(with.flood.throttles()));
            json.writeNumberField("editsMissing", missing());
          });
    }

    private static long count(Map<ClientClass, Map<String, Long>> counts) {
      return counts.values().stream()
          .flatMap(codes -> codes.values().stream())
          .mapToLong(Long::longValue)
          .sum();
    }

    private static String list(List<Double> values) {
      return String.join(" ", values.stream().map(Result::decimal).toList());
    }

    private static String decimal(double value) {
      return String.format(Locale.ROOT, "%.2f", value);
    }
  }
}
