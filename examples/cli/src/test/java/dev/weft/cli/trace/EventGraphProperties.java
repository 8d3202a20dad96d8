package dev.weft.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.UndoHistory;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class EventGraphProperties {
  private static final String[] TEXTS = {"a", "bc", "ä漢", "😀", "x𝄞y", "\n"};

  /** Several write at once, and hear of each other now and then. */
  @Property(tries = 300)
  void shouldTellAHistoryThatEndsWithTheSameTextWhoeverReplaysIt(@ForAll long seed)
      throws Exception {
    Random random = new Random(seed);
    List<TextDocument> documents =
        List.of(
            TextDocument.create(new ReplicaId(random.nextLong())),
            TextDocument.create(new ReplicaId(random.nextLong())),
            TextDocument.create(new ReplicaId(random.nextLong())));
    int steps = random.nextInt(40);
    for (int i = 0; i < steps; i++) {
      TextDocument document = documents.get(random.nextInt(3));
      if (random.nextInt(4) == 0) {
        document.merge(documents.get(random.nextInt(3)));
      } else {
        edit(document, random);
      }
    }
    TextDocument all = documents.get(0);
    all.merge(documents.get(1));
    all.merge(documents.get(2));

    Trace trace = written(all);
    assertThat(trace.endContent()).contains(all.text());
    if (all.version().isEmpty()) {
      return;
    }
    assertThat(Conformance.check(trace)).isEmpty();
  }

  private static void edit(TextDocument document, Random random) {
    int length = document.text().codePointCount(0, document.length());
    int from = random.nextInt(length + 1);
    int start = document.text().offsetByCodePoints(0, from);
    if (random.nextInt(3) == 0) {
      int end = document.text().offsetByCodePoints(start, random.nextInt(length + 1 - from));
      document.delete(start, end);
    } else if (random.nextInt(6) == 0) {
      document.nameVersion("named");
    } else {
      document.insert(start, TEXTS[random.nextInt(TEXTS.length)]);
    }
  }

  private static Trace written(TextDocument document) throws IOException {
    StringWriter json = new StringWriter();
    assertThat(EventGraphWriter.write(document, json)).isTrue();
    return read(json.toString());
  }

  private static Trace read(String json) throws IOException {
    Path file = Files.createTempFile("graph", ".json");
    try {
      Files.writeString(file, json);
      return TraceReader.read(file);
    } finally {
      Files.delete(file);
    }
  }

  /** What was undone comes back as an insert, which is said. */
  @Property(tries = 1)
  void shouldSayThatItCannotTellAnUndo() throws IOException {
    TextDocument document = TextDocument.create(new ReplicaId(1));
    document.insert(0, "warp");
    UndoHistory undo = UndoHistory.of(document).build();
    document.delete(0, 2);
    assertThat(undo.undo()).isPresent();

    StringWriter json = new StringWriter();
    assertThat(EventGraphWriter.write(document, json)).isFalse();
    Trace trace = read(json.toString());
    assertThat(trace.endContent()).contains("warp");
    assertThat(Conformance.check(trace)).isEmpty();
  }
}
