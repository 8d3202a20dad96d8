package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.desktop.history.HistoryWindow;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.awt.Component;
import java.awt.Container;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;
import java.awt.event.MouseEvent;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.swing.AbstractButton;
import javax.swing.JButton;
import javax.swing.JComboBox;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JOptionPane;
import javax.swing.JSlider;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import javax.swing.SwingUtilities;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history in a real window, of a text that this device and another write. */
@RequiresDisplay
class HistoryWindowTest {
  private static final ReplicaId ANN = ReplicaId.parse("ab12345600000000");

  @TempDir Path directory;

  private final Screen screen = new Screen();
  private final TextDocument other = TextDocument.create(ANN);
  private EditorDesk desk;
  private EditorWindow window;
  private SharedText text;

  @BeforeEach
  void open() {
    desk = new EditorDesk(directory);
    window = desk.window;
    text = desk.text;
    desk.focus(screen);
  }

  @AfterEach
  void close() {
    desk.close();
    EventThread.run(() -> Appearance.setDark(false));
  }

  private void otherWrites(int index, String written) throws Exception {
    var unused = other.apply(text.read(document -> document.changesSince(other.version())));
    other.insert(index, written);
    var unusedToo = text.apply(other.changesSince(text.version()));
  }

  /** Opens the history with its key, and waits until it is read. */
  private HistoryWindow history(String where) {
    screen.press(KeyEvent.VK_F4);
    JDialog opened = Windows.awaitDialog("History of minutes");
    HistoryWindow history = EventThread.call(() -> window.tab().showHistory());
    assertThat(history.dialog()).isSameAs(opened);
    awaitLabel(history, "where", where);
    Screen.await(
        "slider", () -> Screen.find(history.dialog(), JSlider.class, "version").isFocusOwner());
    return history;
  }

  private static void awaitLabel(HistoryWindow history, String name, String words) {
    Screen.await(
        name + " \"" + words + "\"",
        () -> Screen.find(history.dialog(), JLabel.class, name).getText().equals(words));
  }

  private static String shown(HistoryWindow history) {
    return EventThread.call(
        () -> Screen.find(history.dialog(), JTextArea.class, "text then").getText());
  }

  private static void press(Container within, String button) {
    EventThread.run(() -> Screen.find(within, JButton.class, button).doClick());
  }

  /** A click that opens a dialog, which does not return before that is closed. */
  private static void pressLater(Container within, String button) {
    AbstractButton found = EventThread.call(() -> Screen.find(within, JButton.class, button));
    SwingUtilities.invokeLater(found::doClick);
  }

  /** As {@link #pressLater}, of a button that has the focus then. */
  private static void pressFocused(HistoryWindow history, String name) {
    AbstractButton button = button(history, name);
    EventThread.run(button::requestFocusInWindow);
    Screen.await("focus on the button", button::isFocusOwner);
    SwingUtilities.invokeLater(button::doClick);
  }

  @Test
  void shouldGoThroughVersionsWithKeys() throws Exception {
    text.insert(0, "warp");
    otherWrites(4, " and weft");
    HistoryWindow history = history("Change 13 of 13, by replica ab12\u2026");
    assertThat(shown(history)).isEqualTo("warp and weft");
    awaitLabel(history, "behind", "Nothing was written since");
    screen.picture("history", history.dialog());

    screen.press(KeyEvent.VK_LEFT);
    awaitLabel(history, "where", "Change 12 of 13, by replica ab12\u2026");
    assertThat(shown(history)).isEqualTo("warp and wef");
    screen.press(KeyEvent.VK_HOME);
    awaitLabel(history, "where", "Change 0 of 13, the beginning");
    assertThat(shown(history)).isEmpty();
    screen.press(KeyEvent.VK_RIGHT);
    awaitLabel(history, "where", "Change 1 of 13, by you");
    screen.press(KeyEvent.VK_PAGE_UP);
    awaitLabel(history, "where", "Change 2 of 13, by you");
    assertThat(shown(history)).isEqualTo("wa");
    screen.press(KeyEvent.VK_END);
    awaitLabel(history, "where", "Change 13 of 13, by replica ab12\u2026");

    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("closed", () -> !history.dialog().isShowing() && history.isClosed());
  }

