package dev.weft.desktop;

import dev.weft.desktop.find.FindBar;
import java.awt.Toolkit;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.util.function.Consumer;
import javax.swing.JMenu;
import javax.swing.KeyStroke;
import org.jspecify.annotations.Nullable;

/** Finding and replacing in the tab in front. Confined to the event dispatch thread. */
final class FindMenu {
  private final EditorWindow window;

  private FindMenu(EditorWindow window) {
    this.window = window;
  }

  /** Adds the commands to a menu. */
  static void addTo(JMenu menu, EditorWindow window) {
    FindMenu commands = new FindMenu(window);
    menu.add(
        commands.onBar(
            "Find...", KeyEvent.VK_F, menuKey(KeyEvent.VK_F), "Finds words", FindBar::find));
    menu.add(
        commands.onBar(
            "Find Next",
            KeyEvent.VK_N,
            KeyStroke.getKeyStroke(KeyEvent.VK_F3, 0),
            "Goes to the next match",
            FindBar::findNext));
    menu.add(
        commands.onBar(
            "Find Previous",
            KeyEvent.VK_V,
            KeyStroke.getKeyStroke(KeyEvent.VK_F3, InputEvent.SHIFT_DOWN_MASK),
            "Goes to the match before",
            FindBar::findPrevious));
    menu.add(
        commands.onBar(
            "Replace...",
            KeyEvent.VK_E,
            menuKey(KeyEvent.VK_R),
            "Replaces words, one by one or all",
            FindBar::replaceWith));
    menu.add(
        new Command(
            "Go to Line...",
            KeyEvent.VK_G,
            menuKey(KeyEvent.VK_G),
            "Puts the caret at the beginning of a line",
            () -> GoToLine.ask(window.tab().area())));
  }

  private Command onBar(
      String name,
      int mnemonic,
      @Nullable KeyStroke key,
      String description,
      Consumer<FindBar> action) {
    return new Command(
        name, mnemonic, key, description, () -> action.accept(window.tab().findBar()));
  }

  private static KeyStroke menuKey(int keyCode) {
    return KeyStroke.getKeyStroke(keyCode, Toolkit.getDefaultToolkit().getMenuShortcutKeyMaskEx());
  }
}
