package dev.weft.lab.day;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One line of what a client's process reports: a flat JSON object with what it is and when that
 * was. Immutable.
 *
 * <p>The time is that of the machine's wall clock, which all processes of a machine share; {@link
 * System#nanoTime} has an origin of its own in each. What takes place within one process is
 * measured there, by nanoTime. The run looks whether the wall clock was set meanwhile.
 */
record Line(Map<String, String> fields) {
  private static final JsonFactory JSON = new JsonFactory();

  /** What a line can be. */
  enum Kind {
    /** The text is open, and shows what the store has. */
    OPEN,
    /** An edit was made. */
    TYPED,
    /** The text shows another's edits, up to one. */
    SEEN,
    /** This device's store confirmed the own edits, up to one. */
    STORED,
    STATUS,
    SAVE,
    SAVED,
    REFUSED,
    /** A save, of whatever run, was acknowledged. */
    RECEIPT,
    /** The answer to {@code tell}. */
    STATE,
    /** Something was thrown that nobody handled. */
    FAULT
  }

  /** Returns a line of now, to be filled. */
  static Line of(Kind kind) {
    Line line = new Line(new LinkedHashMap<>());
    return line.with("is", kind).with("at", nowMicros());
  }

  /** Reads a line; empty if it was cut by the end of who wrote it. */
  static Optional<Line> parse(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        fields.put(name, json.getText());
      }
      return json.currentToken() == JsonToken.END_OBJECT
          ? Optional.of(new Line(fields))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  Line with(String name, Object value) {
    fields.put(name, value.toString());
    return this;
  }

  Kind kind() {
    return Kind.valueOf(text("is"));
  }

  long atMicros() {
    return number("at");
  }

  String text(String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name + " in " + this);
    }
    return value;
  }

  long number(String name) {
    return Long.parseLong(text(name));
  }

  /** Returns the machine's wall clock. */
  static long nowMicros() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toMicros(now.getEpochSecond())
        + TimeUnit.NANOSECONDS.toMicros(now.getNano());
  }

  @Override
  public String toString() {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      for (Map.Entry<String, String> field : fields.entrySet()) {
        json.writeStringField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return line.toString();
  }
}
