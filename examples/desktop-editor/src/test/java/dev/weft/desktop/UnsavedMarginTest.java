package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.desktop.binding.SharedTextBinding;
import dev.weft.store.DocumentId;
import java.awt.event.MouseEvent;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The margin of a text that no relay has; no window is needed. */
class UnsavedMarginTest {
  @TempDir Path directory;

  private Workspace workspace;
  private SharedText text;
  private RSyntaxTextArea area;
  private SharedTextBinding binding;
  private UnsavedMargin margin;
  private volatile boolean failing;

  /** Is run once, between a look-up and its answer. */
  private volatile @Nullable Runnable duringLookUp;

  @BeforeEach
  void open() {
    workspace = Workspace.open(URI.create("ws://127.0.0.1:1"), null, directory, true);
    text = workspace.open(new DocumentId("minutes"));
    text.insert(0, "one\ntwo");
    area = EventThread.call(RSyntaxTextArea::new);
    binding = EventThread.call(() -> SharedTextBinding.bind(area, text));
    margin = EventThread.call(() -> new UnsavedMargin(this::beside, text, area));
    EventThread.run(() -> area.setSize(400, 300));
  }

  private CompletableFuture<List<UnsavedMargin.Place>> beside(
      Supplier<List<UnsavedMargin.Place>> task) {
    Runnable meanwhile = duringLookUp;
    if (meanwhile != null) {
      duringLookUp = null;
      return CompletableFuture.completedFuture(task.get())
          .thenApply(
              places -> {
                meanwhile.run();
                return places;
              });
    }
    return failing
        ? CompletableFuture.failedFuture(new IllegalStateException("a look-up that is to fail"))
        : workspace.onDisk(task);
  }

  @AfterEach
  void close() {
    EventThread.run(
        () -> {
          margin.close();
          binding.close();
        });
    workspace.close();
  }

  private String tip() {
    MouseEvent atFirstLine = new MouseEvent(margin, MouseEvent.MOUSE_MOVED, 0, 0, 1, 8, 0, false);
    return String.valueOf(margin.getToolTipText(atFirstLine));
  }

  @Test
  void shouldMarkWhatWasNotSavedWhenItWasOpened() {
    EventThread.await("bars", () -> margin.isUnsaved(0) && margin.isUnsaved(1));
    assertThat(EventThread.call(() -> margin.isUnsaved(2))).isFalse();
    assertThat(EventThread.call(this::tip)).isEqualTo("This line is not known to be saved yet");
  }

  @Test
  void shouldSayThatItIsTooMuchToBeToldByLine() {
    EventThread.await("bars", () -> margin.isUnsaved(1));
    EventThread.run(() -> area.append("x".repeat(5_000)));
    EventThread.await("a bar everywhere", () -> margin.isUnsaved(2));
    assertThat(EventThread.call(this::tip)).startsWith("So much is not saved yet");
  }

  @Test
  void shouldLookAgainForWhatWasWrittenDuringLookUp() {
    EventThread.run(
        () -> {
          duringLookUp = () -> area.append("\nthree");
          margin.statusSays(1); // The first look-up may be over.
        });
    EventThread.await(
        "bars, also at the new line", () -> margin.isUnsaved(1) && margin.isUnsaved(2));
  }

  @Test
  void shouldSayThatItDoesNotKnowAndLookAgainWhenLookUpFailed() {
    EventThread.await("bars", () -> margin.isUnsaved(1));
    failing = true;
    EventThread.run(() -> area.append("\nthree"));
    EventThread.await("a bar at the line that was not looked up", () -> margin.isUnsaved(2));
    assertThat(EventThread.call(this::tip))
        .isEqualTo("Which lines are not saved yet could not be looked up");

    failing = false;
    EventThread.run(() -> margin.statusSays(1));
    EventThread.await("bars at lines that are there", () -> !margin.isUnsaved(3));
    assertThat(EventThread.call(() -> margin.isUnsaved(2))).isTrue();
  }

  /** The bars alone would tell nothing to who does not see them. */
  @Test
  void shouldTellUnsavedLinesInWords() {
    EventThread.await(
        "lines in words", () -> margin.words().equals("Not known to be saved yet: lines 1 to 2."));
    EventThread.run(() -> margin.statusSays(0));
    assertThat(EventThread.call(margin::words)).isEmpty();
  }
}
