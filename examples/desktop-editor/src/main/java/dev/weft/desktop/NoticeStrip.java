package dev.weft.desktop;

import java.awt.BorderLayout;
import java.awt.Container;
import java.awt.GridBagLayout;
import java.awt.event.KeyEvent;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JTextArea;
import javax.swing.KeyStroke;
import javax.swing.Timer;

/**
 * The strip above the status bar that tells of one thing that happened: a save acknowledged, an
 * edit refused. It stays until it is dismissed or another takes its place. Confined to the event
 * dispatch thread.
 */
final class NoticeStrip extends JPanel {
  private static final long serialVersionUID = 1L;

  private static final int BRIEFLY_MILLIS = 8_000;

  private final JLabel sign = new JLabel();
  private final JTextArea text = new JTextArea();
  private final Timer leaving = new Timer(BRIEFLY_MILLIS, event -> clear());

  NoticeStrip() {
    super(new BorderLayout(8, 0));
    text.setName("notice");
    text.setEditable(false);
    text.setLineWrap(true);
    text.setWrapStyleWord(true);
    text.setOpaque(false);
    text.getAccessibleContext().setAccessibleName("Notice");
    JButton dismiss = new JButton("Dismiss");
    dismiss.setMnemonic(KeyEvent.VK_D);
    dismiss.addActionListener(event -> clear());
    add(sign, BorderLayout.WEST);
    add(text, BorderLayout.CENTER);
    JPanel button = new JPanel(new GridBagLayout());
    button.add(dismiss);
    add(button, BorderLayout.EAST);
    leaving.setRepeats(false);
    setVisible(false);
  }

  /** Shows something that need not be dismissed, for a few seconds. */
  void showBriefly(StatusSign what, String words) {
    show(what, words);
    leaving.restart();
  }

  /** Has the Escape key dismiss what is shown, wherever in {@code within} the focus is. */
  void dismissByEscape(JComponent within) {
    within
        .getInputMap(JComponent.WHEN_ANCESTOR_OF_FOCUSED_COMPONENT)
        .put(KeyStroke.getKeyStroke(KeyEvent.VK_ESCAPE, 0), "dismiss");
    within
        .getActionMap()
        .put("dismiss", new Command("Dismiss", KeyEvent.VK_D, null, "", this::clear));
  }

  void show(StatusSign what, String words) {
    leaving.stop();
    sign.setIcon(what);
    text.setText(words);
    text.getAccessibleContext().setAccessibleDescription(words);
    giveWidth();
    setVisible(true);
    revalidate();
  }

  /**
   * Gives the text the width that it will have. How high it is to be it tells for the width that it
   * has: without one, a row for each letter, for which all of the window would make room at first.
   */
  private void giveWidth() {
    Container around = getParent();
    if (around != null && around.getWidth() > 0) {
      int beside = getPreferredSize().width - text.getPreferredSize().width;
      text.setSize(Math.max(1, around.getWidth() - beside), Short.MAX_VALUE);
    }
  }

  /** Clears these words, unless others have taken their place. */
  void clear(String words) {
    if (words.equals(text.getText())) {
      clear();
    }
  }

  void clear() {
    text.setText("");
    setVisible(false);
  }
}
