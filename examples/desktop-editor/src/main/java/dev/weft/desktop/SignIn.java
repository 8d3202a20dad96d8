package dev.weft.desktop;

import java.awt.BorderLayout;
import java.awt.Component;
import java.util.Optional;
import javax.swing.JLabel;
import javax.swing.JOptionPane;
import javax.swing.JPanel;
import javax.swing.JPasswordField;
import javax.swing.event.AncestorEvent;
import javax.swing.event.AncestorListener;

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
    token.addAncestorListener(new FocusWhenShown());
    int answer =
        JOptionPane.showConfirmDialog(
            parent, content, "Sign In", JOptionPane.OK_CANCEL_OPTION, JOptionPane.PLAIN_MESSAGE);
    String entered = new String(token.getPassword()).strip();
    return answer == JOptionPane.OK_OPTION && !entered.isEmpty()
        ? Optional.of(entered)
        : Optional.empty();
  }

  /** An option pane gives the focus to its buttons otherwise. */
  private static final class FocusWhenShown implements AncestorListener {
    @Override
    public void ancestorAdded(AncestorEvent event) {
      event.getComponent().requestFocusInWindow();
    }

    @Override
    public void ancestorRemoved(AncestorEvent event) {
      // It is gone.
    }

    @Override
    public void ancestorMoved(AncestorEvent event) {
      // The focus stays.
    }
  }
}
