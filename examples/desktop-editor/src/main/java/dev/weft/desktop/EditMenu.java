package dev.weft.desktop;

import java.awt.Toolkit;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.swing.Action;
import javax.swing.JMenu;
import javax.swing.JPopupMenu;
import javax.swing.KeyStroke;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;

/** What can be done to the text of a tab. Confined to the event dispatch thread. */
final class EditMenu {
  private final Supplier<EditorTab> tab;

  private EditMenu(Supplier<EditorTab> tab) {
    this.tab = tab;
  }

  /** Returns the commands on the tab that is in front whenever one is chosen. */
  static EditMenu of(EditorWindow window) {
    return new EditMenu(window::tab);
  }

  /** Returns the commands on one tab. */
  static EditMenu of(EditorTab tab) {
    return new EditMenu(() -> tab);
  }

  /** Returns what a click with the secondary button opens on the text. */
  JPopupMenu popup() {
    JPopupMenu popup = new JPopupMenu();
    history().forEach(popup::add);
    popup.addSeparator();
    clipboard().forEach(popup::add);
    return popup;
  }

  /** Adds the commands to a menu. */
  void addTo(JMenu menu) {
    history().forEach(menu::add);
    menu.addSeparator();
    clipboard().forEach(menu::add);
  }

  private List<Command> history() {
    return List.of(
        new Command(
            "Undo",
            KeyEvent.VK_U,
            key(KeyEvent.VK_Z),
            "Takes back what you edited last, and nothing of what others wrote",
            () -> perform(tab.get().undo().undo())),
        new Command(
            "Redo",
            KeyEvent.VK_R,
            key(KeyEvent.VK_Y),
            "Does again what you took back last",
            () -> perform(tab.get().undo().redo())));
  }

  private void perform(Action action) {
    action.actionPerformed(new ActionEvent(tab.get().area(), ActionEvent.ACTION_PERFORMED, "menu"));
  }

  private List<Command> clipboard() {
    return List.of(
        onText(
            "Cut",
            KeyEvent.VK_T,
            KeyEvent.VK_X,
            "Moves what is selected to the clipboard",
            RSyntaxTextArea::cut),
        onText(
            "Copy",
            KeyEvent.VK_C,
            KeyEvent.VK_C,
            "Copies what is selected to the clipboard",
            RSyntaxTextArea::copy),
        onText(
            "Paste",
            KeyEvent.VK_P,
            KeyEvent.VK_V,
            "Puts the clipboard in the place of what is selected",
            RSyntaxTextArea::paste),
        onText(
            "Select All",
            KeyEvent.VK_A,
            KeyEvent.VK_A,
            "Selects all of the text",
            RSyntaxTextArea::selectAll));
  }

  private Command onText(
      String name, int mnemonic, int key, String description, Consumer<RSyntaxTextArea> action) {
    return new Command(
        name, mnemonic, key(key), description, () -> action.accept(tab.get().area()));
  }

  private static KeyStroke key(int keyCode) {
    return KeyStroke.getKeyStroke(keyCode, Toolkit.getDefaultToolkit().getMenuShortcutKeyMaskEx());
  }
}
