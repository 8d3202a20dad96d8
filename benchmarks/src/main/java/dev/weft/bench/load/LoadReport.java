package dev.weft.bench.load;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weft.bench.latency.Percentiles;
import dev.weft.bench.peers.TextTable;
import dev.weft.cli.JsonLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Prints what came out of one run: in words and a table, or as one object. */
final class LoadReport {
  private static final double BYTES_PER_KB = 1e3;
  private static final double BYTES_PER_MB = 1e6;

  /** By how much, of what is wanted, the rate may differ without a word. */
  private static final double TOLERANCE = 0.05;

  private final String server;
  private final String typing;
  private final LoadOutcome outcome;

  /**
   * Prepares.
   *
   * @param server which it was
   * @param typing whose edits and rhythm it was
   */
  LoadReport(String server, String typing, LoadOutcome outcome) {
    this.server = server;
    this.typing = typing;
    this.outcome = outcome;
  }

  // --- In words ---

  void print(PrintWriter out) {
    LoadSettings settings = outcome.settings();
    Population population = settings.population();
    line(
        out,
        "%s: %,d documents of %d clients, of which %d write%s; %s, %,.0f edits/s in all, for %.0f s",
        server,
        population.documents(),
        population.clients(),
        population.writers(),
        disturbers(population),
        typing,
        settings.editsPerSecond(),
        outcome.seconds());
    List<String> head = new ArrayList<>(List.of("milliseconds", "class"));
    head.addAll(Percentiles.head());
    TextTable table = new TextTable(2, head);
    for (Tier tier : Tier.values()) {
      outcome
          .tally()
          .times()
          .forEach((who, tiers) -> addRow(table, tier.toString(), who.toString(), tiers.get(tier)));
    }
    table.lines().forEach(out::println);
    Tally tally = outcome.tally();
    line(
        out,
        "edits/s: %,.1f sent, %,.1f delivered to readers; %.2f edits a message, %,.1f messages/s",
        outcome.editsSentPerSecond(),
        outcome.editsDeliveredPerSecond(),
        outcome.editsPerMessage(),
        outcome.messagesSentPerSecond());
    double sent = outcome.editsSentPerSecond();
    double wanted = settings.editsPerSecond();
    if (Math.abs(sent - wanted) > TOLERANCE * wanted && !settings.habits().rhythm().isEven()) {
      line(
          out,
          "rate: %,.1f edits/s, not %,.1f, for people type in bursts: more writers or more --seconds"
              + " come closer",
          sent,
          wanted);
    }
    if (outcome.floodTally().flooded > 0) {
      line(
          out,
          "flood: %,.1f edits/s sent, each a message",
          outcome.floodTally().editsSent / outcome.seconds());
    }
    line(
        out,
        "server: %s processors busy, %s µs an edit, RSS %s MB; in use per connection %s kB,"
            + " per document %s kB",
        known("%.2f", outcome.relayProcessors()),
        known("%.1f", outcome.relayMicrosPerEdit()),
        known("%.0f", scaled(outcome.residentBytes(), BYTES_PER_MB)),
        known("%.1f", scaled(perConnection(), BYTES_PER_KB)),
        known("%.1f", scaled(perDocument(), BYTES_PER_KB)));
    line(
        out,
        "clients: %.2f processors busy, keys pressed late by %.2f ms (p99)",
        outcome.generatorProcessors(),
        tally.pressedLate().getValueAtPercentile(99) / 1e6);
    line(
        out,
        "saves: %s; throttles: %s; refusals: %s; cuts: %d",
        counts(tally.saves()),
        byClass(all().throttles()),
        byClass(all().refusals()),
        tally.cuts);
    if (tally.editsMissing + tally.savesUnanswered > 0) {
      line(
          out,
          "FAILED: %,d edits had not reached a reader, and %,d saves had no answer, 10 s after the"
              + " last",
          tally.editsMissing,
          tally.savesUnanswered);
    }
    out.flush();
  }

  private static void addRow(TextTable table, String tier, String who, @Nullable Histogram nanos) {
    if (nanos != null) {
      List<String> cells = new ArrayList<>(List.of(tier, who));
      cells.addAll(Percentiles.cells(nanos));
      table.add(cells, List.of());
    }
  }

  private static String disturbers(Population population) {
    StringBuilder text = new StringBuilder();
    append(text, population.slow(), "slow");
    append(text, population.cut(), "cut");
    append(text, population.flood(), "flooding");
    return text.toString();
  }

  private static void append(StringBuilder text, int count, String what) {
    if (count > 0) {
      text.append(", ").append(count).append(' ').append(what);
    }
  }

  private static String known(String format, OptionalDouble value) {
    return value.isEmpty() ? "-" : String.format(Locale.ROOT, format, value.getAsDouble());
  }

  private static OptionalDouble scaled(OptionalLong bytes, double by) {
    return bytes.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(bytes.getAsLong() / by);
  }

