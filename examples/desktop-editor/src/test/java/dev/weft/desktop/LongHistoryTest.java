package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.desktop.history.HistoryWindow;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.swing.JLabel;
import javax.swing.JSlider;
import javax.swing.JTextArea;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history of a megabyte that two wrote in three hundred thousand edits. */
@RequiresDisplay
class LongHistoryTest {
  private static final int EDITS = 300_000;
  private static final String LINE =
      "a line of some sixty characters, as it stands in a long text\n";

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(11);

  @Test
  void shouldFollowSliderWithoutStandingStill() throws Exception {
    Workspace workspace = Workspace.open(null, null, directory, true);
    SharedText text = workspace.open(new DocumentId("long"));
    TextDocument other = TextDocument.create(new ReplicaId(7));
    other.insert(0, LINE.repeat(12_000));
    write(other);
    var unused = text.apply(other.snapshot());
    text.transact(this::write);
    EditorWindow window = Windows.open(workspace, text);
    try {
      dragThrough(EventThread.call(() -> window.tab().showHistory()), text);
    } finally {
      EventThread.run(window::closeUnasked);
      window.closed().join();
    }
  }

  /** Half of the edits: words typed key by key here and there, and some taken back. */
  private void write(TextDocument document) {
    int at = 0;
    for (int i = 0; i < EDITS / 2; i++) {
      if (i % 30 == 0) {
        at = random.nextInt(document.length());
      }
      if (i % 5 == 4 && at > 0) {
        document.delete(at - 1, at);
        at--;
      } else {
        document.insert(at++, "x");
      }
    }
  }

  private static void dragThrough(HistoryWindow history, SharedText text) {
    JSlider slider = Screen.find(history.dialog(), JSlider.class, "version");
    JTextArea then = Screen.find(history.dialog(), JTextArea.class, "text then");
    long started = System.nanoTime();
    int last = Math.toIntExact(text.read(document -> document.history().eventCount()));
    awaitShown(history, last);
    long opened = System.nanoTime();

    JLabel edit = Screen.find(history.dialog(), JLabel.class, "edit");
    Screen.await("edits", () -> edit.getText().startsWith("Edit "));
    long found = System.nanoTime();
    String edits = EventThread.call(edit::getText);

    // As fast as a mouse tells it, whatever is shown of it.
    Stillness stillness = new Stillness();
    for (int i = 0; i <= 400; i++) {
      int position = last - (int) ((long) i * last / 2 / 400);
      EventThread.run(() -> slider.setValue(position));
    }
    awaitShown(history, last - last / 2);
    long dragged = System.nanoTime();
    long longest = stillness.stop();
    assertShown(text, then, last - last / 2);

    // One after the other, each waited for.
    for (int i = 1; i <= 50; i++) {
      int position = last - last / 2 - i;
      EventThread.run(() -> slider.setValue(position));
      awaitShown(history, position);
    }
    long stepped = System.nanoTime();
    assertShown(text, then, last - last / 2 - 50);
    Stillness jumping = new Stillness();
    for (int i = 1; i <= 10; i++) {
      int position = i % 2 * last;
      EventThread.run(() -> slider.setValue(position));
      awaitShown(history, position);
    }
    long jumped = System.nanoTime();
    System.out.printf(
        "history of %,d events, %,d characters: open %d ms, %s found %d ms later; 400 positions dragged in %d ms, the event"
            + " thread still for at most %d ms; a step %d ms; from end to end %d ms, still %d ms%n",
        last,
        text.length(),
        (opened - started) / 1_000_000,
        edits,
        (found - opened) / 1_000_000,
        (dragged - found) / 1_000_000,
        longest,
        (stepped - dragged) / 50_000_000,
        (jumped - stepped) / 10_000_000,
        jumping.stop());
    assertThat(longest).isLessThan(2_000);
  }

  private static void assertShown(SharedText text, JTextArea then, int events) {
    String expected =
        text.read(document -> document.textAt(document.history().versionAfter(events)));
    assertThat(EventThread.call(then::getText).equals(expected)).isTrue();
  }

  private static void awaitShown(HistoryWindow history, int events) {
    String beginning = String.format("Change %,d of", events);
    Screen.await(
        beginning,
        () -> Screen.find(history.dialog(), JLabel.class, "where").getText().startsWith(beginning));
  }
}
