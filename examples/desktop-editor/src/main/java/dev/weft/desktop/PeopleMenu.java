package dev.weft.desktop;

import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.util.Optional;
import javax.swing.JCheckBoxMenuItem;
import javax.swing.JMenuItem;
import javax.swing.KeyStroke;

/**
 * What the menus have to do with other people; nothing, where there is no relay over which they
 * come. Confined to the event dispatch thread.
 */
final class PeopleMenu {
  private PeopleMenu() {}

  /** Returns what shows and hides the list of people. */
  static JCheckBoxMenuItem list(EditorWindow window) {
    return whereThereIsRelay(
        window,
        new JCheckBoxMenuItem(
            new Command(
                "People",
                KeyEvent.VK_E,
                KeyStroke.getKeyStroke(KeyEvent.VK_F7, 0),
                "Lists who is in the document, and goes to where they are",
                () -> window.workspace().people().toggleList(window.tab()))));
  }

  /** Returns what asks the person here for a name. */
  static JMenuItem ownName(EditorWindow window) {
    return whereThereIsRelay(
        window,
        new JMenuItem(
            new Command(
                "Your Name...",
                KeyEvent.VK_Y,
                KeyStroke.getKeyStroke(KeyEvent.VK_F7, InputEvent.SHIFT_DOWN_MASK),
                "Changes the name that others see at your caret",
                () -> rename(window))));
  }

  /** Asks the person here for a name. */
  static void rename(EditorWindow window) {
    Workspace workspace = window.workspace();
    Optional<String> name = OwnName.ask(window.frame(), workspace.people().ownName());
    if (name.isEmpty()) {
      return;
    }
    workspace.people().setOwnName(name.get());
    EventThreadFutures.then(
        workspace.onDisk(
            () -> {
              OwnName.write(workspace.directory(), name.get());
              return true;
            }),
        (written, failure) -> {
          if (failure != null) {
            window
                .tab()
                .pane()
                .notice()
                .show(
                    StatusSign.REFUSED,
                    "Your name holds until the window is closed; it cannot be kept: "
                        + failure.getMessage());
          }
        });
  }

  /** Returns what chooses between little delay and little traffic. */
  static JCheckBoxMenuItem slowLink(EditorWindow window) {
    return whereThereIsRelay(
        window,
        new JCheckBoxMenuItem(
            new Command(
                "Slow Link",
                KeyEvent.VK_L,
                KeyStroke.getKeyStroke(KeyEvent.VK_F9, InputEvent.SHIFT_DOWN_MASK),
                "Shows others your caret every 2 seconds at most, to leave the link to the text",
                () -> window.workspace().people().toggleSlowLink())));
  }

  private static <T extends JMenuItem> T whereThereIsRelay(EditorWindow window, T item) {
    item.setEnabled(window.workspace().hasRelay());
    return item;
  }
}
