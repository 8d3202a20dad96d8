package dev.weft.desktop;

import dev.weft.client.SyncStatus;
import dev.weft.crdt.Subscription;
import dev.weft.desktop.StatusWords.Phrase;
import java.awt.Dimension;
import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.Insets;
import java.awt.event.KeyEvent;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.SwingUtilities;
import javax.swing.WindowConstants;

/**
 * A small window from which the network of two editors is cut and mended, each for itself. Confined
 * to the event dispatch thread.
 */
final class NetworkPanel {
  private final JFrame frame = new JFrame("Network");
  private final List<Subscription> subscriptions = new ArrayList<>();

  NetworkPanel(EditorWindow left, EditorWindow right) {
    JPanel content = new JPanel(new GridBagLayout());
    content.setBorder(BorderFactory.createEmptyBorder(10, 14, 10, 14));
    addRow(content, 0, "Left", KeyEvent.VK_L, left);
    addRow(content, 1, "Right", KeyEvent.VK_R, right);
    frame.setIconImages(WindowIcons.all());
    frame.setContentPane(content);
    // Closing this panel closes the demo, editor by editor, each with its question.
    frame.setDefaultCloseOperation(WindowConstants.DO_NOTHING_ON_CLOSE);
    frame.addWindowListener(
        new WindowAdapter() {
          @Override
          public void windowClosing(WindowEvent event) {
            left.close();
            right.close();
          }
        });
    frame.pack();
  }

  JFrame frame() {
    return frame;
  }

  /** Closes the panel alone. May be called on any thread. */
  void close() {
    SwingUtilities.invokeLater(
        () -> {
          subscriptions.forEach(Subscription::close);
          frame.dispose();
        });
  }

  private void addRow(JPanel content, int row, String side, int mnemonic, EditorWindow editor) {
    JLabel name = new JLabel(side);
    JLabel state = new JLabel();
    state.setName(side + " network");
    state.setIconTextGap(6);
    state.setPreferredSize(new Dimension(300, 24));
    JButton cut = new JButton();
    cut.setName(side + " cut");
    cut.setMnemonic(mnemonic);
    cut.addActionListener(
        event -> {
          editor.toggleOffline();
          showButton(cut, side, editor);
        });
    showButton(cut, side, editor);
    subscriptions.add(
        editor
            .tab()
            .text()
            .onStatus(
                status -> {
                  show(state, side, editor, status);
                  showButton(cut, side, editor);
                }));
    editor
        .frame()
        .addWindowListener(
            new WindowAdapter() {
              @Override
              public void windowClosed(WindowEvent event) {
                state.setIcon(StatusSign.OFFLINE);
                state.setText("Closed");
                cut.setEnabled(false);
              }
            });
    content.add(name, cell(0, row, 0));
    content.add(state, cell(1, row, 1));
    content.add(cut, cell(2, row, 0));
  }

  private static void show(JLabel state, String side, EditorWindow editor, SyncStatus status) {
    Phrase phrase = StatusWords.of(editor.workspace(), status, null).connection();
    state.setIcon(phrase.sign());
    state.setText(phrase.text());
    state.getAccessibleContext().setAccessibleName(side + ": " + phrase.text());
    state.setToolTipText(Paragraphs.html(phrase.text(), phrase.explanation()));
  }

  private static void showButton(JButton cut, String side, EditorWindow editor) {
    boolean offline = editor.isOfflineByChoice();
    cut.setText(offline ? "Mend " + side : "Cut " + side);
    cut.getAccessibleContext()
        .setAccessibleDescription(
            offline
                ? "Connects the " + side.toLowerCase(Locale.ROOT) + " editor to the relay again"
                : "Cuts the " + side.toLowerCase(Locale.ROOT) + " editor off the relay");
  }

  private static GridBagConstraints cell(int column, int row, double weight) {
    return new GridBagConstraints(
        column,
        row,
        1,
        1,
        weight,
        0,
        GridBagConstraints.LINE_START,
        GridBagConstraints.HORIZONTAL,
        new Insets(4, 6, 4, 6),
        0,
        0);
  }
}
