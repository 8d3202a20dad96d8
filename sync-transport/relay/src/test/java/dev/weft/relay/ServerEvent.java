package dev.weft.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.protocol.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A server-sent event as a reader finds it. */
record ServerEvent(String name, String id, String data) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Returns the whole events of a stream; comments are passed over. */
  static List<ServerEvent> parse(String stream) {
    List<ServerEvent> events = new ArrayList<>();
    int start = 0;
    for (int end = stream.indexOf("\n\n"); end >= 0; end = stream.indexOf("\n\n", start)) {
      String block = stream.substring(start, end);
      if (!block.startsWith(":")) {
        events.add(of(block.lines().toList()));
      }
      start = end + 2;
    }
    return events;
  }

  /** Returns the event of some lines. */
  static ServerEvent of(List<String> lines) {
    return new ServerEvent(field("event", lines), field("id", lines), field("data", lines));
  }

  private static String field(String name, List<String> lines) {
    List<String> values =
        lines.stream()
            .filter(line -> line.startsWith(name + ": "))
            .map(line -> line.substring(name.length() + 2))
            .toList();
    if (values.size() != 1) {
      throw new AssertionError("not one " + name + " in " + lines);
    }
    return values.get(0);
  }

  static List<Change> changes(Payload update) {
    try {
      return Change.parse(update.bytes());
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
  }

  /** A reader's copy of a text, made of events alone. */
  static final class Copy {
    private final StringBuilder text = new StringBuilder();
    private String version = "";
    private int applied;

    /** Has the text that a reader kept. */
    void keep(String kept) {
      text.append(kept);
    }

    String text() {
      return text.toString();
    }

    String version() {
      return version;
    }

    int applied() {
      return applied;
    }

    void apply(ServerEvent event) {
      applied++;
      int index = 0;
      int deleted = 0;
      try (JsonParser json = JSON.createParser(event.data)) {
        for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
          String field = json.currentName();
          if (token == JsonToken.VALUE_NUMBER_INT && field.equals("index")) {
            index = json.getIntValue();
          } else if (token == JsonToken.VALUE_NUMBER_INT && field.equals("deleted")) {
            deleted = json.getIntValue();
          } else if (token == JsonToken.VALUE_STRING) {
            switch (field) {
              case "version" -> version = json.getText();
              case "text" -> text.replace(0, text.length(), json.getText());
              case "inserted" -> text.replace(index, index + deleted, json.getText());
              default -> throw new AssertionError("no such field: " + field);
            }
          }
        }
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + event, e);
      }
      if (!version.equals(event.id)) {
        throw new AssertionError("the id is not the version: " + event);
      }
    }
  }
}
