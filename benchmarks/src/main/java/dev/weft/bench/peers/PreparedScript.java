package dev.weft.bench.peers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.weft.cli.trace.Script;
import dev.weft.cli.trace.Trace;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntUnaryOperator;

/**
 * A trace as the scripts of {@code benchmarks/peers} read it: positions in UTF-16 units, in code
 * points also where that differs, and who receives what before which transaction. So there is one
 * reader of traces, and all libraries play the same.
 */
public final class PreparedScript {
  private static final JsonFactory JSON = new JsonFactory();

  private PreparedScript() {}

  /** Writes the script to {@code file}. */
  public static void write(Script script, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      writeHead(script.trace(), json);
      writePlan(script, json);
      writePatches(script, json);
      json.writeEndObject();
    }
  }

  private static void writeHead(Trace trace, JsonGenerator json) throws IOException {
    json.writeStringField("kind", trace.kind().name());
    json.writeStringField("startContent", trace.startContent());
    json.writeStringField("endContent", trace.endContent().orElse(null));
    json.writeNumberField("writerCount", trace.writerCount());
    writeColumn(json, "writers", trace.transactionCount(), trace::writer);
  }

  private static void writePlan(Script script, JsonGenerator json) throws IOException {
    Trace trace = script.trace();
    int count = trace.transactionCount();
    boolean forks = trace.kind() == Trace.Kind.EVENT_GRAPH;
    writeColumn(json, "forkedFrom", forks ? count : 0, script::forkedFrom);
    json.writeArrayFieldStart("received");
    for (int transaction = 0; transaction < count; transaction++) {
      int[] received = script.received(transaction);
      json.writeArray(received, 0, received.length);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("receivedAtEnd");
    for (int writer = 0; writer < trace.writerCount(); writer++) {
      int[] received = script.receivedAtEnd(writer);
      json.writeArray(received, 0, received.length);
    }
    json.writeEndArray();
  }

  private static void writePatches(Script script, JsonGenerator json) throws IOException {
    int patches = script.patchCount();
    writeColumn(json, "firstPatch", script.trace().transactionCount() + 1, script::firstPatch);
    writeColumn(json, "positions", patches, script::start);
    writeColumn(json, "deleted", patches, patch -> script.end(patch) - script.start(patch));
    json.writeArrayFieldStart("inserted");
    for (int patch = 0; patch < patches; patch++) {
      json.writeString(script.inserted(patch));
    }
    json.writeEndArray();
    if (!script.trace().basicPlaneOnly()) {
      writeColumn(json, "codePointPositions", patches, script::codePointStart);
      writeColumn(json, "codePointsDeleted", patches, script::codePointsDeleted);
    }
  }

  private static void writeColumn(JsonGenerator json, String name, int size, IntUnaryOperator value)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (int i = 0; i < size; i++) {
      json.writeNumber(value.applyAsInt(i));
    }
    json.writeEndArray();
  }
}