  /** A paste of thousands of characters is one step, and so is what is typed in one place. */
  @Test
  void shouldGoThroughEditsWithButtonsAndThroughCharactersWithArrows() throws Exception {
    text.insert(0, "x".repeat(25_000));
    otherWrites(0, "warp");
    otherWrites(4, " and weft ");
    HistoryWindow history = history("Change 25,014 of 25,014, by replica ab12\u2026");
    awaitLabel(history, "edit", "Edit 2 of 2");
    screen.picture("history-edits", history.dialog());

    screen.press(KeyEvent.VK_P, KeyEvent.VK_ALT);
    awaitLabel(history, "where", "Change 25,000 of 25,014, by you");
    awaitLabel(history, "edit", "Edit 1 of 2");
    screen.press(KeyEvent.VK_RIGHT);
    awaitLabel(history, "where", "Change 25,001 of 25,014, by replica ab12\u2026");
    awaitLabel(history, "edit", "In edit 2 of 2");
    screen.press(KeyEvent.VK_P, KeyEvent.VK_ALT);
    awaitLabel(history, "where", "Change 25,000 of 25,014, by you");
    screen.press(KeyEvent.VK_P, KeyEvent.VK_ALT);
    awaitLabel(history, "where", "Change 0 of 25,014, the beginning");
    awaitLabel(history, "edit", "Edit 0 of 2");
    assertThat(EventThread.call(() -> button(history, "Previous").isEnabled())).isFalse();
    screen.press(KeyEvent.VK_N, KeyEvent.VK_ALT);
    awaitLabel(history, "where", "Change 25,000 of 25,014, by you");

    otherWrites(0, "new ");
    screen.press(KeyEvent.VK_F5);
    awaitLabel(history, "edit", "Edit 1 of 3");
  }

  @Test
  void shouldSayWhyEarlierVersionCannotBeNamedAndThatThereAreNoTimes() {
    text.insert(0, "warp");
    HistoryWindow history = history("Change 4 of 4, by you");
    String noTimes = "The history tells who and in which order, not when.";
    awaitLabel(history, "history hint", noTimes);

    screen.press(KeyEvent.VK_LEFT);
    awaitLabel(history, "where", "Change 3 of 4, by you");
    String why = "Only the last version can be named.";
    awaitLabel(history, "history hint", why + " " + noTimes);
    EventThread.run(
        () -> {
          AbstractButton name = button(history, "Name This Version...");
          assertThat(name.isEnabled()).isFalse();
          assertThat(name.getToolTipText()).isEqualTo(why);
          assertThat(name.getAccessibleContext().getAccessibleDescription()).isEqualTo(why);
        });
    screen.picture("history-no-name", history.dialog());
  }

  @Test
  void shouldSayWhoWroteWhat() throws Exception {
    text.insert(0, "warp\n");
    otherWrites(5, "and weft");
    HistoryWindow history = history("Change 13 of 13, by replica ab12\u2026");

    EventThread.run(
        () -> {
          JTextArea then = Screen.find(history.dialog(), JTextArea.class, "text then");
          assertThat(tip(then, 1)).isEqualTo("Written by you");
          assertThat(tip(then, 7)).isEqualTo("Written by replica ab12\u2026");
          assertThat(tip(then, 13)).isEqualTo("This is the end of the text");
          then.setCaretPosition(2);
          JList<?> legend = Screen.find(history.dialog(), JList.class, "authors");
          assertThat(legend.getModel().getElementAt(0))
              .hasToString("replica ab12\u2026: 8 characters");
          assertThat(legend.getModel().getElementAt(1)).hasToString("you: 5 characters");
        });
    awaitLabel(history, "author here", "Caret: by you");
    EventThread.run(() -> Appearance.setDark(true));
    screen.picture("history-dark", history.dialog());
  }

  private static String tip(JTextArea area, int offset) throws Exception {
    var place = area.modelToView2D(offset).getBounds();
    return area.getToolTipText(
        new MouseEvent(area, MouseEvent.MOUSE_MOVED, 0, 0, place.x + 1, place.y + 1, 0, false));
  }

  /** Those of this device under a former id are "you" too. */
  @Test
  void shouldCallFormerReplicasYou() {
    ReplicaId former = text.replica();
    text.insert(0, "before");
    EventThread.run(window::closeUnasked);
    window.closed().join();
    Workspace again = Workspace.open(null, null, directory, true);
    SharedText reopened = again.open(new DocumentId("minutes"));
    again.close();
    assertThat(reopened.text()).isEqualTo("before");
    // Not given back, the id is retired, and the next is another.
    try (var store = SqliteChangeStore.open(directory, new SplittableRandom(5))) {
      store.retireReplicaId(new DocumentId("minutes"), former);
    }
    open();
    assertThat(text.replica()).isNotEqualTo(former);
    text.insert(6, " after");
    HistoryWindow history = history("Change 12 of 12, by you");
    EventThread.run(
        () -> {
          JList<?> legend = Screen.find(history.dialog(), JList.class, "authors");
          assertThat(legend.getModel().getSize()).isEqualTo(1);
          assertThat(legend.getModel().getElementAt(0)).hasToString("you: 12 characters");
        });
  }

