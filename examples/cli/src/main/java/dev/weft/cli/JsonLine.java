package dev.weft.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Prints results for scripts: one JSON object a line. */
public final class JsonLine {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonLine() {}

  /** Prints an object with the fields that {@code fields} writes. */
  public static void print(PrintWriter out, Fields fields) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    out.println(line);
    out.flush();
  }

  /** Writes an object's fields. */
  @FunctionalInterface
  public interface Fields {
    /** Writes them into the object that has been started. */
    void write(JsonGenerator json) throws IOException;
  }
}
