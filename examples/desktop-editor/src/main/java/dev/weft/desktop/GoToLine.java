package dev.weft.desktop;

import java.awt.event.KeyEvent;
import javax.swing.JLabel;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import javax.swing.SwingUtilities;
import javax.swing.text.BadLocationException;

/** Asks for the number of a line, and goes there. Confined to the event dispatch thread. */
final class GoToLine {
  private final JTextArea area;
  private final AskingDialog dialog;
  private final JTextField number = new JTextField(16);

  private GoToLine(JTextArea area) {
    this.area = area;
    JLabel label = new JLabel(String.format("Line, from 1 to %,d:", area.getLineCount()));
    label.setDisplayedMnemonic(KeyEvent.VK_L);
    number.setName("line number");
    number.setText(Integer.toString(lineOfCaret() + 1));
    number.selectAll();
    dialog =
        new AskingDialog(
            SwingUtilities.getWindowAncestor(area), "Go to Line", label, number, "Go", this::go);
  }

  /** Asks, and puts the caret at the beginning of the line. */
  static void ask(JTextArea area) {
    new GoToLine(area).dialog.ask();
  }

  private int lineOfCaret() {
    try {
      return area.getLineOfOffset(area.getCaretPosition());
    } catch (BadLocationException e) {
      throw new AssertionError("the caret is outside of its text", e);
    }
  }

  private void go() {
    // The text may have got longer or shorter while the person was asked.
    int lines = area.getLineCount();
    String typed = number.getText().strip();
    try {
      int line = Integer.parseInt(typed);
      if (line >= 1 && line <= lines) {
        area.setCaretPosition(area.getLineStartOffset(line - 1));
        dialog.close();
        return;
      }
      tell(String.format("There is no line %,d: the last is %,d", line, lines));
    } catch (NumberFormatException e) {
      tell(String.format("Not a number from 1 to %,d: %s", lines, typed));
    } catch (BadLocationException e) {
      throw new AssertionError("a line is outside of its text", e);
    }
  }

  private void tell(String words) {
    dialog.refuse(words);
    number.selectAll();
  }
}
