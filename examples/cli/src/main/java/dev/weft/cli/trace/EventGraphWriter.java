package dev.weft.cli.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.weft.crdt.EventId;
import dev.weft.crdt.HistoryRun;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextChange;
import dev.weft.crdt.TextDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a document's history as an event graph, which {@link TraceReader} and other libraries
 * read. An event there is one code point that was inserted or deleted. Not thread-safe.
 *
 * <p>The format knows no undo: what brought deleted text back is written as an insert of that text.
 */
public final class EventGraphWriter {
  private final JsonGenerator json;
  private final AstralPositions text = new AstralPositions("");
  // By the last event of a run: the numbers of the events that say that it is there. Mostly one;
  // where a run left nothing to write, those of its parents.
  private final Map<EventId, List<Integer>> numbers = new HashMap<>();
  private final Map<ReplicaId, Integer> sequences = new HashMap<>();
  private int eventCount;
  private boolean restores;

  private EventGraphWriter(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Writes a document's history, and leaves {@code out} open.
   *
   * @return whether it was possible to say everything: false if something was undone
   * @throws IOException if {@code out} cannot be written
   */
  public static boolean write(TextDocument document, Writer out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      EventGraphWriter writer = new EventGraphWriter(json);
      json.writeStartObject();
      json.writeArrayFieldStart("txns");
      document.history().forEachRun(writer::writeUnchecked);
      json.writeEndArray();
      json.writeStringField("endContent", document.text());
      json.writeEndObject();
      json.writeRaw('\n');
      return !writer.restores;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void writeUnchecked(HistoryRun run) {
    try {
      write(run);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(HistoryRun run) throws IOException {
    restores |= run.restores();
    for (TextChange.Edit edit : run.arrived()) {
      replace(edit);
    }
    Set<Integer> parents = new LinkedHashSet<>();
    for (EventId parent : run.parents()) {
      parents.addAll(numbers.get(parent));
    }
    EventId last = new EventId(run.author(), run.end() - 1);
    int start = eventCount;
    if (run.edits().isEmpty()) {
      numbers.put(last, List.copyOf(parents));
      return;
    }
    json.writeStartObject();
    json.writeStringField("agent", run.author().toString());
    json.writeNumberField("seqStart", sequences.getOrDefault(run.author(), 0));
    json.writeArrayFieldStart("parents");
    for (int parent : parents) {
      json.writeNumber(parent);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("ops");
    for (TextChange.Edit edit : run.edits()) {
      write(edit);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("span");
    json.writeNumber(start);
    json.writeNumber(eventCount);
    json.writeEndArray();
    json.writeEndObject();
    sequences.merge(run.author(), eventCount - start, Integer::sum);
    numbers.put(last, List.of(eventCount - 1));
  }

  private void write(TextChange.Edit edit) throws IOException {
    int position = text.toCodePoint(edit.index());
    int deleted = text.toCodePoint(edit.index() + edit.deletedLength()) - position;
    json.writeStartArray();
    json.writeNumber(position);
    json.writeNumber(deleted);
    json.writeString(edit.inserted());
    json.writeEndArray();
    eventCount += deleted + edit.inserted().codePointCount(0, edit.inserted().length());
    replace(edit);
  }

  private void replace(TextChange.Edit edit) {
    int position = text.toCodePoint(edit.index());
    int deleted = text.toCodePoint(edit.index() + edit.deletedLength()) - position;
    text.replace(position, deleted, edit.inserted());
  }
}
