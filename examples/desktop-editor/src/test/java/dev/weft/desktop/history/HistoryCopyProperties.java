package dev.weft.desktop.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.desktop.EventThread;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Wherever the slider goes, what is shown is the text of that version. */
class HistoryCopyProperties {
  private static final String[] PIECES = {"a", "warp ", "\uD83E\uDDF6", "\n", "x\uD83E\uDDF5y"};

  private static WeftClient client;
  private static SqliteChangeStore store;
  private static Path directory;
  private static int documents;

  @BeforeContainer
  static void open() throws IOException {
    directory = Files.createTempDirectory("weft-history");
    store = SqliteChangeStore.open(directory, new SplittableRandom(1));
    client = WeftClient.builder().store(store).build();
  }

  @AfterContainer
  static void close() throws IOException {
    client.close();
    store.close();
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Property(tries = 150)
  void shouldShowTextOfEachVersion(@ForAll long seed) throws MalformedUpdateException {
    SplittableRandom random = new SplittableRandom(seed);
    try (SharedText text = client.open(new DocumentId("text" + documents++))) {
      TextDocument other = TextDocument.create(new ReplicaId(7));
      write(text, other, random);
      HistoryCopy copy = HistoryCopy.of(text);
      TextThen shown = EventThread.call(() -> new TextThen(() -> AuthorStripes.NONE));
      for (int step = 0; step < 30; step++) {
        if (random.nextInt(8) == 0) {
          write(text, other, random);
          copy.refresh(text);
          assertThat(copy.version()).isEqualTo(text.version());
        }
        List<Mark> marks = copy.marks();
        Moment moment =
            !marks.isEmpty() && random.nextInt(6) == 0
                ? copy.moveTo(marks.get(random.nextInt(marks.size())))
                : copy.moveTo(random.nextLong(copy.last() + 1));
        EventThread.run(() -> shown.show(moment));

        String expected = text.read(document -> document.textAt(moment.version()));
        String seen = EventThread.call(shown::getText);
        assertThat(seen).isEqualTo(expected);
        assertThat(moment.authors().stream().mapToInt(run -> run.end() - run.start()).sum())
            .isEqualTo(expected.length());
      }
    }
  }

  /** Step by step each change is seen once, and no half of a character. */
  @Property(tries = 100)
  void shouldChangeTextWithEachStep(@ForAll long seed) throws MalformedUpdateException {
    SplittableRandom random = new SplittableRandom(seed);
    try (SharedText text = client.open(new DocumentId("text" + documents++))) {
      write(text, TextDocument.create(new ReplicaId(7)), random);
      HistoryCopy copy = HistoryCopy.of(text);
      Moment moment = copy.moveTo(0);
      while (moment.events() < copy.last()) {
        Moment next = copy.moveTo(moment.events() + 1);
        assertThat(next.events()).isGreaterThan(moment.events());
        assertThat(next.version()).isNotEqualTo(moment.version());
        ReplicaId by = Objects.requireNonNull(next.changedBy());
        assertThat(next.version().next(by)).isGreaterThan(moment.version().next(by));
        moment = next;
      }
      assertThat(moment.version()).isEqualTo(text.version());
      while (moment.events() > 0) {
        Moment before = copy.moveTo(moment.events() - 1);
        assertThat(before.version()).isNotEqualTo(moment.version());
        moment = before;
      }
      assertThat(moment.changedBy()).isNull();
    }
  }

  /** Edits of this device and of another, and names. */
  private static void write(SharedText text, TextDocument other, SplittableRandom random)
      throws MalformedUpdateException {
    for (int i = 0; i < 1 + random.nextInt(12); i++) {
      String piece = PIECES[random.nextInt(PIECES.length)];
      switch (random.nextInt(5)) {
        case 0 -> {
          other.insert(boundary(other, random), piece);
          var unused = text.apply(other.changesSince(text.version()));
        }
        case 1 -> {
          var unused = other.apply(text.read(document -> document.changesSince(other.version())));
        }
        case 2 ->
            text.transact(
                document -> {
                  int start = boundary(document, random);
                  int end = boundary(document, random);
                  document.delete(Math.min(start, end), Math.max(start, end));
                });
        case 3 -> text.transact(document -> document.nameVersion("version " + piece));
        default -> text.transact(document -> document.insert(boundary(document, random), piece));
      }
    }
  }

  private static int boundary(TextDocument document, SplittableRandom random) {
    int index = random.nextInt(document.length() + 1);
    return index > 0
            && index < document.length()
            && Character.isLowSurrogate(document.charAt(index))
        ? index - 1
        : index;
  }
}
