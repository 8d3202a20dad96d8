package dev.weft.desktop;

import dev.weft.desktop.StatusWords.Phrase;
import java.awt.event.KeyEvent;
import java.net.URI;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JLabel;

/**
 * The relay's line of the network panel: how it stands, and what kills and starts it. Confined to
 * the event dispatch thread.
 */
final class RelayRow {
  private final RelaySwitch relay;
  private final JLabel state = new JLabel();
  private final JLabel address = new JLabel();
  private final JButton kill =
      button(
          "Kill Relay",
          KeyEvent.VK_K,
          "Ends the relay's process as kill -9 does: it can store and say nothing more");
  private final JButton start =
      button(
          "Start Relay",
          KeyEvent.VK_A,
          "Starts the relay again, with what is on its disk, at the same address");

  RelayRow(RelaySwitch relay, URI uri) {
    this.relay = relay;
    state.setName("Relay state");
    state.setIconTextGap(6);
    address.setName("Relay address");
    address.setText(uri.getAuthority());
    address.getAccessibleContext().setAccessibleName("Relay address: " + uri.getAuthority());
    kill.addActionListener(event -> order(relay::kill));
    start.addActionListener(event -> order(relay::start));
    relay.onChange(this::show);
    show();
  }

  private static JButton button(String text, int key, String description) {
    JButton button = new JButton(text);
    button.setName(text);
    button.setMnemonic(key);
    button.setToolTipText(description);
    button.getAccessibleContext().setAccessibleDescription(description);
    return button;
  }

  JLabel state() {
    return state;
  }

  JLabel address() {
    return address;
  }

  JButton kill() {
    return kill;
  }

  JButton start() {
    return start;
  }

  private void show() {
    Phrase phrase = relay.state();
    state.setIcon(phrase.sign());
    state.setText(phrase.text());
    state.getAccessibleContext().setAccessibleName("Relay: " + phrase.text());
    state.setToolTipText(Paragraphs.html(phrase.text(), phrase.explanation()));
    boolean goesOn = kill.isFocusOwner() || start.isFocusOwner() || state.isFocusOwner();
    kill.setEnabled(relay.canKill());
    start.setEnabled(relay.canStart());
    if (goesOn) {
      focusWhatCanBePressed();
    }
  }

  private void order(Runnable order) {
    order.run();
    focusWhatCanBePressed();
  }

  /**
   * Moves the focus to the button that takes back what was done or, until there is one, to how the
   * relay stands. Swing would give it to whatever comes next, a slider, which the next key would
   * move.
   */
  private void focusWhatCanBePressed() {
    JComponent next = kill.isEnabled() ? kill : start.isEnabled() ? start : state;
    if (!next.isFocusOwner()) {
      next.requestFocusInWindow();
    }
  }
}
