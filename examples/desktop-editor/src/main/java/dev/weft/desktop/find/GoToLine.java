package dev.weft.desktop.find;

import java.awt.BorderLayout;
import java.awt.Dialog;
import java.awt.FlowLayout;
import java.awt.event.KeyEvent;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import javax.swing.KeyStroke;
import javax.swing.SwingUtilities;
import javax.swing.text.BadLocationException;

/** Asks for the number of a line, and goes there. Confined to the event dispatch thread. */
public final class GoToLine {
  private final JTextArea area;
  private final JDialog dialog;
  private final JTextField number = new JTextField(12);
  private final JLabel problem = new JLabel(" ");

  private GoToLine(JTextArea area) {
    this.area = area;
    dialog =
        new JDialog(
            SwingUtilities.getWindowAncestor(area),
            "Go to Line",
            Dialog.ModalityType.DOCUMENT_MODAL);
    JButton go = new JButton("Go");
    JButton cancel = new JButton("Cancel");
    go.addActionListener(event -> go());
    cancel.addActionListener(event -> dialog.dispose());
    dialog.getRootPane().setDefaultButton(go);
    dialog
        .getRootPane()
        .registerKeyboardAction(
            event -> dialog.dispose(),
            KeyStroke.getKeyStroke(KeyEvent.VK_ESCAPE, 0),
            JComponent.WHEN_IN_FOCUSED_WINDOW);
    JLabel label = new JLabel(String.format("Line, from 1 to %,d:", area.getLineCount()));
    label.setDisplayedMnemonic(KeyEvent.VK_L);
    label.setLabelFor(number);
    number.setName("line number");
    number.setText(Integer.toString(lineOfCaret() + 1));
    number.selectAll();
    problem.setName("line problem");
    JPanel head = new JPanel(new BorderLayout(0, 4));
    head.add(label, BorderLayout.NORTH);
    head.add(number, BorderLayout.CENTER);
    head.add(problem, BorderLayout.SOUTH);
    JPanel foot = new JPanel(new FlowLayout(FlowLayout.TRAILING));
    foot.add(go);
    foot.add(cancel);
    JPanel content = new JPanel(new BorderLayout(0, 8));
    content.setBorder(BorderFactory.createEmptyBorder(12, 12, 8, 12));
    content.add(head, BorderLayout.CENTER);
    content.add(foot, BorderLayout.SOUTH);
    dialog.setContentPane(content);
    dialog.pack();
    dialog.setLocationRelativeTo(dialog.getOwner());
  }

  /** Asks, and puts the caret at the beginning of the line. */
  public static void ask(JTextArea area) {
    new GoToLine(area).dialog.setVisible(true);
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
        dialog.dispose();
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
    problem.setText(words);
    problem.getAccessibleContext().setAccessibleName("Problem: " + words);
    number.selectAll();
    number.requestFocusInWindow();
    dialog.pack();
  }
}
