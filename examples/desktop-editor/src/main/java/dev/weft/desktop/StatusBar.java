package dev.weft.desktop;

import dev.weft.desktop.StatusWords.Phrase;
import java.awt.BorderLayout;
import java.awt.Dimension;
import java.util.List;
import java.util.function.Consumer;
import javax.swing.BorderFactory;
import javax.swing.Box;
import javax.swing.BoxLayout;
import javax.swing.JButton;
import javax.swing.JLabel;
import javax.swing.JPanel;

/**
 * The line below the text that says how it stands with the relay, where it is safe, what works less
 * well than it should, and where the caret is. Confined to the event dispatch thread.
 */
final class StatusBar extends JPanel {
  private static final long serialVersionUID = 1L;

  private static final int GAP = 16;

  private final JLabel connection = new ShrinkingLabel("connection");
  private final JLabel saves = new ShrinkingLabel("saves");
  private final JLabel degradations = new ShrinkingLabel("degradations");
  private final JPanel phrases = new JPanel();
  private final JPanel remedies = new JPanel();
  private final JPanel end = new JPanel(new BorderLayout(GAP, 0));
  private final JPanel below = new JPanel(new BorderLayout());
  private final JLabel position = new JLabel();
  private final JLabel people = new JLabel();
  private final transient Consumer<Remedy> remedy;
  private List<Remedy> offered = List.of();
  private boolean inTouch;

  /**
   * Creates a status bar that shows nothing yet.
   *
   * @param remedy does what a person chooses of what can be done
   */
  StatusBar(Consumer<Remedy> remedy) {
    super(new BorderLayout(GAP, 0));
    this.remedy = remedy;
    phrases.setLayout(new BoxLayout(phrases, BoxLayout.X_AXIS));
    phrases.add(connection);
    phrases.add(Box.createHorizontalStrut(20));
    phrases.add(saves);
    phrases.add(Box.createHorizontalStrut(20));
    phrases.add(degradations);
    add(phrases, BorderLayout.CENTER);
    remedies.setLayout(new BoxLayout(remedies, BoxLayout.X_AXIS));
    end.add(people, BorderLayout.WEST);
    end.add(position, BorderLayout.CENTER);
    add(end, BorderLayout.EAST);
    add(below, BorderLayout.SOUTH);
    placeRemedies();
    getAccessibleContext().setAccessibleName("Status");
    position.setName("position");
    people.setName("people here");
    people.setVisible(false);
    degradations.setVisible(false);
  }

  /** Words that find no room end in dots, and stand whole in the tool tip. */
  private static final class ShrinkingLabel extends JLabel {
    private static final long serialVersionUID = 1L;

    ShrinkingLabel(String name) {
      setName(name);
      setIconTextGap(6);
    }

    @Override
    public Dimension getMinimumSize() {
      return new Dimension(48, getPreferredSize().height);
    }
  }

  /**
   * At the edge, so that no button moves away under the mouse while words get longer; on a line of
   * their own where they would leave too little room for the words.
   */
  private void placeRemedies() {
    boolean own = remedies.getPreferredSize().width > getWidth() / 3;
    remedies.setBorder(BorderFactory.createEmptyBorder(own ? 4 : 0, 0, 0, 0));
    if (own && remedies.getParent() != below) {
      below.add(remedies, BorderLayout.EAST);
    } else if (!own && remedies.getParent() != end) {
      end.add(remedies, BorderLayout.EAST);
    }
    revalidate();
  }

  @Override
  public void setBounds(int x, int y, int width, int height) {
    boolean other = width != getWidth();
    super.setBounds(x, y, width, height);
    if (other) {
      placeRemedies();
    }
  }

  /**
   * Where there is no room for all, the caret's position gives way, and then how many people are
   * here: they have the least to say.
   */
  @Override
  public void doLayout() {
    int room = getWidth() - getInsets().left - getInsets().right - GAP;
    room -= phrases.getPreferredSize().width;
    if (remedies.getParent() == end) {
      room -= remedies.getPreferredSize().width + GAP;
    }
    people.setVisible(
        inTouch && !people.getText().isEmpty() && people.getPreferredSize().width <= room);
    if (people.isVisible()) {
      room -= people.getPreferredSize().width + GAP;
    }
    position.setVisible(position.getPreferredSize().width <= room);
    super.doLayout();
  }

  /** Shows how the document stands, and who else is here only while the relay can tell. */
  void show(StatusWords words) {
    inTouch = words.inTouch();
    show(connection, "Connection", words.connection());
    show(saves, "Saves", words.saves());
    degradations.setVisible(!words.degradations().isEmpty());
    if (!words.degradations().isEmpty()) {
      show(degradations, "Warning", together(words));
    }
    offer(words.remedies());
    revalidate();
  }

  /** Buttons stay as they are while they offer the same, so that the focus stays too. */
  private void offer(List<Remedy> now) {
    if (now.equals(offered)) {
      return;
    }
    offered = now;
    remedies.removeAll();
    for (Remedy each : now) {
      JButton button = new JButton(each.label());
      button.setName(each.label());
      button.setMnemonic(each.mnemonic());
      button.setToolTipText(each.description());
      button.getAccessibleContext().setAccessibleDescription(each.description());
      button.addActionListener(event -> remedy.accept(each));
      remedies.add(Box.createHorizontalStrut(6));
      remedies.add(button);
    }
    placeRemedies();
    repaint();
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
    String text = others == 0 ? "Nobody else here" : (others + 1) + " people here";
    people.setText(text);
    people.getAccessibleContext().setAccessibleName("People: " + text);
    revalidate();
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
