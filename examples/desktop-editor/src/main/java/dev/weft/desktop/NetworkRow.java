package dev.weft.desktop;

import dev.weft.crdt.Subscription;
import dev.weft.desktop.StatusWords.Phrase;
import dev.weft.desktop.network.Cable;
import dev.weft.desktop.network.NetworkLink;
import java.awt.Dimension;
import java.awt.event.ActionEvent;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.swing.AbstractAction;
import javax.swing.JButton;
import javax.swing.JComboBox;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JSlider;
import org.jspecify.annotations.Nullable;

/**
 * One editor's line of the network panel: how the editor says it stands, what its network is, and
 * what makes that slow, breaks it and mends it. Confined to the event dispatch thread.
 */
final class NetworkRow {
  private static final int LONGEST_LATENCY_MILLIS = 2_000;
  private static final int LATENCY_STEP_MILLIS = 50;

  private final String side;
  private final EditorWindow editor;
  private final NetworkLink link;
  private final JLabel state = new JLabel();
  private final JLabel cable = new JLabel();
  private final JSlider latency = new JSlider(0, LONGEST_LATENCY_MILLIS, 0);
  private final JLabel latencyValue = new JLabel();
  private final JComboBox<Rate> rate = new JComboBox<>(Rate.values());
  private final JButton cut;
  private final JButton unplug;
  private final JButton mend;

  /** What the network was broken with last. */
  private JButton broken;

  private final JLabel latencyLabel;
  private final JLabel rateLabel;
  private final Subscription subscription;
  private boolean over;

  /**
   * Creates the line.
   *
   * @param side is what a person calls the editor
   * @param keys the letters that, with Alt, reach latency, rate, Cut, Unplug and Mend
   */
  NetworkRow(String side, String keys, EditorWindow editor, NetworkLink link) {
    this.side = side;
    this.editor = editor;
    this.link = link;
    String of = "the " + side.toLowerCase(Locale.ROOT) + " editor";
    state.setName(side + " editor");
    state.setIconTextGap(6);
    setWidthFor(state, StatusSign.WARNING, "Offline, 99 changes waiting, next attempt in 10 s");
    cable.setName(side + " network");
    setWidthFor(cable, null, "Network unplugged");
    latencyLabel = label("Latency", keys.charAt(0), latency);
    rateLabel = label("Speed", keys.charAt(1), rate);
    setUpLatency();
    setUpRate();
    cut =
        button(
            "Cut",
            keys.charAt(2),
            "Closes the connections of " + of + " at once, and refuses new ones",
            link::cut);
    broken = cut;
    unplug =
        button(
            "Unplug",
            keys.charAt(3),
            "Lets nothing pass, and tells nobody: " + of + " has to find out by itself",
            link::unplug);
    mend = button("Mend", keys.charAt(4), "Lets everything of " + of + " pass again", link::mend);
    showCable(null);
    subscription = editor.tab().text().onStatus(status -> showState());
    showState();
    editor
        .frame()
        .addWindowListener(
            new WindowAdapter() {
              @Override
              public void windowClosed(WindowEvent event) {
                showClosed();
              }
            });
  }

  /** Returns the parts of the line, from its beginning to its end. */
  List<JComponent> parts() {
    return List.of(
        new JLabel(side),
        state,
        cable,
        latencyLabel,
        latency,
        latencyValue,
        rateLabel,
        rate,
        cut,
        unplug,
        mend);
  }

  // --- What is set ---

  private void setUpLatency() {
    latency.setName(side + " latency");
    latency.setMinorTickSpacing(LATENCY_STEP_MILLIS);
    latency.setSnapToTicks(true);
    latency.setPreferredSize(new Dimension(120, 24));
    latency.setToolTipText("How long everything takes, each way");
    latency.getAccessibleContext().setAccessibleName(side + ": latency each way, in milliseconds");
    latencyValue.setName(side + " latency value");
    setWidthFor(latencyValue, null, "2,000 ms");
    latency.addChangeListener(event -> applyLatency());
    applyLatency();
  }

  private void applyLatency() {
    link.setLatency(Duration.ofMillis(latency.getValue()));
    latencyValue.setText(String.format(Locale.ENGLISH, "%,d ms", latency.getValue()));
  }

  private void setUpRate() {
    rate.setName(side + " rate");
    rate.setToolTipText("How much passes in a second, each way");
    rate.getAccessibleContext().setAccessibleName(side + ": speed, each way");
    rate.addActionListener(
        event -> {
          if (rate.getSelectedItem() instanceof Rate chosen) {
            link.setBytesPerSecond(chosen.bytesPerSecond);
          }
        });
  }

