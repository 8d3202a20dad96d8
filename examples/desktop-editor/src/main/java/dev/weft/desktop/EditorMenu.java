package dev.weft.desktop;

import dev.weft.store.DocumentId;
import java.awt.Toolkit;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import javax.swing.JCheckBoxMenuItem;
import javax.swing.JMenu;
import javax.swing.JMenuBar;
import javax.swing.JRootPane;
import javax.swing.KeyStroke;
import javax.swing.event.MenuEvent;
import javax.swing.event.MenuListener;

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
    bar.add(help(new KeyList(window.frame(), bar)));
    root.setJMenuBar(bar);
    LookMenu.bindKeys(root, window);
  }

  private EditorPane pane() {
    return window.tab().pane();
  }

  private JMenu file() {
    JMenu menu = menu("File", KeyEvent.VK_F);
    menu.add(
        new Command(
            "Open...",
            KeyEvent.VK_O,
            key(KeyEvent.VK_O),
            "Opens a document in a tab of its own, or creates one",
            () -> OpenDialog.ask(window)));
    JMenu recent = menu("Open Recent", KeyEvent.VK_R);
    menu.add(recent);
    menu.addSeparator();
    menu.add(
        new Command(
            "Save",
            KeyEvent.VK_S,
            key(KeyEvent.VK_S),
            "Asks for confirmation that all of the text is safe",
            () -> window.tab().save()));
    menu.add(
        new Command(
            "Export...",
            KeyEvent.VK_E,
            key(KeyEvent.VK_E),
            "Writes a copy of the text into a file",
            () -> Export.ask(window.tab(), window.workspace())));
    menu.add(
        new Command(
            "Print...",
            KeyEvent.VK_P,
            key(KeyEvent.VK_P),
            "Prints a copy of the text",
            () -> Print.ask(window.tab())));
    menu.addSeparator();
    menu.add(
        new Command(
            "Close",
            KeyEvent.VK_C,
            key(KeyEvent.VK_W),
            "Stores all of the text on this device and closes it",
            window::closeTab));
    menu.add(
        new Command(
            "Close Window",
            KeyEvent.VK_W,
            key(KeyEvent.VK_Q),
            "Stores all texts on this device and closes the window",
            window::close));
    beforeOpening(menu, () -> showRecent(recent));
    return menu;
  }

  private void showRecent(JMenu recent) {
    recent.removeAll();
    int mnemonic = KeyEvent.VK_1;
    for (DocumentId document : window.workspace().lastOpened()) {
      if (window.tabs().of(document).isEmpty()) {
        recent.add(
            new Command(
                document.value(),
                mnemonic <= KeyEvent.VK_9 ? mnemonic++ : KeyEvent.VK_UNDEFINED,
                null,
                "Opens " + document,
                () -> window.open(document)));
      }
    }
    recent.setEnabled(recent.getItemCount() > 0);
  }

  private JMenu edit() {
    JMenu menu = menu("Edit", KeyEvent.VK_E);
    EditMenu.of(window).addTo(menu);
    menu.addSeparator();
    FindMenu.addTo(menu, window);
    return menu;
  }

  private JMenu view() {
    JMenu menu = menu("View", KeyEvent.VK_V);
    LookMenu.addSizesTo(menu, window);
    menu.addSeparator();
    JCheckBoxMenuItem wrap =
        new JCheckBoxMenuItem(
            new Command(
                "Wrap Lines",
                KeyEvent.VK_W,
                KeyStroke.getKeyStroke(KeyEvent.VK_Z, InputEvent.ALT_DOWN_MASK),
                "Breaks long lines at the window's edge",
                () -> pane().toggleLineWrap()));
    JCheckBoxMenuItem dark = LookMenu.dark(window);
    menu.add(wrap);
    menu.add(dark);
    menu.add(
        new Command(
            "History...",
            KeyEvent.VK_H,
            KeyStroke.getKeyStroke(KeyEvent.VK_F4, 0),
            "Shows any version of the text and who wrote what, and restores it",
            () -> window.tab().showHistory()));
    menu.addSeparator();
    JCheckBoxMenuItem people = PeopleMenu.list(window);
    menu.add(people);
    menu.add(PeopleMenu.ownName(window));
    menu.addSeparator();
    menu.add(
        new Command(
            "Next Document",
            KeyEvent.VK_X,
            key(KeyEvent.VK_PAGE_DOWN),
            "Brings the next tab to the front",
            () -> window.tabs().selectNext(1)));
    menu.add(
        new Command(
            "Previous Document",
            KeyEvent.VK_P,
            key(KeyEvent.VK_PAGE_UP),
            "Brings the tab before this to the front",
            () -> window.tabs().selectNext(-1)));
    beforeOpening(
        menu,
        () -> {
          wrap.setSelected(window.tab().area().getLineWrap());
          dark.setSelected(Appearance.isDark());
          people.setSelected(window.workspace().people().isListShown());
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
    menu.add(
        new Command(
            "Sign In...",
            KeyEvent.VK_I,
            KeyStroke.getKeyStroke(KeyEvent.VK_F5, InputEvent.SHIFT_DOWN_MASK),
            Remedy.SIGN_IN.description(),
            window::signIn));
    JCheckBoxMenuItem slow = PeopleMenu.slowLink(window);
    menu.add(slow);
    menu.setEnabled(window.workspace().hasRelay());
    beforeOpening(
        menu,
        () -> {
          offline.setSelected(window.isOfflineByChoice());
          slow.setSelected(window.workspace().people().isSlowLink());
        });
    return menu;
  }

  private JMenu help(KeyList keys) {
    JMenu menu = menu("Help", KeyEvent.VK_H);
    menu.add(
        new Command(
            "What the Status Means",
            KeyEvent.VK_S,
            KeyStroke.getKeyStroke(KeyEvent.VK_F1, 0),
            "Explains the status at length",
            () -> StatusExplanation.show(window.tab(), window.workspace())));
    menu.add(
        new Command(
            "Keys",
            KeyEvent.VK_K,
            KeyStroke.getKeyStroke(KeyEvent.VK_F1, InputEvent.SHIFT_DOWN_MASK),
            "Lists the keys of all commands",
            keys::show));
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
