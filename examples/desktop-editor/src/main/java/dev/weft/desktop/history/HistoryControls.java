package dev.weft.desktop.history;

import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.Dimension;
import java.awt.FlowLayout;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;
import javax.swing.AbstractAction;
import javax.swing.Action;
import javax.swing.BorderFactory;
import javax.swing.Box;
import javax.swing.BoxLayout;
import javax.swing.DefaultListCellRenderer;
import javax.swing.JButton;
import javax.swing.JComboBox;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JSplitPane;
import javax.swing.KeyStroke;

/**
 * What a window on the history shows. Knows nothing of what it does. Confined to the event dispatch
 * thread.
 */
final class HistoryControls extends JPanel {
  private static final long serialVersionUID = 1L;

  /** Names are as long as people make them. */
  private static final int NAME_WIDTH = 200;

  private static final String NAMES = "Gives the present version a name, which all see";
  private static final String NO_NAMES = "Only the last version can be named.";

  /** Where somebody looks for the times of edits. */
  private static final String NO_TIMES = "The history tells who and in which order, not when.";

  final VersionSlider slider = new VersionSlider();
  final JButton first = button("First", KeyEvent.VK_F, "Goes to the beginning (Home)");
  final JButton previous =
      button("Previous", KeyEvent.VK_P, "Goes back by one edit; Left goes back by a character");
  final JButton next =
      button("Next", KeyEvent.VK_N, "Goes on by one edit; Right goes on by a character");
  final JButton last = button("Last", KeyEvent.VK_L, "Goes to the last change (End)");
  final JComboBox<Mark> names = new JComboBox<>();
  final JButton name = button("Name This Version...", KeyEvent.VK_V, NAMES);
  final JButton restore =
      button(
          "Restore...",
          KeyEvent.VK_R,
          "Makes the text what is shown here, as a new edit; nothing of the history is lost");
  final JButton refresh = button("Refresh", KeyEvent.VK_E, "Takes in what was written since (F5)");
  final JButton close = button("Close", KeyEvent.VK_C, "Closes the history (Escape)");
  final Legend legend = new Legend();
  final TextThen text;

  private final JLabel edit = label("edit");
  private final JLabel where = label("where");
  private final JLabel behind = label("behind");
  private final JLabel here = label("author here");
  private final JLabel hint = label("history hint");
  private final JLabel notice = label("history notice");

  HistoryControls(TextThen text) {
    super(new BorderLayout(0, 6));
    this.text = text;
    setBorder(BorderFactory.createEmptyBorder(8, 10, 8, 10));
    names.setName("named versions");
    names.getAccessibleContext().setAccessibleName("Named versions");
    names.setToolTipText("Goes to a version that has a name");
    names.setRenderer(new Names());
    names.setPreferredSize(new Dimension(NAME_WIDTH, names.getPreferredSize().height));
    JLabel namesLabel = new JLabel("Named versions:");
    namesLabel.setDisplayedMnemonic(KeyEvent.VK_D);
    namesLabel.setLabelFor(names);
    JPanel head = new JPanel(new BorderLayout(8, 0));
    head.add(row(FlowLayout.LEADING, edit, separator(), where), BorderLayout.LINE_START);
    head.add(row(FlowLayout.TRAILING, behind, refresh), BorderLayout.LINE_END);
    JPanel whose = new JPanel(new BorderLayout(0, 4));
    JLabel whoseLabel = new JLabel("Written by, under names they gave");
    whoseLabel.setLabelFor(legend);
    whose.add(whoseLabel, BorderLayout.NORTH);
    whose.add(new JScrollPane(legend), BorderLayout.CENTER);
    whose.add(here, BorderLayout.SOUTH);
    JScrollPane scroll = new JScrollPane(text);
    scroll.setPreferredSize(new Dimension(560, 380));
    JSplitPane middle = new JSplitPane(JSplitPane.HORIZONTAL_SPLIT, scroll, whose);
    middle.setResizeWeight(1);
    JPanel time = new JPanel(new BorderLayout(6, 0));
    time.add(row(FlowLayout.LEADING, first, previous), BorderLayout.LINE_START);
    time.add(slider, BorderLayout.CENTER);
    time.add(row(FlowLayout.TRAILING, next, last), BorderLayout.LINE_END);
    moveSliderWithin(time);
    JPanel doing = new JPanel(new BorderLayout());
    doing.add(row(FlowLayout.LEADING, namesLabel, names, name), BorderLayout.LINE_START);
    doing.add(row(FlowLayout.TRAILING, restore, close), BorderLayout.LINE_END);
    JPanel foot = new JPanel();
    foot.setLayout(new BoxLayout(foot, BoxLayout.PAGE_AXIS));
    for (JPanel line :
        new JPanel[] {
          time, doing, row(FlowLayout.LEADING, hint), row(FlowLayout.LEADING, notice)
        }) {
      line.setAlignmentX(0);
      foot.add(line);
      foot.add(Box.createVerticalStrut(4));
    }
    add(head, BorderLayout.NORTH);
    add(middle, BorderLayout.CENTER);
    add(foot, BorderLayout.SOUTH);
  }

