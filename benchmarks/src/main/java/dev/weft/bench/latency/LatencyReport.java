package dev.weft.bench.latency;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weft.bench.latency.LatencyRun.Outcome;
import dev.weft.bench.latency.Scenario.FloodAt;
import dev.weft.bench.peers.TextTable;
import dev.weft.cli.JsonLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.AbstractHistogram;

/** Prints what came out of each case: a table of percentiles, or one object a row of it. */
final class LatencyReport {
  private final PrintWriter out;
  private final boolean json;

  LatencyReport(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /** A row: whose times, and of what. */
  private record Row(String where, String what, String from, AbstractHistogram nanos) {}

  void print(Scenario scenario, Outcome outcome) {
    if (json) {
      rows(scenario, outcome)
          .forEach(row -> JsonLine.print(out, line -> write(line, scenario, outcome, row)));
    } else {
      printTable(scenario, outcome);
    }
  }

  private static List<Row> rows(Scenario scenario, Outcome outcome) {
    List<Row> rows = new ArrayList<>();
    if (scenario.flood() == FloodAt.SAME) {
      addRows(rows, "flooded document", outcome.first());
      if (scenario.clients() > Crowd.GROUP_SIZE) {
        addRows(rows, "other documents", outcome.others());
      }
    } else {
      addRows(rows, "all documents", outcome.first());
    }
    return rows;
  }

  private static void addRows(List<Row> rows, String where, Latencies latencies) {
    rows.add(new Row(where, "keystroke", "due", latencies.keystrokesFromDue()));
    rows.add(new Row(where, "keystroke", "call", latencies.keystrokesFromCall()));
    rows.add(new Row(where, "key pressed", "due", latencies.pressedLate()));
    rows.add(new Row(where, "save", "due", latencies.savesFromDue()));
    rows.add(new Row(where, "save", "call", latencies.savesFromCall()));
  }

  private void printTable(Scenario scenario, Outcome outcome) {
    out.printf(
        Locale.ROOT,
        "%,d %s, flood: %s%s%n",
        scenario.clients(),
        scenario.clients() == 1 ? "client and its reader" : "clients",
        scenario.flood(),
        scenario.flood() == FloodAt.NONE
            ? ""
            : String.format(
                Locale.ROOT, ", %,.0f keystrokes a second", outcome.floodKeystrokesPerSecond()));
    ProcessorUse use = outcome.use();
    out.printf(
        Locale.ROOT,
        "  processors busy: relay %.2f, clients %.2f, flood %.2f, machine %.2f%n",
        use.relay(),
        use.clients(),
        use.flood(),
        use.machine());
    List<String> head = new ArrayList<>(List.of("milliseconds", "", "from"));
    head.addAll(Percentiles.head());
    TextTable table = new TextTable(3, head);
    for (Row row : rows(scenario, outcome)) {
      List<String> cells = new ArrayList<>(List.of(row.where, row.what, row.from));
      cells.addAll(Percentiles.cells(row.nanos));
      table.add(cells, List.of());
    }
    table.lines().forEach(line -> out.println("  " + line));
    if (outcome.missing() > 0) {
      out.println("  FAILED: " + outcome.missing() + " had not arrived a minute after the last");
    }
    if (outcome.savesRefused() > 0) {
      out.println("  FAILED: " + outcome.savesRefused() + " saves were refused");
    }
    out.println();
    out.flush();
  }

  private static void write(JsonGenerator line, Scenario scenario, Outcome outcome, Row row)
      throws IOException {
    line.writeNumberField("clients", scenario.clients());
    line.writeStringField("flood", scenario.flood().toString());
    line.writeStringField("where", row.where);
    line.writeStringField("what", row.what);
    line.writeStringField("from", row.from);
    Percentiles.write(line, row.nanos);
    ProcessorUse use = outcome.use();
    writeDecimal(line, "floodKeystrokesPerSecond", outcome.floodKeystrokesPerSecond());
    writeDecimal(line, "relayProcessors", use.relay());
    writeDecimal(line, "clientsProcessors", use.clients());
    writeDecimal(line, "floodProcessors", use.flood());
    writeDecimal(line, "machineProcessors", use.machine());
    line.writeNumberField("missing", outcome.missing());
    line.writeNumberField("savesRefused", outcome.savesRefused());
  }

  private static void writeDecimal(JsonGenerator line, String name, double value)
      throws IOException {
    line.writeFieldName(name);
    line.writeNumber(String.format(Locale.ROOT, "%.2f", value));
  }
}
