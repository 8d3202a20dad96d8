package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JMenu;
import javax.swing.JMenuBar;
import javax.swing.JMenuItem;
import javax.swing.JTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of keys, opened and read by keys. */
@RequiresDisplay
class KeyListTest {
  @TempDir Path directory;

  private final Screen screen = new Screen();
  private EditorDesk desk;

  @BeforeEach
  void open() {
    desk = new EditorDesk(directory);
    desk.focus(screen);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void shouldListAllThatMenusHaveMenuByMenu() {
    screen.press(KeyEvent.VK_F1, KeyEvent.VK_SHIFT);
    JDialog dialog = Windows.awaitDialog("Keys");
    screen.picture("keys", dialog);

    List<String> rows = EventThread.call(() -> rows(table(dialog)));
    assertThat(rows).hasSameSizeAs(itemsInMenus());
    assertThat(EventThread.call(() -> commands(table(dialog)))).isEqualTo(itemsInMenus());
    String control = InputEvent.getModifiersExText(InputEvent.CTRL_DOWN_MASK);
    String shift = InputEvent.getModifiersExText(InputEvent.SHIFT_DOWN_MASK);
    assertThat(rows)
        .contains(
            "File | Save | " + control + "+S | Asks for confirmation that all of the text is safe",
            "View | Dark | F8 | Light text on a dark ground, in all windows",
            "Help | Keys | " + shift + "+F1 | Lists the keys of all commands");
  }

  @Test
  void shouldBeReadAndClosedByKeys() {
    screen.press(KeyEvent.VK_F1, KeyEvent.VK_SHIFT);
    JDialog dialog = Windows.awaitDialog("Keys");
    JTable table = table(dialog);
    Screen.await("focus on the list", table::isFocusOwner);
    assertThat(EventThread.call(() -> table.getAccessibleContext().getAccessibleName()))
        .isEqualTo("Keys");
    screen.press(KeyEvent.VK_DOWN);
    Screen.await("the second line", () -> table.getSelectedRow() == 1);
    screen.press(KeyEvent.VK_TAB);
    Screen.await("focus on Close", Screen.find(dialog, JButton.class, "Close")::isFocusOwner);
    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("closed", () -> !dialog.isShowing());
  }

  private static JTable table(JDialog dialog) {
    return Screen.find(dialog, JTable.class, "keys");
  }

  private static List<String> rows(JTable table) {
    return IntStream.range(0, table.getRowCount())
        .mapToObj(
            row ->
                String.join(
                    " | ",
                    IntStream.range(0, table.getColumnCount())
                        .mapToObj(column -> String.valueOf(table.getValueAt(row, column)))
                        .toList()))
        .toList();
  }

  private static List<String> commands(JTable table) {
    return IntStream.range(0, table.getRowCount())
        .mapToObj(row -> String.valueOf(table.getValueAt(row, 1)))
        .toList();
  }

  private List<String> itemsInMenus() {
    return EventThread.call(
        () -> {
          JMenuBar menus = desk.window.frame().getRootPane().getJMenuBar();
          List<String> items = new ArrayList<>();
          for (int i = 0; i < menus.getMenuCount(); i++) {
            for (var part : menus.getMenu(i).getMenuComponents()) {
              if (part instanceof JMenuItem item && !(item instanceof JMenu)) {
                items.add(item.getText());
              }
            }
          }
          return items;
        });
  }
}