  @Test
  void shouldSayThatTextMovedOnAndRefresh() throws Exception {
    text.insert(0, "warp");
    HistoryWindow history = history("Change 4 of 4, by you");
    screen.press(KeyEvent.VK_LEFT);
    awaitLabel(history, "where", "Change 3 of 4, by you");

    otherWrites(4, " weft");
    awaitLabel(history, "behind", "5 changes since this was read");
    assertThat(shown(history)).isEqualTo("war");
    screen.press(KeyEvent.VK_F5);
    awaitLabel(history, "where", "Change 3 of 9, by you");
    awaitLabel(history, "behind", "Nothing was written since");
    press(history.dialog(), "Last");
    awaitLabel(history, "where", "Change 9 of 9, by replica ab12\u2026");
    assertThat(shown(history)).isEqualTo("warp weft");
  }

  @Test
  void shouldRestoreAsNewEditWhenMeant() throws Exception {
    text.insert(0, "warp");
    otherWrites(4, " and weft");
    HistoryWindow history = history("Change 13 of 13, by replica ab12\u2026");
    VersionVector before = text.version();
    assertThat(EventThread.call(() -> button(history, "Restore...").isEnabled())).isFalse();
    EventThread.run(() -> slider(history).setValue(4));
    awaitLabel(history, "where", "Change 4 of 13, by you");

    pressFocused(history, "Restore...");
    JDialog question = Windows.awaitDialog("Restore?");
    screen.picture("history-restore", question);
    press(question, "Cancel");
    assertThat(text.text()).isEqualTo("warp and weft");

    pressLater(history.dialog(), "Restore...");
    press(Windows.awaitDialog("Restore?"), "Restore");
    awaitLabel(
        history, "history notice", "Restored, as a new edit. Undo in the editor takes it back.");
    assertThat(text.text()).isEqualTo("warp");
    assertThat(text.version().includes(before)).isTrue();
    awaitFocusOnSlider(history);
    awaitLabel(history, "where", "Change 22 of 22, by you");
    assertThat(shown(history)).isEqualTo("warp");
    Screen.await("shown", () -> window.tab().area().getText().equals("warp"));
    screen.picture("history-restored", window.frame(), history.dialog());

    undo();
    assertThat(text.text()).isEqualTo("warp and weft");
  }

  /** The button that had the focus does not work now: arrows are to go on. */
  private static void awaitFocusOnSlider(HistoryWindow history) {
    // Where there is no window manager, nobody gives the focus back when a dialog is closed.
    Screen.await(
        "focus on the slider", () -> history.dialog().getMostRecentFocusOwner() == slider(history));
  }

  private void undo() {
    EventThread.run(
        () ->
            window
                .tab()
                .undo()
                .undo()
                .actionPerformed(
                    new ActionEvent(window.tab().area(), ActionEvent.ACTION_PERFORMED, "undo")));
  }

  private static AbstractButton button(HistoryWindow history, String name) {
    return Screen.find(history.dialog(), JButton.class, name);
  }

  private static JSlider slider(HistoryWindow history) {
    return Screen.find(history.dialog(), JSlider.class, "version");
  }

  @Test
  void shouldRestoreWhatWasConfirmedBeforeItsWindowWasClosed() {
    text.insert(0, "warp and weft");
    HistoryWindow history = history("Change 13 of 13, by you");
    EventThread.run(() -> slider(history).setValue(4));
    awaitLabel(history, "where", "Change 4 of 13, by you");

    confirmRestoringAndClose(history, () -> {});
    Screen.await("restored", () -> window.tab().area().getText().equals("warp"));
    undo();
    assertThat(text.text()).isEqualTo("warp and weft");
  }

  /** Both in one event: nothing of the restoring has begun when the window is closed. */
  private static void confirmRestoringAndClose(HistoryWindow history, Runnable meanwhile) {
    pressLater(history.dialog(), "Restore...");
    JDialog question = Windows.awaitDialog("Restore?");
    EventThread.run(
        () -> {
          Screen.find(question, JButton.class, "Restore").doClick();
          meanwhile.run();
          history.close();
        });
  }

  @Test
  void shouldTellThatNothingWasRestoredWhenItsWindowIsClosed() {
    text.insert(0, "warp and weft");
    HistoryWindow history = history("Change 13 of 13, by you");
    EventThread.run(() -> slider(history).setValue(4));
    awaitLabel(history, "where", "Change 4 of 13, by you");

    confirmRestoringAndClose(history, text::close);
    JDialog told = Windows.awaitDialog("History of minutes");
    assertThat(EventThread.call(() -> message(told))).startsWith("Not restored: ");
    press(told, "OK");
    assertThat(text.text()).isEqualTo("warp and weft");
  }

