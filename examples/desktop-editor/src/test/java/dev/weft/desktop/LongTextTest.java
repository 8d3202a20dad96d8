package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.store.DocumentId;
import javax.swing.JFrame;
import org.fife.ui.rsyntaxtextarea.RSyntaxDocument;
import org.fife.ui.rsyntaxtextarea.SyntaxConstants;
import org.fife.ui.rsyntaxtextarea.Token;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a key costs in a long text whose lines are wrapped. */
@RequiresDisplay
class LongTextTest {
  private static final int LINES = 1_000;

  /** So many are never in sight, and what is below them never is. */
  private static final int MOST_IN_SIGHT = 200;

  private static final String HEBREW =
      "\u05d0\u05d1\u05d2\u05d3\u05d4 \u05d5\u05d6\u05d7\u05d8\u05d9 ".repeat(8) + "\n";

  /** Counts how often a line below all that is in sight is looked at, as for a new layout. */
  private static final class CountingDocument extends RSyntaxDocument {
    private static final long serialVersionUID = 1L;

    private int looks;

    CountingDocument() {
      super(SyntaxConstants.SYNTAX_STYLE_NONE);
    }

    @Override
    public Token getTokenListForLine(int line) {
      if (line > MOST_IN_SIGHT) {
        looks++;
      }
      return super.getTokenListForLine(line);
    }
  }

  private final CountingDocument document = new CountingDocument();
  private final EditorPane pane =
      EventThread.call(
          () -> {
            Appearance.setUp(false);
            return new EditorPane(new DocumentId("minutes"), remedy -> {});
          });
  private final JFrame frame = EventThread.call(() -> new JFrame());

  @BeforeEach
  void open() {
    EventThread.run(
        () -> {
          document.insertString(0, HEBREW.repeat(LINES), null);
          pane.area().setDocument(document);
          frame.add(pane);
          frame.setBounds(20, 20, 720, 480);
          frame.setVisible(true);
          pane.area().setCaretPosition(10);
        });
    EventThread.settle();
    // What a window is shown with is laid out once more with its first edit.
    int unused = looksFor("\u05d2");
  }

  @AfterEach
  void close() {
    EventThread.run(
        () -> {
          frame.dispose();
          pane.close();
        });
  }

  private int looksFor(String key) {
    EventThread.settle();
    int before = EventThread.call(() -> document.looks);
    EventThread.run(() -> pane.area().replaceSelection(key));
    EventThread.settle();
    return EventThread.call(() -> document.looks) - before;
  }

  @Test
  void shouldLayOutNoOtherLineForAKeyInOne() {
    assertThat(EventThread.call(() -> document.looks)).as("laid out when opened").isPositive();
    assertThat(looksFor("\u05d1")).isZero();
    assertThat(looksFor("\n")).isZero();
    // The row breaks, and all that is below it moves.
    assertThat(looksFor("\u05d1".repeat(80))).isZero();
  }

  @Test
  void shouldLayOutAllLinesOnceForAnotherWidth() {
    int before = EventThread.call(() -> document.looks);
    EventThread.run(
        () -> {
          frame.setSize(600, 480);
          frame.validate();
        });
    EventThread.settle();
    int looks = EventThread.call(() -> document.looks) - before;
    assertThat(looks).isBetween(LINES - MOST_IN_SIGHT - 1, 2 * LINES);
    assertThat(EventThread.call(() -> pane.area().getPreferredSize().height))
        .isEqualTo(EventThread.call(() -> pane.area().getHeight()));
  }
}
