package dev.weft.desktop;

import java.awt.BorderLayout;
import java.awt.Component;
import java.util.Optional;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JOptionPane;
import javax.swing.JPanel;
import javax.swing.JPasswordField;

/** Asks for the token by which a relay knows this person. Stateless. */
final class SignIn {
  private SignIn() {}

  /** Asks; returns what was entered, empty if nothing was. */
  static Optional<String> ask(Component parent) {
    JPasswordField token = new JPasswordField(36);
    token.setName("token");
    JLabel label = new JLabel("Token that the relay's operator gave you:");
    label.setLabelFor(token);
    JPanel content = new JPanel(new BorderLayout(0, 6));
    content.add(label, BorderLayout.NORTH);
    content.add(token, BorderLayout.CENTER);
    content.add(
        new JLabel("It is used until the window is closed, and stored nowhere."),
        BorderLayout.SOUTH);
    JOptionPane pane = new Asking(content, token);
    JDialog dialog = pane.createDialog(parent, "Sign In");
    dialog.setVisible(true);
    dialog.dispose();
    String entered = new String(token.getPassword()).strip();
    return Integer.valueOf(JOptionPane.OK_OPTION).equals(pane.getValue()) && !entered.isEmpty()
        ? Optional.of(entered)
        : Optional.empty();
  }

  /** An option pane would give the focus to its buttons. */
  private static final class Asking extends JOptionPane {
    private static final long serialVersionUID = 1L;

    private final JPasswordField token;

    Asking(JPanel content, JPasswordField token) {
      super(content, PLAIN_MESSAGE, OK_CANCEL_OPTION);
      this.token = token;
    }

    @Override
    public void selectInitialValue() {
      super.selectInitialValue();
      token.requestFocusInWindow();
    }
  }
}
