package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.characters.CharacterCaret;
import dev.weft.desktop.characters.WholeCharacterDocument;
import java.awt.Component;
import java.awt.ComponentOrientation;
import java.awt.event.ActionEvent;
import java.awt.event.InputEvent;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.awt.event.MouseListener;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JTextArea;
import javax.swing.text.DefaultEditorKit;
import javax.swing.text.JTextComponent;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys and the mouse, on characters of several UTF-16 units. */
@RequiresDisplay
class CharacterCaretTest {
  private static final String FACE = "\uD83D\uDE00";
  private static final String COUPLE = "\uD83D\uDC68\u200D\uD83D\uDC69";
  private static final String TEXT = "a" + FACE + COUPLE + "e\u0301" + FACE + "\n" + FACE;
  private static final List<Integer> BETWEEN = List.of(0, 1, 3, 8, 10, 12, 13, 15);

  private final JFrame frame = EventThread.call(JFrame::new);
  private final RSyntaxTextArea area =
      EventThread.call(
          () -> {
            RSyntaxTextArea created =
                new RSyntaxTextArea(new WholeCharacterDocument(), null, 20, 40);
            created.setText(TEXT);
            CharacterCaret.install(created);
            // Where the caret goes is known only once it was painted.
            frame.add(created);
            frame.pack();
            created.paint(new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB).createGraphics());
            return created;
          });

  @AfterEach
  void close() {
    EventThread.run(frame::dispose);
  }

  private void perform(String action) {
    area.getActionMap()
        .get(action)
        .actionPerformed(new ActionEvent(area, ActionEvent.ACTION_PERFORMED, action));
  }

  @Test
  void shouldStepOverWholeCharacters() {
    EventThread.run(
        () -> {
          area.setCaretPosition(0);
          assertThat(steps(DefaultEditorKit.forwardAction)).isEqualTo(BETWEEN);
          List<Integer> back = new ArrayList<>(steps(DefaultEditorKit.backwardAction));
          Collections.reverse(back);
          assertThat(back).isEqualTo(BETWEEN);
        });
  }

  private List<Integer> steps(String action) {
    List<Integer> places = new ArrayList<>(List.of(area.getCaretPosition()));
    for (int i = 1; i < BETWEEN.size(); i++) {
      perform(action);
      places.add(area.getCaretPosition());
    }
    return places;
  }

  @Test
  void shouldSelectWholeCharacters() {
    EventThread.run(
        () -> {
          area.setCaretPosition(1);
          perform(DefaultEditorKit.selectionForwardAction);
          assertThat(area.getSelectedText()).isEqualTo(FACE);
          perform(DefaultEditorKit.selectionForwardAction);
          assertThat(area.getSelectedText()).isEqualTo(FACE + COUPLE);
          perform(DefaultEditorKit.selectionBackwardAction);
          assertThat(area.getSelectedText()).isEqualTo(FACE);
        });
  }

  @Test
  void shouldPutCaretBetweenHalvesForNobody() {
    EventThread.run(
        () -> {
          area.setCaretPosition(0);
          area.setCaretPosition(2);
          assertThat(area.getCaretPosition()).isEqualTo(3);
          area.setCaretPosition(2);
          assertThat(area.getCaretPosition()).isEqualTo(1);
          area.setCaretPosition(0);
          area.moveCaretPosition(2);
          assertThat(area.getSelectedText()).isEqualTo("a" + FACE);
        });
  }

  @Test
  void shouldStepOverFlagsInLongRow() {
    EventThread.run(
        () -> {
          area.setText("\uD83C\uDDE9\uD83C\uDDEA".repeat(250));
          area.setCaretPosition(400);
          assertThat(steps(area, DefaultEditorKit.forwardAction, 3))
              .isEqualTo(List.of(404, 408, 412));
          assertThat(steps(area, DefaultEditorKit.backwardAction, 3))
              .isEqualTo(List.of(408, 404, 400));
        });
  }

  /** What a search finds may be a part of a character. */
  @Test
  void shouldLetProgramSelectLetterWithoutAccent() {
    EventThread.run(
        () -> {
          area.select(8, 9);
          assertThat(area.getSelectedText()).isEqualTo("e");

          JButton findNext = new JButton();
          findNext.addMouseListener(whenPressed(() -> area.select(8, 9)));
          area.setCaretPosition(0);
          click(findNext, 1, 1);
          assertThat(area.getSelectedText()).isEqualTo("e");
        });
  }

  private static MouseListener whenPressed(Runnable action) {
    return new MouseAdapter() {
      @Override
      public void mousePressed(MouseEvent event) {
        action.run();
      }
    };
  }

  @Test
  void shouldDeleteNothingButWhatIsSelected() {
    EventThread.run(
        () -> {
          area.select(0, 3);
          perform(DefaultEditorKit.deleteNextCharAction);
          assertThat(area.getText()).isEqualTo(COUPLE + "e\u0301" + FACE + "\n" + FACE);
          area.select(0, 7);
          perform(DefaultEditorKit.deletePrevCharAction);
          assertThat(area.getText()).isEqualTo(FACE + "\n" + FACE);
        });
  }

  @Test
  void shouldDeleteWholeCharacterAfterCaret() {
    EventThread.run(
        () -> {
          area.setCaretPosition(3);
          perform(DefaultEditorKit.deleteNextCharAction);
          assertThat(area.getText()).isEqualTo("a" + FACE + "e\u0301" + FACE + "\n" + FACE);
          perform(DefaultEditorKit.deleteNextCharAction);
          assertThat(area.getText()).isEqualTo("a" + FACE + FACE + "\n" + FACE);
          area.setCaretPosition(0);
          perform(DefaultEditorKit.deleteNextCharAction);
          assertThat(area.getText()).isEqualTo(FACE + FACE + "\n" + FACE);
        });
  }

  @Test
  void shouldDeleteWholeEmojiAndOneAccentBeforeCaret() {
    EventThread.run(
        () -> {
          area.setCaretPosition(10);
          perform(DefaultEditorKit.deletePrevCharAction);
          assertThat(area.getText()).isEqualTo("a" + FACE + COUPLE + "e" + FACE + "\n" + FACE);
          perform(DefaultEditorKit.deletePrevCharAction);
          perform(DefaultEditorKit.deletePrevCharAction);
          assertThat(area.getText()).isEqualTo("a" + FACE + FACE + "\n" + FACE);
          perform(DefaultEditorKit.deletePrevCharAction);
          perform(DefaultEditorKit.deletePrevCharAction);
          perform(DefaultEditorKit.deletePrevCharAction);
          assertThat(area.getText()).isEqualTo(FACE + "\n" + FACE);
          area.setEditable(false);
          area.setCaretPosition(2);
          perform(DefaultEditorKit.deletePrevCharAction);
          assertThat(area.getText()).isEqualTo(FACE + "\n" + FACE);
        });
  }

  @Test
  void shouldClickBesideCharacters() {
    EventThread.run(
        () -> {
          int y = area.modelToView2D(0).getBounds().y + 3;
          for (int x = 0; x < 200; x++) {
            area.setCaretPosition(0);
            click(area, x, y);
            assertThat(BETWEEN).as("at %d", x).contains(area.getCaretPosition());
          }
        });
  }

  @Test
  void shouldGoOnInDirectionOfMouseWhereItIsInsideOfCharacter() {
    EventThread.run(
        () -> {
          area.addMouseListener(whenPressed(() -> area.setCaretPosition(5)));
          area.setCaretPosition(0);
          click(area, 0, 0);
          assertThat(area.getCaretPosition()).isEqualTo(8);

          area.addMouseListener(whenPressed(() -> area.setCaretPosition(10)));
          area.addMouseListener(whenPressed(() -> area.setCaretPosition(5)));
          click(area, 0, 0);
          assertThat(area.getCaretPosition()).isEqualTo(3);
        });
  }

  private static void click(Component component, int x, int y) {
    for (int id : new int[] {MouseEvent.MOUSE_PRESSED, MouseEvent.MOUSE_RELEASED}) {
      component.dispatchEvent(
          new MouseEvent(
              component, id, 0, InputEvent.BUTTON1_DOWN_MASK, x, y, 1, false, MouseEvent.BUTTON1));
    }
  }

  /** There the right arrow goes back in the text, and must not be sent on again by an emoji. */
  @Test
  void shouldStepOverWholeCharactersFromRightToLeft() {
    EventThread.run(
        () -> {
          JTextArea hebrew = new JTextArea("\u05D0" + COUPLE + "\u05D1");
          hebrew.setComponentOrientation(ComponentOrientation.RIGHT_TO_LEFT);
          CharacterCaret.install(hebrew);
          frame.setContentPane(hebrew);
          frame.pack();
          hebrew.paint(new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB).createGraphics());
          hebrew.setCaretPosition(7);
          assertThat(steps(hebrew, DefaultEditorKit.forwardAction, 3)).isEqualTo(List.of(6, 1, 0));
          assertThat(steps(hebrew, DefaultEditorKit.backwardAction, 3)).isEqualTo(List.of(1, 6, 7));
        });
  }

  private static List<Integer> steps(JTextComponent component, String action, int count) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      component
          .getActionMap()
          .get(action)
          .actionPerformed(new ActionEvent(component, ActionEvent.ACTION_PERFORMED, action));
      places.add(component.getCaretPosition());
    }
    return places;
  }

  /** What the text area takes for words ends before an accent. */
  @Test
  void shouldStopInNoCharacterWhereItGoesByWords() {
    EventThread.run(
        () -> {
          area.setText("cafe\u0301s e\u0301e\u0301");
          area.setCaretPosition(0);
          assertThat(steps(area, DefaultEditorKit.nextWordAction, 6))
              .isEqualTo(List.of(5, 7, 9, 11, 11, 11));
          assertThat(steps(area, DefaultEditorKit.previousWordAction, 6))
              .doesNotContain(4, 8, 10)
              .last()
              .isEqualTo(0);
          area.setCaretPosition(0);
          assertThat(steps(area, DefaultEditorKit.selectionNextWordAction, 1))
              .isEqualTo(List.of(5));
          assertThat(area.getSelectedText()).isEqualTo("cafe\u0301");
          area.setCaretPosition(5);
          assertThat(steps(area, DefaultEditorKit.selectionPreviousWordAction, 1))
              .isEqualTo(List.of(3));
        });
  }
}
