package dev.weft.bench.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weft.bench.peers.TextTable;
import dev.weft.cli.JsonLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints what went over the wire: a table for each case, or one object a library. */
final class WireReport {
  private static final List<String> HEAD =
      List.of(
          "bytes and frames a keystroke",
          "author sends",
          "frames",
          "reader is sent",
          "frames",
          "author is sent",
          "frames",
          "reader sends",
          "frames",
          "opening");

  private final PrintWriter out;
  private final boolean json;
  private final int edits;
  private TextTable table = new TextTable(1, HEAD);

  WireReport(PrintWriter out, boolean json, int edits) {
    this.out = out;
    this.json = json;
    this.edits = edits;
  }

  void begin(WireCase how) {
    table = new TextTable(1, HEAD);
    if (!json) {
      out.printf(
          Locale.ROOT,
          "%,d keystrokes, %s, on a link whose round trip takes %d ms%n",
          edits,
          how.isOneByOne()
              ? "each typed once the reader has seen the one before"
              : how.keystrokesPerSecond() + " a second",
          how.roundTrip().toMillis());
    }
  }

  void add(WireLibrary library, WireCase how, WireRun.Result result) {
    if (json) {
      JsonLine.print(out, line -> write(line, library, how, result));
      return;
    }
    List<String> cells = new ArrayList<>();
    cells.add(library.title());
    for (Traffic way :
        List.of(
            result.authorToServer(),
            result.serverToReader(),
            result.serverToAuthor(),
            result.readerToServer())) {
      cells.add(String.format(Locale.ROOT, "%.1f", (double) way.bytes() / edits));
      cells.add(String.format(Locale.ROOT, "%.2f", (double) way.frames() / edits));
    }
    cells.add(String.format(Locale.ROOT, "%,d", result.opening()));
    table.add(cells, List.of());
  }

  void end() {
    if (!json) {
      table.lines().forEach(line -> out.println("  " + line));
      out.println();
      out.flush();
    }
  }

  private void write(JsonGenerator line, WireLibrary library, WireCase how, WireRun.Result result)
      throws IOException {
    line.writeStringField("library", library.toString());
    line.writeNumberField("keystrokes", edits);
    line.writeNumberField("keystrokesPerSecond", how.keystrokesPerSecond());
    line.writeNumberField("roundTripMillis", how.roundTrip().toMillis());
    write(line, "authorToServer", result.authorToServer());
    write(line, "serverToReader", result.serverToReader());
    write(line, "serverToAuthor", result.serverToAuthor());
    write(line, "readerToServer", result.readerToServer());
    line.writeNumberField("openingBytes", result.opening());
  }

  private static void write(JsonGenerator line, String way, Traffic traffic) throws IOException {
    line.writeNumberField(way + "Bytes", traffic.bytes());
    line.writeNumberField(way + "Frames", traffic.frames());
  }
}