  /** Has the slider's keys move it also while the focus is on a button beside it. */
  private void moveSliderWithin(JPanel panel) {
    for (KeyStroke key : slider.getInputMap().allKeys()) {
      Action action = slider.getActionMap().get(slider.getInputMap().get(key));
      panel.getInputMap(WHEN_ANCESTOR_OF_FOCUSED_COMPONENT).put(key, key.toString());
      panel
          .getActionMap()
          .put(
              key.toString(),
              new AbstractAction() {
                private static final long serialVersionUID = 1L;

                @Override
                public void actionPerformed(ActionEvent event) {
                  action.actionPerformed(
                      new ActionEvent(slider, event.getID(), event.getActionCommand()));
                }
              });
    }
  }

  private static JPanel row(int alignment, Component... parts) {
    FlowLayout layout = new FlowLayout(alignment, 6, 0);
    layout.setAlignOnBaseline(true);
    JPanel row = new JPanel(layout);
    for (Component part : parts) {
      row.add(part);
    }
    return row;
  }

  private static JButton button(String text, int mnemonic, String description) {
    JButton button = new JButton(text);
    button.setMnemonic(mnemonic);
    button.setToolTipText(description);
    return button;
  }

  /** Parts two labels for who sees them; to who hears them, they are two. */
  private static JLabel separator() {
    JLabel separator = new JLabel("\u00b7");
    separator.setName("separator");
    return separator;
  }

  private static JLabel label(String name) {
    JLabel label = new JLabel(" ");
    label.setName(name);
    // What others wrote is shown as it is, whatever it contains.
    label.putClientProperty("html.disable", true);
    return label;
  }

  /** Tells which edit was the last of the version that is shown. */
  void tellEdit(String words) {
    tell(edit, "Edit shown", words);
  }

  /** Lets the version shown be named, or says why not; that only once it is known. */
  void offerName(boolean possible, boolean known) {
    String words = possible || !known ? NAMES : NO_NAMES;
    name.setEnabled(possible);
    name.setToolTipText(words);
    name.getAccessibleContext().setAccessibleDescription(words);
    tell(hint, "Note", possible || !known ? NO_TIMES : NO_NAMES + " " + NO_TIMES);
  }

  /** Tells which version is shown. */
  void tellWhere(String words) {
    tell(where, "Shown", words);
  }

  /** Tells how far the text itself has gone on. */
  void tellBehind(String words) {
    tell(behind, "Since then", words);
  }

  /** Tells who wrote what is at the caret. */
  void tellHere(String words) {
    tell(here, "At the caret", words);
  }

  /** Tells of something that happened; nothing if the words are empty. */
  void tellNotice(String words) {
    tell(notice, "Notice", words.isEmpty() ? " " : words);
  }

  private static void tell(JLabel label, String about, String words) {
    if (!label.getText().equals(words)) {
      label.setText(words);
      label.getAccessibleContext().setAccessibleName(about + ": " + words);
    }
  }

  /** Shows names as they are, whatever they contain. */
  private static final class Names extends DefaultListCellRenderer {
    private static final long serialVersionUID = 1L;

    Names() {
      putClientProperty("html.disable", true);
    }

    @Override
    public Component getListCellRendererComponent(
        JList<?> list, Object value, int index, boolean selected, boolean focused) {
      Object none = list.getModel().getSize() == 0 ? "(none)" : "(choose one)";
      Object shown = value == null ? none : value;
      return super.getListCellRendererComponent(list, shown, index, selected, focused);
    }
  }
}
