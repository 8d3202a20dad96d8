package dev.weft.desktop;

import java.awt.BorderLayout;
import java.awt.Dialog;
import java.awt.FlowLayout;
import java.awt.Window;
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
import org.jspecify.annotations.Nullable;

/**
 * A dialog that asks for one thing, and says below the field why an answer will not do. Enter
 * answers, Escape gives up. Confined to the event dispatch thread.
 */
final class AskingDialog {
  private static final int PROBLEM_ROWS = 3;

  private final JDialog dialog;
  private final JTextField field;
  private final JTextArea problem;

  /**
   * Creates a dialog that is not seen yet.
   *
   * @param question names the field
   * @param field is to be answered in
   * @param yes stands on the button that answers
   * @param answer is run with each answer, and closes the dialog if it will do
   */
  AskingDialog(
      @Nullable Window owner,
      String title,
      JLabel question,
      JTextField field,
      String yes,
      Runnable answer) {
    this.field = field;
    dialog = new JDialog(owner, title, Dialog.ModalityType.DOCUMENT_MODAL);
    JButton button = new JButton(yes);
    JButton cancel = new JButton("Cancel");
    button.addActionListener(event -> answer.run());
    cancel.addActionListener(event -> close());
    dialog.getRootPane().setDefaultButton(button);
    dialog
        .getRootPane()
        .registerKeyboardAction(
            event -> close(),
            KeyStroke.getKeyStroke(KeyEvent.VK_ESCAPE, 0),
            JComponent.WHEN_IN_FOCUSED_WINDOW);
    question.setLabelFor(field);
    problem = new JTextArea(PROBLEM_ROWS, field.getColumns());
    problem.setName("problem");
    problem.setLineWrap(true);
    problem.setWrapStyleWord(true);
    problem.setEditable(false);
    problem.setFocusable(false);
    problem.setOpaque(false);
    problem.setFont(question.getFont());
    JPanel head = new JPanel(new BorderLayout(0, 4));
    head.add(question, BorderLayout.NORTH);
    head.add(field, BorderLayout.CENTER);
    head.add(problem, BorderLayout.SOUTH);
    JPanel foot = new JPanel(new FlowLayout(FlowLayout.TRAILING));
    foot.add(button);
    foot.add(cancel);
    JPanel content = new JPanel(new BorderLayout(0, 8));
    content.setBorder(BorderFactory.createEmptyBorder(12, 12, 8, 12));
    content.add(head, BorderLayout.NORTH);
    content.add(foot, BorderLayout.SOUTH);
    dialog.setContentPane(content);
  }

  /** Puts something to choose from between the field and the buttons. */
  void setChoice(JComponent choice) {
    dialog.getContentPane().add(choice, BorderLayout.CENTER);
  }

  /** Asks until it is closed. */
  void ask() {
    Displays.packOverOwner(dialog);
    dialog.setVisible(true);
  }

  void close() {
    dialog.dispose();
  }

  /** Says why the answer will not do, and asks again. */
  void refuse(String why) {
    tell(why);
    field.requestFocusInWindow();
  }

  /** Says that something is amiss; nothing more if the words are empty. */
  void tell(String words) {
    problem.setText(words);
    problem
        .getAccessibleContext()
        .setAccessibleName(words.isEmpty() ? "No problem" : "Problem: " + words);
  }
}
