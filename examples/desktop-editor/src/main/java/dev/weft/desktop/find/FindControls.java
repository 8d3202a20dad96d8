package dev.weft.desktop.find;

import java.awt.Color;
import java.awt.Component;
import java.awt.FlowLayout;
import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.Insets;
import java.awt.event.FocusListener;
import java.awt.event.KeyEvent;
import java.util.Comparator;
import java.util.List;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JCheckBox;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JTextField;
import javax.swing.LayoutFocusTraversalPolicy;
import javax.swing.UIManager;

/**
 * What a find bar shows: two fields, buttons, boxes to tick, and a line of words. Knows nothing of
 * what they do. Confined to the event dispatch thread.
 */
final class FindControls extends JPanel {
  private static final long serialVersionUID = 1L;

  final JTextField words = field("find", "Find");
  final JTextField replacement = field("replacement", "Replace with");
  final JButton previous =
      button("Previous", KeyEvent.VK_P, "Goes to the match before (Shift+Enter or Shift+F3)");
  final JButton next = button("Next", KeyEvent.VK_T, "Goes to the next match (Enter or F3)");
  final JButton replace =
      button("Replace", KeyEvent.VK_R, "Replaces this match and goes to the next (Enter)");
  final JButton replaceAll =
      button(
          "Replace All", KeyEvent.VK_A, "Replaces all matches in one step, which undo takes back");
  final JButton close = button("Close", KeyEvent.VK_S, "Closes the search (Escape)");
  final JCheckBox matchCase =
      box("Match Case", KeyEvent.VK_M, "Whether capitals differ from small letters");
  final JCheckBox wholeWords =
      box("Whole Words", KeyEvent.VK_W, "Whether nothing of a word may stand beside a match");
  final JCheckBox regex =
      box(
          "Regular Expression",
          KeyEvent.VK_X,
          "Whether the words are a regular expression; in the replacement $1 is its first group,"
              + " \\n a line end and \\t a tab");

  private final JLabel result = new JLabel(" ");
  private final transient List<JComponent> ofReplacing;
  private final transient List<JComponent> focusOrder;
  private boolean problem;

  FindControls() {
    super(new GridBagLayout());
    result.setName("search result");
    tellResult(" ", false);
    // Ctrl+F goes there, and the letters that it has are others' already.
    JLabel findLabel = label("Find:", KeyEvent.VK_UNDEFINED, words);
    JLabel replaceLabel = label("Replace with:", KeyEvent.VK_L, replacement);
    JPanel find = row(previous, next);
    JPanel replacing = row(replace, replaceAll);
    JPanel boxes = row(matchCase, wholeWords, regex);
    place(findLabel, 0, 0, 1, 0);
    place(words, 1, 0, 1, 1);
    place(find, 2, 0, 1, 0);
    place(close, 3, 0, 1, 0);
    place(replaceLabel, 0, 1, 1, 0);
    place(replacement, 1, 1, 1, 1);
    place(replacing, 2, 1, 2, 0);
    place(boxes, 0, 2, 4, 0);
    place(result, 0, 3, 4, 0);
    ofReplacing = List.of(replaceLabel, replacement, replacing);
    focusOrder =
        List.of(
            words,
            replacement,
            previous,
            next,
            replace,
            replaceAll,
            matchCase,
            wholeWords,
            regex,
            close);
    setFocusTraversalPolicyProvider(true);
    setFocusTraversalPolicy(new FocusOrder(focusOrder));
  }

  /** Has a listener told when any of what is here has the focus. */
  void onFocus(FocusListener listener) {
    focusOrder.forEach(part -> part.addFocusListener(listener));
  }

  private void place(Component part, int x, int y, int width, double weight) {
    GridBagConstraints at = new GridBagConstraints();
    at.gridx = x;
    at.gridy = y;
    at.gridwidth = width;
    at.weightx = weight;
    at.fill = GridBagConstraints.HORIZONTAL;
    at.anchor = GridBagConstraints.LINE_START;
    at.insets = new Insets(2, 3, 2, 3);
    add(part, at);
  }

  private static JPanel row(Component... parts) {
    JPanel row = new JPanel(new FlowLayout(FlowLayout.LEADING, 6, 0));
    ((FlowLayout) row.getLayout()).setAlignOnBaseline(true);
    row.setBorder(BorderFactory.createEmptyBorder(0, -6, 0, -6));
    for (Component part : parts) {
      row.add(part);
    }
    return row;
  }

  private static JTextField field(String name, String accessibleName) {
    JTextField field = new JTextField(20);
    field.setName(name);
    field.getAccessibleContext().setAccessibleName(accessibleName);
    return field;
  }

  private static JLabel label(String text, int mnemonic, JTextField field) {
    JLabel label = new JLabel(text);
    label.setDisplayedMnemonic(mnemonic);
    label.setLabelFor(field);
    return label;
  }

  private static JButton button(String text, int mnemonic, String description) {
    JButton button = new JButton(text);
    button.setMnemonic(mnemonic);
    button.setToolTipText(description);
    return button;
  }

  private static JCheckBox box(String text, int mnemonic, String description) {
    JCheckBox box = new JCheckBox(text);
    box.setMnemonic(mnemonic);
    box.setToolTipText(description);
    return box;
  }

  /** Shows what there is for replacing, or hides it. */
  void showReplacing(boolean shown) {
    ofReplacing.forEach(part -> part.setVisible(shown));
    revalidate();
  }

  boolean isReplacing() {
    return replacement.isVisible();
  }

  Query query() {
    return new Query(
        words.getText(), matchCase.isSelected(), wholeWords.isSelected(), regex.isSelected());
  }

  /** Tells what a search came to; a problem is in words too, not by its color alone. */
  void tellResult(String text, boolean isProblem) {
    problem = isProblem;
    result.setText(text);
    result.setToolTipText(text.isBlank() ? null : text);
    result.getAccessibleContext().setAccessibleName("Search result: " + text);
    color();
  }

  /** Returns what was told last. */
  String result() {
    return result.getText();
  }

  private void color() {
    Color ground = getBackground();
    boolean dark = ground.getRed() + ground.getGreen() + ground.getBlue() < 3 * 128;
    Color red = dark ? new Color(0xFF8A80) : new Color(0xB3261E);
    result.setForeground(problem ? red : UIManager.getColor("Label.foreground"));
  }

  @Override
  public void updateUI() {
    super.updateUI();
    if (result != null) {
      color();
    }
  }

  /** Tab goes from what is looked for to what takes its place, and then to what is done with it. */
  private static final class FocusOrder extends LayoutFocusTraversalPolicy {
    private static final long serialVersionUID = 1L;

    FocusOrder(List<JComponent> order) {
      setComparator(Comparator.comparingInt(order::indexOf));
    }
  }
}
