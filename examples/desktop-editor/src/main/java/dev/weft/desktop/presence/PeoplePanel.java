package dev.weft.desktop.presence;

import java.awt.BorderLayout;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.util.List;
import java.util.function.Predicate;
import javax.swing.AbstractAction;
import javax.swing.BorderFactory;
import javax.swing.Box;
import javax.swing.BoxLayout;
import javax.swing.DefaultListModel;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.KeyStroke;
import javax.swing.ListSelectionModel;
import javax.swing.UIManager;

/**
 * The list of those who are here, the person here first. Enter, Space and a double click jump to
 * the caret of who is chosen; Escape goes back to the text. Confined to the event dispatch thread.
 */
final class PeoplePanel extends JPanel {
  private static final long serialVersionUID = 1L;

  private static final int WIDTH = 220;

  private final DefaultListModel<PersonRow> model = new DefaultListModel<>();
  private final JList<PersonRow> list = new JList<>(model);
  private final JLabel heading = new JLabel("People");
  private final JLabel heard = new JLabel();
  private final JLabel shared = new JLabel("Another here has your name");
  private final JButton rename = new JButton("Your Name...");
  private final JPanel foot = new JPanel();
  private final JLabel slow = new JLabel("Slow link: carets follow later");
  private final transient Predicate<PersonRow> jump;

  /**
   * Creates a list of nobody.
   *
   * @param jump goes to who is chosen, and tells whether there was where to go
   * @param leave moves the focus to the text
   */
  PeoplePanel(Predicate<PersonRow> jump, Runnable leave) {
    super(new BorderLayout());
    this.jump = jump;
    setName("people panel");
    heading.setLabelFor(list);
    heading.setDisplayedMnemonic(KeyEvent.VK_UNDEFINED);
    heading.setAlignmentX(LEFT_ALIGNMENT);
    slow.setAlignmentX(LEFT_ALIGNMENT);
    slow.setName("slow link");
    slow.setToolTipText("Your caret is shown to the others every 2 seconds at most");
    slow.setVisible(false);
    heard.setAlignmentX(LEFT_ALIGNMENT);
    heard.setName("last heard");
    heard.setToolTipText("The relay cannot tell now who is here, and where");
    heard.setVisible(false);
    JPanel head = new JPanel();
    head.setLayout(new BoxLayout(head, BoxLayout.Y_AXIS));
    head.setBorder(BorderFactory.createEmptyBorder(6, 10, 6, 10));
    head.add(heading);
    head.add(Box.createVerticalStrut(2));
    head.add(heard);
    head.add(slow);
    list.setName("people");
    list.setSelectionMode(ListSelectionModel.SINGLE_SELECTION);
    list.setCellRenderer(new PersonRenderer());
    list.setPrototypeCellValue(new PersonRow(0, true, "Mg", 0, "line 1", "active"));
    list.getAccessibleContext().setAccessibleName("People here");
    list.getAccessibleContext()
        .setAccessibleDescription("Enter shows where somebody is; your own caret stays.");
    list.addMouseListener(
        new MouseAdapter() {
          @Override
          public void mouseClicked(MouseEvent event) {
            if (event.getClickCount() == 2) {
              jump();
            }
          }
        });
    bind(KeyEvent.VK_ENTER, "jump", this::jump);
    bind(KeyEvent.VK_SPACE, "jump", this::jump);
    bind(KeyEvent.VK_ESCAPE, "leave", leave);
    JScrollPane scroll = new JScrollPane(list);
    scroll.setBorder(BorderFactory.createEmptyBorder());
    scroll.setHorizontalScrollBarPolicy(JScrollPane.HORIZONTAL_SCROLLBAR_NEVER);
    add(head, BorderLayout.NORTH);
    add(scroll, BorderLayout.CENTER);
    shared.setName("name shared");
    shared.setToolTipText("What you write and where you are is easier to tell by another name");
    shared.setAlignmentX(LEFT_ALIGNMENT);
    shared.setVisible(false);
    rename.setToolTipText("Changes the name that others see at your caret (Shift+F7)");
    rename.setAlignmentX(LEFT_ALIGNMENT);
    foot.setLayout(new BoxLayout(foot, BoxLayout.Y_AXIS));
    foot.setBorder(BorderFactory.createEmptyBorder(6, 10, 6, 10));
    foot.add(shared);
    foot.add(Box.createVerticalStrut(2));
    foot.add(rename);
    foot.setVisible(false);
    add(foot, BorderLayout.SOUTH);
    setPreferredSize(new Dimension(WIDTH, 0));
    applyLook();
  }

  private void bind(int key, String name, Runnable action) {
    list.getInputMap(JComponent.WHEN_FOCUSED).put(KeyStroke.getKeyStroke(key, 0), name);
    list.getActionMap()
        .put(
            name,
            new AbstractAction(name) {
              private static final long serialVersionUID = 1L;

              @Override
              public void actionPerformed(ActionEvent event) {
                action.run();
              }
            });
  }

  private void jump() {
    PersonRow chosen = list.getSelectedValue();
    if (chosen == null || !jump.test(chosen)) {
      UIManager.getLookAndFeel().provideErrorFeedback(list);
    }
  }

  /** Offers to do what lets the person here choose another name. */
  void offerRename(Runnable action) {
    rename.addActionListener(event -> action.run());
    foot.setVisible(true);
  }

  /** Tells whether somebody else has the name of the person here. */
  void tellNameShared(boolean isShared) {
    shared.setVisible(isShared);
  }

  void focusList() {
    if (list.isSelectionEmpty() && !model.isEmpty()) {
      list.setSelectedIndex(Math.min(1, model.size() - 1));
    }
    list.requestFocusInWindow();
  }

  /**
   * Shows these people; who is chosen stays chosen.
   *
   * @param lastHeard until when they were heard, in words; empty while they are
   */
  void show(List<PersonRow> rows, String lastHeard, boolean slowLink) {
    slow.setVisible(slowLink);
    heard.setVisible(!lastHeard.isEmpty());
    if (!heard.getText().equals(lastHeard)) {
      heard.setText(lastHeard);
    }
    for (int i = 0; i < rows.size(); i++) {
      PersonRow row = rows.get(i);
      // Row by row, so that what has not changed is not painted nor read out again.
      while (i < model.size() && model.get(i).id() != row.id() && !contains(rows, model.get(i))) {
        model.remove(i);
      }
      if (i == model.size()) {
        model.addElement(row);
      } else if (model.get(i).id() != row.id()) {
        model.add(i, row);
      } else if (!model.get(i).equals(row)) {
        model.set(i, row);
      }
    }
    if (model.size() > rows.size()) {
      model.removeRange(rows.size(), model.size() - 1);
    }
  }

  private static boolean contains(List<PersonRow> rows, PersonRow wanted) {
    return rows.stream().anyMatch(row -> row.id() == wanted.id());
  }

  @Override
  public void updateUI() {
    super.updateUI();
    if (list != null) {
      applyLook();
    }
  }

  private void applyLook() {
    setBorder(
        BorderFactory.createMatteBorder(0, 1, 0, 0, UIManager.getColor("Component.borderColor")));
    Font font = UIManager.getFont("Label.font");
    if (font != null) {
      heading.setFont(font.deriveFont(Font.BOLD));
      slow.setFont(font.deriveFont(font.getSize2D() * 0.9f));
      heard.setFont(slow.getFont());
      shared.setFont(slow.getFont());
    }
  }
}