  private static String counts(Map<String, Long> counts) {
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (what, count) ->
            text.append(text.isEmpty() ? "" : ", ").append(count).append(' ').append(what));
    return text.isEmpty() ? "none" : text.toString();
  }

  private static String byClass(Map<ClientClass, Map<String, Long>> counts) {
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (who, codes) ->
            text.append(text.isEmpty() ? "" : "; ").append(who).append(' ').append(counts(codes)));
    return text.isEmpty() ? "none" : text.toString();
  }

  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  // --- As an object ---

  void printJson(PrintWriter out) {
    JsonLine.print(out, this::write);
  }

  private void write(JsonGenerator json) throws IOException {
    LoadSettings settings = outcome.settings();
    Population population = settings.population();
    Tally tally = outcome.tally();
    json.writeStringField("relay", server);
    json.writeNumberField("documents", population.documents());
    json.writeNumberField("clients", population.clients());
    json.writeNumberField("writers", population.writers());
    json.writeNumberField("connections", population.connections());
    decimal(json, "rate", settings.editsPerSecond());
    decimal(json, "seconds", outcome.seconds());
    json.writeStringField("typing", typing);
    json.writeArrayFieldStart("tiers");
    for (Tier tier : Tier.values()) {
      for (Map.Entry<ClientClass, Map<Tier, Histogram>> each : tally.times().entrySet()) {
        Histogram nanos = each.getValue().get(tier);
        if (nanos != null) {
          json.writeStartObject();
          json.writeStringField("tier", tier.toString());
          json.writeStringField("class", each.getKey().toString());
          writeTimes(json, nanos);
          json.writeEndObject();
        }
      }
    }
    json.writeEndArray();
    decimal(json, "editsSentPerSecond", outcome.editsSentPerSecond());
    decimal(json, "editsDeliveredPerSecond", outcome.editsDeliveredPerSecond());
    decimal(json, "messagesSentPerSecond", outcome.messagesSentPerSecond());
    decimal(json, "editsPerMessage", outcome.editsPerMessage());
    decimal(json, "floodEditsPerSecond", outcome.floodTally().editsSent / outcome.seconds());
    json.writeNumberField("floodEdits", outcome.floodTally().flooded);
    json.writeNumberField("editsMissing", tally.editsMissing);
    json.writeNumberField("savesUnanswered", tally.savesUnanswered);
    writeCounts(json, "saves", tally.saves());
    writeByClass(json, "throttles", all().throttles());
    writeByClass(json, "refusals", all().refusals());
    json.writeNumberField("cuts", tally.cuts);
    decimalIfKnown(json, "relayProcessors", outcome.relayProcessors());
    decimalIfKnown(json, "relayMicrosPerEdit", outcome.relayMicrosPerEdit());
    numberIfKnown(json, "relayResidentBytes", outcome.residentBytes());
    numberIfKnown(json, "relayBytesPerConnection", perConnection());
    numberIfKnown(json, "relayBytesPerDocument", perDocument());
    decimal(json, "clientProcessors", outcome.generatorProcessors());
    decimal(json, "pressedLateP99Millis", tally.pressedLate().getValueAtPercentile(99) / 1e6);
  }

  /** A script is told all of them, and of how many times they are. */
  private static void writeTimes(JsonGenerator json, Histogram nanos) throws IOException {
    json.writeNumberField("samples", nanos.getTotalCount());
    decimal(json, "p50Millis", nanos.getValueAtPercentile(50) / 1e6);
    decimal(json, "p95Millis", nanos.getValueAtPercentile(95) / 1e6);
    decimal(json, "p99Millis", nanos.getValueAtPercentile(99) / 1e6);
    decimal(json, "maxMillis", nanos.getMaxValue() / 1e6);
  }

  private OptionalLong perConnection() {
    return divided(outcome.settings().population().connections());
  }

  private OptionalLong perDocument() {
    return divided(outcome.settings().population().documents());
  }

  private OptionalLong divided(int by) {
    OptionalLong growth = outcome.liveGrowth();
    return growth.isEmpty() ? growth : OptionalLong.of(Math.max(0, growth.getAsLong()) / by);
  }

  private Tally all() {
    Tally all = new Tally();
    all.add(outcome.tally());
    all.add(outcome.floodTally());
    return all;
  }

  private static void writeByClass(
      JsonGenerator json, String name, Map<ClientClass, Map<String, Long>> counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<ClientClass, Map<String, Long>> each : counts.entrySet()) {
      writeCounts(json, each.getKey().toString(), each.getValue());
    }
    json.writeEndObject();
  }

  private static void writeCounts(JsonGenerator json, String name, Map<String, Long> counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Long> each : counts.entrySet()) {
      json.writeNumberField(each.getKey(), each.getValue());
    }
    json.writeEndObject();
  }

  static void decimal(JsonGenerator json, String name, double value) throws IOException {
    json.writeFieldName(name);
    json.writeNumber(String.format(Locale.ROOT, "%.3f", value));
  }

  static void decimalIfKnown(JsonGenerator json, String name, OptionalDouble value)
      throws IOException {
    if (value.isPresent()) {
      decimal(json, name, value.getAsDouble());
    }
  }

  static void numberIfKnown(JsonGenerator json, String name, OptionalLong value)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsLong());
    }
  }
}