  private static String message(JDialog told) {
    return (String) Screen.find(told, JOptionPane.class).getMessage();
  }

  @Test
  void shouldRestoreNothingWhileClosing() {
    text.insert(0, "warp");
    HistoryWindow history = history("Change 4 of 4, by you");
    screen.press(KeyEvent.VK_LEFT);
    awaitLabel(history, "where", "Change 3 of 4, by you");
    EventThread.run(() -> window.tab().setFrozen(true));
    press(history.dialog(), "Restore...");
    awaitLabel(history, "history notice", "The text takes no edits now.");
    EventThread.run(() -> window.tab().setFrozen(false));
    assertThat(text.text()).isEqualTo("warp");
  }

  /** While the person is asked, the relay may say that this text is for reading only. */
  @Test
  void shouldRestoreAndNameNothingWhenTextTakesNoEditsSinceItWasAsked() {
    text.insert(0, "warp");
    HistoryWindow history = history("Change 4 of 4, by you");
    pressLater(history.dialog(), "Name This Version...");
    JDialog asking = Windows.awaitDialog("Name This Version");
    EventThread.run(() -> window.tab().setFrozen(true));
    EventThread.run(() -> answer(asking, "draft"));
    awaitLabel(history, "history notice", "The text takes no edits now.");
    assertThat(text.read(TextDocument::namedVersions)).isEmpty();

    EventThread.run(() -> window.tab().setFrozen(false));
    EventThread.run(() -> slider(history).setValue(3));
    awaitLabel(history, "where", "Change 3 of 4, by you");
    VersionVector before = text.version();
    pressLater(history.dialog(), "Restore...");
    JDialog question = Windows.awaitDialog("Restore?");
    EventThread.run(() -> window.tab().setFrozen(true));
    press(question, "Restore");
    Screen.await("no question", () -> !question.isShowing());
    EventThread.run(() -> window.tab().setFrozen(false));
    EventThread.run(window::closeUnasked);
    window.closed().join();
    assertThat(text.version()).isEqualTo(before);
  }

  @Test
  void shouldNameVersionAndGoToIt() throws Exception {
    text.insert(0, "warp");
    HistoryWindow history = history("Change 4 of 4, by you");
    pressFocused(history, "Name This Version...");
    JDialog asking = Windows.awaitDialog("Name This Version");
    EventThread.run(() -> answer(asking, "<html>draft"));
    awaitLabel(history, "history notice", "Named \"<html>draft\".");
    awaitFocusOnSlider(history);
    assertThat(text.read(TextDocument::namedVersions)).hasSize(1);

    otherWrites(4, " and weft");
    // Where there is no window manager, nobody gives the focus back when a dialog is closed.
    JTextArea then = Screen.find(history.dialog(), JTextArea.class, "text then");
    screen.click(then);
    Screen.await("the focus", then::isFocusOwner);
    screen.press(KeyEvent.VK_F5);
    awaitLabel(history, "where", "Change 14 of 14, by replica ab12\u2026");
    screen.picture("history-named", history.dialog());
    EventThread.run(
        () -> Screen.find(history.dialog(), JComboBox.class, "named versions").setSelectedIndex(0));
    awaitLabel(history, "where", "Change 4 of 14, by you");
    assertThat(shown(history)).isEqualTo("warp");
    assertThat(EventThread.call(() -> button(history, "Name This Version...").isEnabled()))
        .isFalse();
    assertThat(EventThread.call(() -> chosenName(history))).hasToString("<html>draft");

    // The name is not that of another version.
    press(history.dialog(), "Last");
    awaitLabel(history, "where", "Change 14 of 14, by replica ab12\u2026");
    assertThat(EventThread.call(() -> chosenName(history))).isNull();
  }

  private static @Nullable Object chosenName(HistoryWindow history) {
    return Screen.find(history.dialog(), JComboBox.class, "named versions").getSelectedItem();
  }

  private static void answer(JDialog asking, String words) {
    first(asking.getContentPane(), JTextField.class).orElseThrow().setText(words);
    first(asking.getContentPane(), JButton.class).orElseThrow().doClick();
  }

  private static <T extends Component> Optional<T> first(Container within, Class<T> kind) {
    for (Component part : within.getComponents()) {
      if (kind.isInstance(part)) {
        return Optional.of(kind.cast(part));
      }
      if (part instanceof Container inner) {
        Optional<T> found = first(inner, kind);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  @Test
  void shouldCloseWithDocument() {
    text.insert(0, "warp");
    HistoryWindow history = history("Change 4 of 4, by you");
    EventThread.run(window::closeUnasked);
    window.closed().join();
    assertThat(history.isClosed()).isTrue();
  }
}
