package dev.weft.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.weft.crdt.TextChange;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How events are written that tell of a text: each is named, and has its version as id. */
final class TextEvents {
  /** Says nothing, and keeps what lies between from taking the stream for dead. */
  static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

  private static final JsonFactory JSON = new JsonFactory();

  private TextEvents() {}

  /** Returns the event that gives all of a text. */
  static byte[] text(String version, String text) {
    return event("text", version, json -> json.writeStringField("text", text));
  }

  /** Returns the event that gives edits, which lead to a version when applied one by one. */
  static byte[] edits(String version, List<TextChange.Edit> edits) {
    return event(
        "edit",
        version,
        json -> {
          json.writeArrayFieldStart("edits");
          for (TextChange.Edit edit : edits) {
            json.writeStartObject();
            json.writeNumberField("index", edit.index());
            json.writeNumberField("deleted", edit.deletedLength());
            json.writeStringField("inserted", edit.inserted());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** What an event has beside the version. */
  private interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  /** JSON has no line ends outside of strings and none in them, so it is one line of data. */
  private static byte[] event(String name, String version, Content content) {
    StringWriter out = new StringWriter();
    out.write("event: " + name + "\nid: " + version + "\ndata: ");
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("version", version);
      content.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot be written to", e);
    }
    out.write("\n\n");
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }
}
