package dev.weft.bench.peers;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.weft.bench.peers.Repetition.Timing;
import dev.weft.cli.JsonLine;
import dev.weft.cli.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** One JSON object a result, as it comes. */
final class JsonReport implements Report {
  private final PrintWriter out;
  private final Ratios ratios = new Ratios();
  private String trace = "";
  private boolean failed;

  JsonReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(Trace next) {
    trace = next.name();
    ratios.begin();
  }

  @Override
  public void started(Library library) {}

  @Override
  public void add(Result result) {
    failed |= result.failed() != null;
    JsonLine.print(out, line -> write(result, line));
  }

  private void write(Result result, JsonGenerator line) throws IOException {
    line.writeStringField("trace", trace);
    line.writeStringField("metric", result.metric().toString());
    line.writeStringField("library", result.library().toString());
    Result.writeIfPresent(line, "variant", result.variant());
    Timing timing = result.timing();
    if (timing != null) {
      line.writeFieldName("medianMillis");
      line.writeNumber(decimal("%.4f", timing.medianNanos() / 1e6));
      line.writeFieldName("minMillis");
      line.writeNumber(decimal("%.4f", timing.minNanos() / 1e6));
      if (result.metric().step().isPresent()) {
        line.writeFieldName("nanosPer" + capitalized(result.metric().step().get()));
        line.writeNumber(decimal("%.1f", result.amount()));
        line.writeNumberField("steps", timing.of());
        line.writeNumberField("stepsTimed", timing.done());
      }
      line.writeNumberField("runs", timing.runs());
      line.writeNumberField("warmUpRuns", timing.warmUpRuns());
    }
    if (result.bytes() != null) {
      line.writeNumberField("bytes", result.bytes());
    }
    OptionalDouble ratio = ratios.ratio(result);
    if (ratio.isPresent()) {
      line.writeFieldName("ratioToWeft");
      line.writeNumber(decimal("%.3f", ratio.getAsDouble()));
    }
    Result.writeIfPresent(line, "text", result.text());
    Result.writeIfPresent(line, "note", result.note());
    Result.writeIfPresent(line, "notMeasured", result.notMeasured());
    Result.writeIfPresent(line, "failed", result.failed());
  }

  private static String decimal(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String capitalized(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  @Override
  public void end(Optional<String> nodeVersion) {}

  @Override
  public boolean failed() {
    return failed;
  }
}
