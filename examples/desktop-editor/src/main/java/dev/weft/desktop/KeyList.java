package dev.weft.desktop;

import java.awt.BorderLayout;
import java.awt.Component;
import java.awt.Dialog;
import java.awt.Dimension;
import java.awt.FlowLayout;
import java.awt.KeyboardFocusManager;
import java.awt.Window;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.util.ArrayList;
import java.util.List;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JMenu;
import javax.swing.JMenuBar;
import javax.swing.JMenuItem;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTable;
import javax.swing.KeyStroke;
import javax.swing.ListSelectionModel;
import javax.swing.WindowConstants;
import javax.swing.table.DefaultTableModel;
import org.jspecify.annotations.Nullable;

/**
 * A window that lists what the menus have and by which keys it is done, menu by menu. It is made of
 * the menus themselves, and stays open while one tries. Confined to the event dispatch thread.
 */
final class KeyList {
  private static final Object[] COLUMNS = {"Menu", "Command", "Key", "What it does"};
  private static final int BESIDE_CELL = 16;
  private static final int HEIGHT = 420;

  private final Window owner;
  private final JMenuBar menus;
  private @Nullable JDialog shown;

  /** Creates a list that is not shown yet. */
  KeyList(Window owner, JMenuBar menus) {
    this.owner = owner;
    this.menus = menus;
  }

  /** Opens the window, or brings it to the front. */
  void show() {
    JDialog dialog = shown;
    if (dialog == null || !dialog.isDisplayable()) {
      dialog = dialog();
      shown = dialog;
      dialog.setVisible(true);
    } else {
      dialog.toFront();
    }
  }

  private JDialog dialog() {
    JDialog dialog = new JDialog(owner, "Keys", Dialog.ModalityType.MODELESS);
    dialog.setDefaultCloseOperation(WindowConstants.DISPOSE_ON_CLOSE);
    JTable table = table(rows());
    JLabel menusByKeys =
        new JLabel(
            "While Alt is held, a letter is underlined in each menu's name: it opens the menu.");
    menusByKeys.setLabelFor(table);
    JButton close = new JButton("Close");
    close.setMnemonic(KeyEvent.VK_C);
    close.setToolTipText("Closes the list (Escape)");
    close.addActionListener(event -> dialog.dispose());
    JPanel foot = new JPanel(new BorderLayout());
    foot.add(menusByKeys, BorderLayout.LINE_START);
    JPanel buttons = new JPanel(new FlowLayout(FlowLayout.TRAILING, 0, 0));
    buttons.add(close);
    foot.add(buttons, BorderLayout.LINE_END);
    JPanel all = new JPanel(new BorderLayout(0, 8));
    all.setBorder(BorderFactory.createEmptyBorder(8, 10, 8, 10));
    JScrollPane scroll = new JScrollPane(table);
    scroll.setPreferredSize(new Dimension(table.getPreferredSize().width + BESIDE_CELL, HEIGHT));
    all.add(scroll, BorderLayout.CENTER);
    all.add(foot, BorderLayout.SOUTH);
    dialog.setContentPane(all);
    dialog
        .getRootPane()
        .registerKeyboardAction(
            event -> dialog.dispose(),
            KeyStroke.getKeyStroke(KeyEvent.VK_ESCAPE, 0),
            JComponent.WHEN_IN_FOCUSED_WINDOW);
    Displays.packOverOwner(dialog);
    return dialog;
  }

  private static JTable table(List<Object[]> rows) {
    JTable table =
        new JTable(
            new DefaultTableModel(rows.toArray(new Object[0][]), COLUMNS) {
              private static final long serialVersionUID = 1L;

              @Override
              public boolean isCellEditable(int row, int column) {
                return false;
              }
            });
    table.setName("keys");
    table.getAccessibleContext().setAccessibleName("Keys");
    table
        .getAccessibleContext()
        .setAccessibleDescription("What the menus have, and by which keys it is done");
    table.setSelectionMode(ListSelectionModel.SINGLE_SELECTION);
    table.changeSelection(0, 0, false, false);
    table.getTableHeader().setReorderingAllowed(false);
    // Tab leaves the table: arrows go through it.
    table.setFocusTraversalKeys(KeyboardFocusManager.FORWARD_TRAVERSAL_KEYS, null);
    table.setFocusTraversalKeys(KeyboardFocusManager.BACKWARD_TRAVERSAL_KEYS, null);
    for (int column = 0; column < COLUMNS.length; column++) {
      int width = 0;
      for (int row = 0; row < rows.size(); row++) {
        Component cell = table.prepareRenderer(table.getCellRenderer(row, column), row, column);
        width = Math.max(width, cell.getPreferredSize().width);
      }
      table.getColumnModel().getColumn(column).setPreferredWidth(width + BESIDE_CELL);
    }
    return table;
  }

  private List<Object[]> rows() {
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < menus.getMenuCount(); i++) {
      JMenu menu = menus.getMenu(i);
      for (Component part : menu.getMenuComponents()) {
        if (part instanceof JMenuItem item && item.getAccelerator() != null) {
          rows.add(
              new Object[] {
                menu.getText(), item.getText(), words(item.getAccelerator()), item.getToolTipText()
              });
        }
      }
    }
    return rows;
  }

  private static String words(KeyStroke key) {
    String held = InputEvent.getModifiersExText(key.getModifiers());
    String pressed = KeyEvent.getKeyText(key.getKeyCode());
    return held.isEmpty() ? pressed : held + "+" + pressed;
  }
}
