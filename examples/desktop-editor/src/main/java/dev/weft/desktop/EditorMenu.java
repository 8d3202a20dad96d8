package dev.weft.desktop;

import java.awt.Toolkit;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.util.List;
import javax.swing.JCheckBoxMenuItem;
import javax.swing.JComponent;
import javax.swing.JMenu;
import javax.swing.JMenuBar;
import javax.swing.JPopupMenu;
import javax.swing.JRootPane;
import javax.swing.KeyStroke;
import javax.swing.event.MenuEvent;
import javax.swing.event.MenuListener;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;

/**
 * The menus of an editor window: everything it can do, each with a key. Confined to the event
 * dispatch thread.
 */
final class EditorMenu {
  private final EditorWindow window;
  private final int menuKey = Toolkit.getDefaultToolkit().getMenuShortcutKeyMaskEx();

  EditorMenu(EditorWindow window) {
    this.window = window;
  }

  /** Gives a window its menus and the keys that stand in none. */
  void install(JRootPane root) {
    JMenuBar bar = new JMenuBar();
    bar.add(file());
    bar.add(edit());
    bar.add(view());
    bar.add(connection());
    bar.add(help());
    root.setJMenuBar(bar);
    // On many keyboards the plus sign needs Shift, or is the number pad's.
    for (int plus : new int[] {KeyEvent.VK_EQUALS, KeyEvent.VK_ADD}) {
      bind(root, plus, window.pane()::enlargeText);
    }
    bind(root, KeyEvent.VK_SUBTRACT, window.pane()::shrinkText);
  }

  private void bind(JRootPane root, int keyCode, Runnable action) {
    String name = "key " + keyCode;
    root.getInputMap(JComponent.WHEN_IN_FOCUSED_WINDOW).put(key(keyCode), name);
    root.getActionMap().put(name, new Command(name, keyCode, null, "", action));
  }

  private JMenu file() {
    JMenu menu = menu("File", KeyEvent.VK_F);
    menu.add(
        new Command(
            "Save",
            KeyEvent.VK_S,
            key(KeyEvent.VK_S),
            "Asks for confirmation that all of the text is safe",
            window::save));
    menu.addSeparator();
    menu.add(
        new Command(
            "Close",
            KeyEvent.VK_C,
            key(KeyEvent.VK_W),
            "Stores all of the text on this device and closes the window",
            window::close));
    return menu;
  }

  private JMenu edit() {
    JMenu menu = menu("Edit", KeyEvent.VK_E);
    editing().forEach(menu::add);
    return menu;
  }

  /** Returns what a click with the secondary button opens on the text. */
  JPopupMenu popup() {
    JPopupMenu popup = new JPopupMenu();
    editing().forEach(popup::add);
    return popup;
  }

  private List<Command> editing() {
    RSyntaxTextArea area = window.area();
    return List.of(
        new Command(
            "Cut",
            KeyEvent.VK_T,
            key(KeyEvent.VK_X),
            "Moves what is selected to the clipboard",
            area::cut),
        new Command(
            "Copy",
            KeyEvent.VK_C,
            key(KeyEvent.VK_C),
            "Copies what is selected to the clipboard",
            area::copy),
        new Command(
            "Paste",
            KeyEvent.VK_P,
            key(KeyEvent.VK_V),
            "Puts the clipboard in the place of what is selected",
            area::paste),
        new Command(
            "Select All",
            KeyEvent.VK_A,
            key(KeyEvent.VK_A),
            "Selects all of the text",
            area::selectAll));
  }

  private JMenu view() {
    JMenu menu = menu("View", KeyEvent.VK_V);
    menu.add(
        new Command(
            "Larger Text",
            KeyEvent.VK_L,
            key(KeyEvent.VK_PLUS),
            "Enlarges the text",
            window.pane()::enlargeText));
    menu.add(
        new Command(
            "Smaller Text",
            KeyEvent.VK_S,
            key(KeyEvent.VK_MINUS),
            "Shrinks the text",
            window.pane()::shrinkText));
    menu.add(
        new Command(
            "Normal Size",
            KeyEvent.VK_N,
            key(KeyEvent.VK_0),
            "Gives the text its normal size",
            window.pane()::resetTextSize));
    menu.addSeparator();
    JCheckBoxMenuItem wrap =
        new JCheckBoxMenuItem(
            new Command(
                "Wrap Lines",
                KeyEvent.VK_W,
                KeyStroke.getKeyStroke(KeyEvent.VK_Z, InputEvent.ALT_DOWN_MASK),
                "Breaks long lines at the window's edge",
                window.pane()::toggleLineWrap));
    JCheckBoxMenuItem dark =
        new JCheckBoxMenuItem(
            new Command(
                "Dark",
                KeyEvent.VK_D,
                KeyStroke.getKeyStroke(KeyEvent.VK_F8, 0),
                "Light text on a dark ground, in all windows",
                () -> Appearance.setDark(!Appearance.isDark())));
    menu.add(wrap);
    menu.add(dark);
    beforeOpening(
        menu,
        () -> {
          wrap.setSelected(window.area().getLineWrap());
          dark.setSelected(Appearance.isDark());
        });
    return menu;
  }

  private JMenu connection() {
    JMenu menu = menu("Connection", KeyEvent.VK_N);
    JCheckBoxMenuItem offline =
        new JCheckBoxMenuItem(
            new Command(
                "Work Offline",
                KeyEvent.VK_O,
                KeyStroke.getKeyStroke(KeyEvent.VK_F9, 0),
                "Cuts the connection to the relay until it is chosen again",
                window::toggleOffline));
    menu.add(offline);
    menu.add(
        new Command(
            "Connect Now",
            KeyEvent.VK_C,
            KeyStroke.getKeyStroke(KeyEvent.VK_F5, 0),
            "Connects to the relay without waiting for the next attempt",
            window::connectNow));
    menu.setEnabled(window.document().hasRelay());
    beforeOpening(menu, () -> offline.setSelected(window.isOfflineByChoice()));
    return menu;
  }

  private JMenu help() {
    JMenu menu = menu("Help", KeyEvent.VK_H);
    menu.add(
        new Command(
            "What the Status Means",
            KeyEvent.VK_S,
            KeyStroke.getKeyStroke(KeyEvent.VK_F1, 0),
            "Explains the status at length",
            window::explainStatus));
    return menu;
  }

  private static JMenu menu(String name, int mnemonic) {
    JMenu menu = new JMenu(name);
    menu.setMnemonic(mnemonic);
    return menu;
  }

  private KeyStroke key(int keyCode) {
    return KeyStroke.getKeyStroke(keyCode, menuKey);
  }

  /** A tick in a menu tells how things are when it is looked at, whoever changed them. */
  private static void beforeOpening(JMenu menu, Runnable action) {
    menu.addMenuListener(
        new MenuListener() {
          @Override
          public void menuSelected(MenuEvent event) {
            action.run();
          }

          @Override
          public void menuDeselected(MenuEvent event) {
            // Nothing is shown any more.
          }

          @Override
          public void menuCanceled(MenuEvent event) {
            // Nothing is shown any more.
          }
        });
  }
}