  /** Has a label stay as wide as the longest words need, so that the others stay in place. */
  private static void setWidthFor(JLabel label, @Nullable StatusSign sign, String longest) {
    label.setIcon(sign);
    label.setText(longest);
    label.setPreferredSize(label.getPreferredSize());
    label.setMinimumSize(label.getPreferredSize());
  }

  private static JLabel label(String text, char key, JComponent of) {
    JLabel label = new JLabel(text);
    label.setDisplayedMnemonic(key);
    label.setLabelFor(of);
    // By itself a label gives the focus on when the key is let go, and keeps it if that is at once.
    label.getActionMap().put("press", new FocusAction(of));
    return label;
  }

  private JButton button(String text, char key, String description, Change change) {
    JButton button = new JButton(text);
    button.setName(text + " " + side);
    button.setMnemonic(key);
    button.setToolTipText(description);
    button.getAccessibleContext().setAccessibleName(text + " " + side);
    button.getAccessibleContext().setAccessibleDescription(description);
    button.addActionListener(
        event -> {
          apply(change);
          goOnFrom(button);
        });
    return button;
  }

  private void apply(Change change) {
    try {
      change.make();
      showCable(null);
    } catch (IOException e) {
      showCable(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Moves the focus from a button that cannot be pressed again to the one that takes it back. Swing
   * would give it to whatever comes next, a slider, which the next key would move.
   */
  private void goOnFrom(JButton pressed) {
    if (!pressed.isEnabled()) {
      JButton next = pressed == mend ? broken : mend;
      next.requestFocusInWindow();
      broken = pressed == mend ? broken : pressed;
    }
  }

  // --- What is shown ---

  private void showCable(@Nullable String problem) {
    Cable now = link.cable();
    Phrase phrase =
        switch (now) {
          case WHOLE -> new Phrase(StatusSign.CONNECTED, "Network whole", "Everything passes.");
          case CUT ->
              new Phrase(
                  StatusSign.OFFLINE, "Network cut", "Connections are closed at once, or refused.");
          case UNPLUGGED ->
              new Phrase(
                  StatusSign.OFFLINE, "Network unplugged", "Nothing passes, and nobody is told.");
        };
    cable.setText(phrase.text());
    cable.getAccessibleContext().setAccessibleName(side + ": " + phrase.text());
    cable.setToolTipText(
        Paragraphs.html(phrase.text(), problem == null ? phrase.explanation() : problem));
    cut.setEnabled(now != Cable.CUT && !over);
    unplug.setEnabled(now != Cable.UNPLUGGED && !over);
    mend.setEnabled(now != Cable.WHOLE && !over);
  }

  /** Shows how the editor stands now: the time since the relay was heard is told by nobody. */
  void showState() {
    if (over) {
      return;
    }
    Phrase phrase = editor.tab().wordsNow().connection();
    state.setIcon(phrase.sign());
    state.setText(phrase.text());
    state.getAccessibleContext().setAccessibleName(side + " editor: " + phrase.text());
    state.setToolTipText(Paragraphs.html(phrase.text(), phrase.explanation()));
  }

  private void showClosed() {
    over = true;
    state.setIcon(StatusSign.OFFLINE);
    state.setText("Closed");
    state.setToolTipText(null);
    state.getAccessibleContext().setAccessibleName(side + " editor: Closed");
    latency.setEnabled(false);
    rate.setEnabled(false);
    showCable(null);
  }

  void close() {
    subscription.close();
  }

  /** Moves the focus. */
  private static final class FocusAction extends AbstractAction {
    private static final long serialVersionUID = 1L;

    private final JComponent to;

    FocusAction(JComponent to) {
      this.to = to;
    }

    @Override
    public void actionPerformed(ActionEvent event) {
      to.requestFocusInWindow();
    }
  }

  /** What a button does to the link. */
  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }

  /** How much passes in a second. */
  enum Rate {
    UNLIMITED("unlimited", NetworkLink.UNLIMITED),
    FAST("50 kB/s", 50_000),
    SLOW("10 kB/s", 10_000),
    CRAWLING("2 kB/s", 2_000);

    private final String words;
    private final int bytesPerSecond;

    Rate(String words, int bytesPerSecond) {
      this.words = words;
      this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public String toString() {
      return words;
    }
  }
}
