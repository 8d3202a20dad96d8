package dev.weft.desktop;

import java.awt.Toolkit;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import javax.swing.JCheckBoxMenuItem;
import javax.swing.JComponent;
import javax.swing.JMenu;
import javax.swing.JRootPane;
import javax.swing.KeyStroke;

/**
 * How large the text is, and whether light or dark: what a person chooses is kept for the next
 * time. Confined to the event dispatch thread.
 */
final class LookMenu {
  private final EditorWindow window;
  private final int menuKey = Toolkit.getDefaultToolkit().getMenuShortcutKeyMaskEx();

  private LookMenu(EditorWindow window) {
    this.window = window;
  }

  /** Adds what gives the text another size, in all tabs. */
  static void addSizesTo(JMenu menu, EditorWindow window) {
    LookMenu commands = new LookMenu(window);
    menu.add(
        new Command(
            "Larger Text",
            KeyEvent.VK_L,
            commands.key(KeyEvent.VK_PLUS),
            "Enlarges the text",
            () -> commands.zoomBy(1)));
    menu.add(
        new Command(
            "Smaller Text",
            KeyEvent.VK_S,
            commands.key(KeyEvent.VK_MINUS),
            "Shrinks the text",
            () -> commands.zoomBy(-1)));
    menu.add(
        new Command(
            "Normal Size",
            KeyEvent.VK_N,
            commands.key(KeyEvent.VK_0),
            "Gives the text its normal size",
            () -> window.setLook(window.look().withZoom(0))));
  }

  /** Binds the keys that stand in no menu. */
  static void bindKeys(JRootPane root, EditorWindow window) {
    LookMenu commands = new LookMenu(window);
    // On many keyboards the plus sign needs Shift, or is the number pad's.
    for (int plus : new int[] {KeyEvent.VK_EQUALS, KeyEvent.VK_PLUS, KeyEvent.VK_ADD}) {
      bind(root, commands.key(plus), () -> commands.zoomBy(1));
      bind(root, commands.shifted(plus), () -> commands.zoomBy(1));
    }
    bind(root, commands.key(KeyEvent.VK_SUBTRACT), () -> commands.zoomBy(-1));
  }

  private static void bind(JRootPane root, KeyStroke key, Runnable action) {
    String name = key.toString();
    root.getInputMap(JComponent.WHEN_IN_FOCUSED_WINDOW).put(key, name);
    root.getActionMap().put(name, new Command(name, key.getKeyCode(), null, "", action));
  }

  /** Returns what makes all windows dark or light. */
  static JCheckBoxMenuItem dark(EditorWindow window) {
    return new JCheckBoxMenuItem(
        new Command(
            "Dark",
            KeyEvent.VK_D,
            KeyStroke.getKeyStroke(KeyEvent.VK_F8, 0),
            "Light text on a dark ground, in all windows",
            () -> {
              Appearance.setDark(!Appearance.isDark());
              window.setLook(window.look().withDark(Appearance.isDark()));
            }));
  }

  private void zoomBy(int steps) {
    window.setLook(window.look().withZoom(window.look().zoom() + steps));
  }

  private KeyStroke shifted(int keyCode) {
    return KeyStroke.getKeyStroke(keyCode, menuKey | InputEvent.SHIFT_DOWN_MASK);
  }

  private KeyStroke key(int keyCode) {
    return KeyStroke.getKeyStroke(keyCode, menuKey);
  }
}
