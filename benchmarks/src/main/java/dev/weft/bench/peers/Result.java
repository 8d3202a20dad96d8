package dev.weft.bench.peers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.weft.bench.peers.Repetition.Timing;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * What measuring one metric of one library on one trace gave, as a worker prints it in one line: a
 * time, a size, the reason why it cannot be measured, or why it failed.
 *
 * @param variant tells a second way of doing what the metric asks for from the first
 * @param text how the final text relates to the trace's, one of the constants here
 */
record Result(
    Library library,
    Metric metric,
    @Nullable String variant,
    @Nullable Timing timing,
    @Nullable Long bytes,
    @Nullable String text,
    @Nullable String note,
    @Nullable String notMeasured,
    @Nullable String failed) {

  /** The text is the one recorded with the trace. */
  static final String TEXT_AS_RECORDED = "as recorded";

  /**
   * Concurrent inserts stand in another order, so the text is another; all replicas agree on it.
   */
  static final String TEXT_OWN_ORDER = "own order";

  /** The trace does not say what the text must be; all replicas agree on it. */
  static final String TEXT_NOT_TOLD = "not told";

  private static final JsonFactory JSON = new JsonFactory();

  static Result timed(
      Library library,
      Metric metric,
      @Nullable String variant,
      Timing timing,
      String text,
      @Nullable String note) {
    return new Result(library, metric, variant, timing, null, text, note, null, null);
  }

  static Result sized(Library library, long bytes, String text, String note) {
    return new Result(library, Metric.SIZE, null, null, bytes, text, note, null, null);
  }

  static Result notMeasured(Library library, Metric metric, String reason) {
    return new Result(library, metric, null, null, null, null, null, reason, null);
  }

  static Result failed(Library library, Metric metric, String reason) {
    return new Result(library, metric, null, null, null, null, null, null, reason);
  }

  /** Returns what a ratio compares: nanoseconds of the median a step, or bytes; 0 if neither. */
  double amount() {
    if (timing != null) {
      return timing.medianNanos() / (double) Math.max(1, timing.done());
    }
    return bytes == null ? 0 : bytes;
  }

  /** Returns the line that {@link #parse} reads. */
  String toLine() {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("library", library.toString());
      json.writeStringField("metric", metric.toString());
      writeIfPresent(json, "variant", variant);
      writeIfPresent(json, "text", text);
      if (timing != null) {
        json.writeNumberField("runs", timing.runs());
        json.writeNumberField("warmUpRuns", timing.warmUpRuns());
        json.writeNumberField("medianNanos", timing.medianNanos());
        json.writeNumberField("minNanos", timing.minNanos());
        json.writeNumberField("done", timing.done());
        json.writeNumberField("of", timing.of());
      }
      if (bytes != null) {
        json.writeNumberField("bytes", bytes);
      }
      writeIfPresent(json, "note", note);
      writeIfPresent(json, "notMeasured", notMeasured);
      writeIfPresent(json, "failed", failed);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return line.toString();
  }

  static void writeIfPresent(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  /**
   * Reads a worker's line.
   *
   * @throws IOException if it is none
   */
  static Result parse(String line) throws IOException {
    Line fields = new Line();
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("a worker printed what is not a result: " + line);
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        fields.read(name, json);
      }
    }
    return fields.toResult(line);
  }

  /** The fields of a line while it is read. */
  private static final class Line {
    private @Nullable Library library;
    private @Nullable Metric metric;
    private @Nullable String variant;
    private @Nullable String text;
    private @Nullable String note;
    private @Nullable String notMeasured;
    private @Nullable String failed;
    private @Nullable Long bytes;
    private int runs;
    private int warmUpRuns;
    private long medianNanos;
    private long minNanos;
    private int done;
    private int of;

    void read(String name, JsonParser json) throws IOException {
      switch (name) {
        case "library" -> library = Library.named(json.getText()).orElse(null);
        case "metric" -> metric = Metric.named(json.getText()).orElse(null);
        case "variant" -> variant = json.getText();
        case "text" -> text = json.getText();
        case "note" -> note = json.getText();
        case "notMeasured" -> notMeasured = json.getText();
        case "failed" -> failed = json.getText();
        case "bytes" -> bytes = json.getLongValue();
        case "runs" -> runs = json.getIntValue();
        case "warmUpRuns" -> warmUpRuns = json.getIntValue();
        case "medianNanos" -> medianNanos = json.getLongValue();
        case "minNanos" -> minNanos = json.getLongValue();
        case "done" -> done = json.getIntValue();
        case "of" -> of = json.getIntValue();
        default -> throw new IOException("a worker printed a field that is not known: " + name);
      }
    }

    Result toResult(String line) throws IOException {
      if (library == null || metric == null) {
        throw new IOException("a worker printed a result of nothing that is known: " + line);
      }
      Timing timing =
          runs == 0 ? null : new Timing(runs, warmUpRuns, medianNanos, minNanos, done, of);
      return new Result(library, metric, variant, timing, bytes, text, note, notMeasured, failed);
    }
  }
}
