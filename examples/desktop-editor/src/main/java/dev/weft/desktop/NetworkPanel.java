package dev.weft.desktop;

import dev.weft.desktop.network.NetworkLink;
import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.Insets;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.net.URI;
import java.util.List;
import javax.swing.BorderFactory;
import javax.swing.Box;
import javax.swing.BoxLayout;
import javax.swing.JComponent;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.SwingUtilities;
import javax.swing.Timer;
import javax.swing.WindowConstants;

/**
 * A small window from which what is between two editors is made slow, broken and mended: the
 * network of each, and the relay. Confined to the event dispatch thread.
 */
final class NetworkPanel {
  private static final int COLUMNS = 11;
  private static final int STATE_COLUMN = 1;

  private final JFrame frame = new JFrame("Network");
  private final JPanel content = new JPanel(new GridBagLayout());
  private final List<NetworkRow> rows;
  private final RelaySwitch relay;
  private final Timer clock;

  NetworkPanel(
      EditorWindow left,
      NetworkLink leftLink,
      EditorWindow right,
      NetworkLink rightLink,
      RelaySwitch relay,
      URI relayUri) {
    this.relay = relay;
    rows =
        List.of(
            new NetworkRow("Left", "LSCUM", left, leftLink),
            new NetworkRow("Right", "YPTNE", right, rightLink));
    content.setBorder(BorderFactory.createEmptyBorder(6, 8, 6, 8));
    for (int row = 0; row < rows.size(); row++) {
      List<JComponent> parts = rows.get(row).parts();
      for (int column = 0; column < parts.size(); column++) {
        add(parts.get(column), column, row, 1);
      }
    }
    addRelay(new RelayRow(relay, relayUri), rows.size());
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
    clock = new Timer(1_000, event -> rows.forEach(NetworkRow::showState));
    clock.start();
  }

  JFrame frame() {
    return frame;
  }

  /** Closes the panel alone. May be called on any thread. */
  void close() {
    SwingUtilities.invokeLater(
        () -> {
          clock.stop();
          relay.close();
          rows.forEach(NetworkRow::close);
          frame.dispose();
        });
  }

  private void addRelay(RelayRow line, int row) {
    JPanel buttons = new JPanel();
    buttons.setLayout(new BoxLayout(buttons, BoxLayout.X_AXIS));
    buttons.add(Box.createHorizontalGlue());
    buttons.add(line.kill());
    buttons.add(Box.createHorizontalStrut(8));
    buttons.add(line.start());
    add(new JLabel("Relay"), 0, row, 1);
    add(line.state(), STATE_COLUMN, row, 1);
    add(line.address(), STATE_COLUMN + 1, row, 3);
    add(buttons, COLUMNS - 3, row, 3);
  }

  private void add(JComponent part, int column, int row, int width) {
    content.add(
        part,
        new GridBagConstraints(
            column,
            row,
            width,
            1,
            column == STATE_COLUMN ? 1 : 0,
            0,
            GridBagConstraints.LINE_START,
            GridBagConstraints.HORIZONTAL,
            new Insets(2, 5, 2, 5),
            0,
            0));
  }
}
