package dev.weft.desktop;

import dev.weft.desktop.StatusWords.Phrase;
import java.awt.Container;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.swing.JButton;
import javax.swing.JLabel;
import javax.swing.JPanel;

/**
 * The line below the text that says how it stands with the relay, where it is safe, what works less
 * well than it should, and where the caret is. Confined to the event dispatch thread.
 */
final class StatusBar extends JPanel {
  private static final long serialVersionUID = 1L;

  private final JLabel connection = phrase("connection");
  private final JLabel saves = phrase("saves");
  private final JLabel degradations = phrase("degradations");
  private final JLabel position = new JLabel();
  private final JLabel people = new JLabel();
  private final List<JButton> remedies = new ArrayList<>();
  private final transient StatusBarLayout layout =
      new StatusBarLayout(
          List.of(connection, saves, degradations), remedies, List.of(people, position));
  private final transient Consumer<Remedy> remedy;
  private List<Remedy> offered = List.of();
  private boolean inTouch;

  /**
   * Creates a status bar that shows nothing yet.
   *
   * @param remedy does what a person chooses of what can be done
   */
  StatusBar(Consumer<Remedy> remedy) {
    this.remedy = remedy;
    setLayout(layout);
    for (JLabel part : List.of(connection, saves, degradations, people, position)) {
      add(part);
    }
    getAccessibleContext().setAccessibleName("Status");
    position.setName("position");
    people.setName("people here");
    people.setVisible(false);
    degradations.setVisible(false);
  }

  /** Words that find no room end in dots, and stand whole in the tool tip. */
  private static JLabel phrase(String name) {
    JLabel label = new JLabel();
    label.setName(name);
    label.setIconTextGap(6);
    return label;
  }

  @Override
  public void setBounds(int x, int y, int width, int height) {
    boolean other = width != getWidth();
    super.setBounds(x, y, width, height);
    if (other) {
      resize();
    }
  }

  /** Has it take as many rows as it needs now. */
  private void resize() {
    revalidate();
    Container parent = getParent();
    if (parent != null) {
      parent.revalidate();
    }
  }

  /** Where the caret is changes with each key, and moves nothing outside of this. */
  @Override
  public boolean isValidateRoot() {
    return true;
  }

  /** Shows how the document stands, and who else is here only while the relay can tell. */
  void show(StatusWords words) {
    inTouch = words.inTouch();
    people.setVisible(inTouch && !people.getText().isEmpty());
    show(connection, "Connection", words.connection());
    show(saves, "Saves", words.saves());
    degradations.setVisible(!words.degradations().isEmpty());
    if (!words.degradations().isEmpty()) {
      show(degradations, "Warning", together(words));
    }
    offer(words.remedies());
    resize();
  }

  /**
   * A button stays as it is while it is offered: the focus, or a mouse that is down, may be on it.
   */
  private void offer(List<Remedy> now) {
    if (now.equals(offered)) {
      return;
    }
    Map<Remedy, JButton> before = new EnumMap<>(Remedy.class);
    for (int i = 0; i < offered.size(); i++) {
      before.put(offered.get(i), remedies.get(i));
    }
    offered = now;
    remedies.clear();
    for (Remedy each : now) {
      JButton kept = before.remove(each);
      remedies.add(kept == null ? added(each) : kept);
    }
    before.values().forEach(this::remove);
    layout.placeButtonsAnew();
    repaint();
  }

  private JButton added(Remedy each) {
    JButton button = new JButton(each.label());
    button.setName(each.label());
    button.setMnemonic(each.mnemonic());
    button.setToolTipText(each.description());
    button.getAccessibleContext().setAccessibleDescription(each.description());
    button.addActionListener(event -> remedy.accept(each));
    add(button);
    return button;
  }

  private static Phrase together(StatusWords words) {
    StringBuilder text = new StringBuilder();
    StringBuilder explanation = new StringBuilder();
    for (Phrase phrase : words.degradations()) {
      text.append(text.isEmpty() ? "" : ", ").append(phrase.text());
      explanation.append(explanation.isEmpty() ? "" : " ").append(phrase.explanation());
    }
    return new Phrase(words.degradations().get(0).sign(), text.toString(), explanation.toString());
  }

  private static void show(JLabel label, String topic, Phrase phrase) {
    if (!phrase.text().equals(label.getText())) {
      label.setText(phrase.text());
      label.getAccessibleContext().setAccessibleName(topic + ": " + phrase.text());
    }
    if (label.getIcon() != phrase.sign()) {
      label.setIcon(phrase.sign());
    }
    String tip = Paragraphs.html(phrase.text(), phrase.explanation());
    if (!tip.equals(label.getToolTipText())) {
      label.setToolTipText(tip);
      label.getAccessibleContext().setAccessibleDescription(phrase.explanation());
    }
  }

  /** Shows how many are in the document beside the person here. */
  void showPeople(int others) {
    // A program that writes along need not show itself.
    String text = others == 0 ? "Nobody else seen" : (others + 1) + " people here";
    if (!text.equals(people.getText())) {
      people.setText(text);
      people.setVisible(inTouch);
      people.getAccessibleContext().setAccessibleName("People: " + text);
    }
  }

  /** Tells a screen reader who has come and who has left: others see it. */
  void tellOfPeople(String words) {
    people.getAccessibleContext().setAccessibleDescription(words);
  }

  /** Shows where the caret is; both count from 1. */
  void showPosition(int line, int column) {
    String text = "Line " + line + ", column " + column;
    position.setText(text);
    position.getAccessibleContext().setAccessibleName("Caret: " + text);
  }
}
