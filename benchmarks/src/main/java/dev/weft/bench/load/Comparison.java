package dev.weft.bench.load;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weft.bench.load.dialect.YDialect;
import dev.weft.bench.load.server.Cores;
import dev.weft.bench.load.server.NodeContender;
import dev.weft.bench.load.server.WeftContender;
import dev.weft.bench.peers.NodePeers;
import dev.weft.bench.peers.TextTable;
import dev.weft.cli.JsonLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The same clients, documents and rhythm at a relay and at the servers for Yjs, one trial of each
 * in turn, so that what the machine does otherwise falls on all alike. Confined to one thread.
 */
final class Comparison {
  private static final Duration HOLD = Duration.ofSeconds(2);
  private static final double BYTES_PER_KB = 1e3;

  private final Cores cores;
  private final Path disk;
  private final NodePeers node;
  private final LoadSettings settings;
  private final int idle;
  private final @Nullable PrintWriter progress;

  /**
   * Prepares.
   *
   * @param settings of those who write and read
   * @param idle how many connections, and how many documents, each server is weighed with
   * @param progress where each trial is told; null for nowhere
   */
  Comparison(
      Cores cores,
      Path disk,
      NodePeers node,
      LoadSettings settings,
      int idle,
      @Nullable PrintWriter progress) {
    this.cores = cores;
    this.disk = disk;
    this.node = node;
    this.settings = settings;
    this.idle = idle;
    this.progress = progress;
  }

  /** Starts a server anew. */
  private interface Start {
    Served start() throws IOException;
  }

  private List<Start> starts() {
    return List.of(
        () -> Served.by(WeftContender.start(cores, disk, settings.population().connections())),
        () -> Served.by(NodeContender.start(node, YDialect.HOCUSPOCUS, cores)),
        () -> Served.by(NodeContender.start(node, YDialect.Y_WEBSOCKET, cores)));
  }

  /**
   * What a server's memory grows by.
   *
   * @param connection for each connection to a document that others have open too
   * @param document for each document, beside its connection
   */
  private record Growth(OptionalDouble connection, OptionalDouble document) {
    static Growth of(OptionalDouble together, OptionalDouble apart) {
      return new Growth(
          together,
          together.isEmpty() || apart.isEmpty()
              ? OptionalDouble.empty()
              : OptionalDouble.of(apart.getAsDouble() - together.getAsDouble()));
    }
  }

  /** What came out for one server. */
  private record Row(Capacity capacity, Growth resident, Growth inUse) {}

  /**
   * Measures all.
   *
   * @throws LoadFailure if a server has ended, or does not take what it must
   */
  Result measure() throws IOException {
    List<Capacity> capacities = new ArrayList<>();
    try {
      for (Start each : starts()) {
        capacities.add(new Capacity(each.start(), settings, progress));
      }
      for (Capacity capacity : capacities) {
        capacity.warmUp();
      }
      while (capacities.stream().anyMatch(each -> !each.search().isDone())) {
        for (Capacity capacity : capacities) {
          if (!capacity.search().isDone()) {
            capacity.step();
          }
        }
      }
    } finally {
      for (Capacity capacity : capacities) {
        capacity.served().close();
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < capacities.size(); i++) {
      IdleConnections.Result together = weigh(starts().get(i), false);
      IdleConnections.Result apart = weigh(starts().get(i), true);
      rows.add(
          new Row(
              capacities.get(i),
              Growth.of(together.residentEach(), apart.residentEach()),
              Growth.of(together.liveEach(), apart.liveEach())));
    }
    return new Result(rows, idle);
  }

  private IdleConnections.Result weigh(Start start, boolean apart) throws IOException {
    try (Served served = start.start()) {
      return new IdleConnections(served, idle, apart, HOLD).measure();
    }
  }

  /** What came out. */
  static final class Result {
    private final List<Row> rows;
    private final int idle;

    private Result(List<Row> rows, int idle) {
      this.rows = rows;
      this.idle = idle;
    }

    /** Returns how many times as many edits a second the first takes as the best of the others. */
    private double ratioToBetter() {
      double better =
          rows.stream().skip(1).mapToDouble(row -> row.capacity.found()).max().orElseThrow();
      return rows.get(0).capacity.found() / better;
    }

    /** Returns whether a rate was found for every server. */
    boolean isWhole() {
      return rows.stream().allMatch(row -> row.capacity.found() > 0);
    }

    void print(PrintWriter out) {
      rows.forEach(row -> row.capacity.print(out));
      TextTable table =
          new TextTable(
              1,
              List.of(
                  "",
                  "edits/s at p99 < 100 ms",
                  "µs an edit",
                  "kB a connection (RSS)",
                  "in use",
                  "kB a document (RSS)",
                  "in use"));
      for (Row row : rows) {
        table.add(
            List.of(
                row.capacity.served().title(),
                String.format(Locale.ROOT, "%,.0f", row.capacity.found()),
                decimal(row.capacity.microsPerEdit(), 1),
                decimal(row.resident.connection, BYTES_PER_KB),
                decimal(row.inUse.connection, BYTES_PER_KB),
                decimal(row.resident.document, BYTES_PER_KB),
                decimal(row.inUse.document, BYTES_PER_KB)),
            List.of());
      }
      table.lines().forEach(out::println);
      out.println(
          String.format(
              Locale.ROOT,
              "Weft: %.2f times the edits/s of the better; memory with %,d idle connections",
              ratioToBetter(),
              idle));
      out.flush();
    }

    private static String decimal(OptionalDouble value, double by) {
      return value.isEmpty() ? "-" : String.format(Locale.ROOT, "%.1f", value.getAsDouble() / by);
    }

    void printJson(PrintWriter out, Cores cores) {
      JsonLine.print(
          out,
          json -> {
            json.writeStringField("measurement", "beside");
            json.writeBooleanField("pinned", cores.areApart());
            LoadReport.decimal(json, "ratioToBetter", ratioToBetter());
            json.writeNumberField("idleConnections", idle);
            json.writeArrayFieldStart("servers");
            for (Row row : rows) {
              json.writeStartObject();
              row.capacity.write(json);
              write(json, "resident", row.resident);
              write(json, "inUse", row.inUse);
              json.writeEndObject();
            }
            json.writeEndArray();
          });
    }

    private static void write(JsonGenerator json, String name, Growth growth) throws IOException {
      LoadReport.decimalIfKnown(json, name + "BytesPerConnection", growth.connection);
      LoadReport.decimalIfKnown(json, name + "BytesPerDocument", growth.document);
    }
  }
}
