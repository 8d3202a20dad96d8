package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.WorkspaceStore;
import java.awt.Component;
import java.awt.Container;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.event.KeyEvent;
import java.awt.event.MouseEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.swing.AbstractButton;
import javax.swing.JLabel;
import javax.swing.JMenu;
import javax.swing.JMenuItem;
import javax.swing.JTextArea;
import javax.swing.MenuSelectionManager;
import javax.swing.SwingUtilities;
import javax.swing.text.JTextComponent;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.fife.ui.rsyntaxtextarea.RSyntaxUtilities;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A window without a relay, driven by keys and the mouse. */
@RequiresDisplay
class EditorWindowTest {
  private static final DocumentId MINUTES = new DocumentId("minutes");

  @TempDir Path directory;

  private final Screen screen = new Screen();
  private @Nullable EditorWindow opened;

  private EditorWindow open() {
    return open(Workspace.open(null, null, directory, true));
  }

  private EditorWindow open(Workspace workspace) {
    SharedText text = workspace.open(MINUTES);
    EditorWindow window = Windows.open(workspace, text);
    opened = window;
    screen.click(window.tab().area());
    Screen.await("focus", () -> window.tab().area().isFocusOwner());
    return window;
  }

  @AfterEach
  void close() {
    if (opened != null && !opened.closed().isDone()) {
      EventThread.run(opened::close);
      opened.closed().join();
    }
  }

  private static String words(EditorWindow window, String name) {
    return EventThread.call(() -> Screen.find(window.tab().pane(), JLabel.class, name).getText());
  }

  @Test
  void shouldEditWithKeysAndSaveOnDeviceWhenThereIsNoRelay() {
    EditorWindow window = open();

    screen.type("warp and weft\nsecond line");
    Screen.await(
        "typed text", () -> window.tab().area().getText().equals("warp and weft\nsecond line"));
    assertThat(window.tab().text().text()).isEqualTo("warp and weft\nsecond line");
    assertThat(words(window, "connection")).isEqualTo("On this device only");
    screen.picture("local-unsaved", window.frame());

    screen.press(KeyEvent.VK_S, KeyEvent.VK_CONTROL);
    Screen.await(
        "notice",
        () ->
            Screen.find(window.tab().pane(), JTextArea.class, "notice")
                .getText()
                .startsWith("Save confirmed"));
    Screen.await("saved", () -> words(window, "saves").equals("Saved on this device"));
    screen.picture("local-saved", window.frame());

    screen.press(KeyEvent.VK_F8);
    Screen.await("dark", Appearance::isDark);
    screen.picture("local-dark", window.frame());
    screen.press(KeyEvent.VK_V, KeyEvent.VK_ALT);
    Screen.await("menu", EditorWindowTest::isMenuOpen);
    screen.picture("local-menu", window.frame());
    screen.press(KeyEvent.VK_ESCAPE);
    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("no menu", () -> !isMenuOpen());
    screen.press(KeyEvent.VK_F8);
    Screen.await("light", () -> !Appearance.isDark());
  }

  private static boolean isMenuOpen() {
    return MenuSelectionManager.defaultManager().getSelectedPath().length > 0;
  }

  @Test
  void shouldKeepTextWhenClosedAndOpenedAgain() {
    EditorWindow window = open();
    screen.type("kept");
    CompletableFuture<List<ClosingReport>> closed = window.closed();
    screen.press(KeyEvent.VK_W, KeyEvent.VK_CONTROL);

    assertThat(closed.join().get(0).describe()).isEqualTo("minutes is kept in " + directory + ".");
    EditorWindow again = open();
    assertThat(EventThread.call(() -> again.tab().area().getText())).isEqualTo("kept");
  }

  @Test
  void shouldKeepOffStoreOnEventThread() {
    WatchedStore store = new WatchedStore(SqliteChangeStore.open(directory, new SecureRandom()));
    EditorWindow window = open(Workspace.open(null, null, directory, true, store.store()));
    screen.type("some text");
    screen.press(KeyEvent.VK_S, KeyEvent.VK_CONTROL);
    Screen.await("saved", () -> words(window, "saves").equals("Saved on this device"));
    screen.press(KeyEvent.VK_W, KeyEvent.VK_CONTROL);
    window.closed().join();

    assertThat(store.calls()).isNotEmpty();
    assertThat(store.callsOnEventThread()).isEmpty();
  }

  @Test
  void shouldNotWrapLongTextUnlessChosen() {
    EditorWindow window = open();
    assertThat(EventThread.call(window.tab().area()::getLineWrap)).isTrue();

    window.tab().text().insert(0, "long line ".repeat(10_001));
    Screen.await("no wrapping", () -> !window.tab().area().getLineWrap());
    JTextArea notice = Screen.find(window.tab().pane(), JTextArea.class, "notice");
    Screen.await("the notice", () -> notice.getText().contains("Lines are no longer wrapped"));

    EventThread.run(window.tab().pane()::toggleLineWrap);
    window.tab().text().insert(0, "longer ");
    EventThread.settle();
    assertThat(EventThread.call(window.tab().area()::getLineWrap)).isTrue();
  }

  @Test
  void shouldZoomByKeysOfNumberPadWhileTextHasFocus() {
    EditorWindow window = open();
    int normal = textSize(window);
    screen.press(KeyEvent.VK_ADD, KeyEvent.VK_CONTROL);
    Screen.await("larger text", () -> textSize(window) > normal);
    screen.press(KeyEvent.VK_SUBTRACT, KeyEvent.VK_CONTROL);
    Screen.await("normal text", () -> textSize(window) == normal);
  }

  @Test
  void shouldZoomWherePlusNeedsShiftAndComeBackToSameLines() {
    EditorWindow window = open();
    int normal = textSize(window);
    int lineHeight = EventThread.call(window.tab().area()::getLineHeight);
    screen.press(KeyEvent.VK_EQUALS, KeyEvent.VK_CONTROL, KeyEvent.VK_SHIFT);
    Screen.await("larger text", () -> textSize(window) > normal);
    screen.press(KeyEvent.VK_0, KeyEvent.VK_CONTROL);
    Screen.await("normal text", () -> textSize(window) == normal);
    assertThat(EventThread.call(window.tab().area()::getLineHeight)).isEqualTo(lineHeight);
  }

  @Test
  void shouldZoomTextWithLineNumbersWithinBounds() {
    EditorWindow window = open();
    int normal = textSize(window);
    screen.press(KeyEvent.VK_MINUS, KeyEvent.VK_CONTROL);
    Screen.await("smaller text", () -> textSize(window) < normal);
    EditorPane pane = EventThread.call(() -> window.tab().pane());
    EventThread.run(
        () -> {
          assertZoomed(pane, pane::shrinkText, 6);
          assertZoomed(pane, pane::enlargeText, 72);
        });
  }

  private static void assertZoomed(EditorPane pane, Runnable zoom, int end) {
    for (int i = 0; i < 40; i++) {
      zoom.run();
    }
    assertThat(pane.area().getFont().getSize()).isEqualTo(end);
    assertThat(RSyntaxUtilities.getGutter(pane.area()).getLineNumberFont().getSize2D())
        .isBetween(end / 2f, (float) end);
  }

  private static int textSize(EditorWindow window) {
    return EventThread.call(() -> window.tab().area().getFont().getSize());
  }

  @Test
  void shouldGiveEachKeyWithAltToOneThingInWindow() {
    EditorWindow window = open();
    EventThread.run(
        () -> {
          window.tab().findBar().replaceWith();
          Map<Integer, String> taken = new HashMap<>();
          noteKeys(window.frame().getRootPane(), taken);
          for (Remedy remedy : Remedy.values()) {
            note(remedy.mnemonic(), remedy.label(), taken);
          }
        });
  }

  private static void noteKeys(Container container, Map<Integer, String> taken) {
    for (Component part : container.getComponents()) {
      if (part instanceof AbstractButton button) {
        note(button.getMnemonic(), button.getText(), taken);
      } else if (part instanceof JLabel label) {
        note(label.getDisplayedMnemonic(), label.getText(), taken);
      }
      if (part instanceof Container inner) {
        noteKeys(inner, taken);
      }
    }
  }

  private static void note(int key, String what, Map<Integer, String> taken) {
    if (key != 0) {
      assertThat(taken.put(key, what)).as("Alt+%c: %s", key, what).isNull();
    }
  }

  @Test
  void shouldNotCallSavedWhatIsNotLookedAtYet() {
    EditorWindow window = open();
    EventThread.run(
        () -> {
          window.tab().area().replaceSelection("warp");
          UnsavedMargin margin = window.tab().margin();
          MouseEvent atFirstLine =
              new MouseEvent(margin, MouseEvent.MOUSE_MOVED, 0, 0, 1, 8, 0, false);
          assertThat(margin.getToolTipText(atFirstLine)).isNotEqualTo("Saved");
        });
  }

  @Test
  void shouldTellWhoWantsDiskAfterClosingThatItIsClosed() {
    Workspace workspace = Workspace.open(null, null, directory, true);
    workspace.close();
    assertThat(workspace.onDisk(() -> "late"))
        .failsWithin(Duration.ofSeconds(1))
        .withThrowableThat()
        .withMessageContaining("closed");
  }

  @Test
  void shouldSayThatLineIsTooLongForQuickKeys() {
    EditorWindow window = open();
    window.tab().text().insert(0, "short lines\n".repeat(2_000));
    EventThread.settle();
    JTextArea notice = Screen.find(window.tab().pane(), JTextArea.class, "notice");
    assertThat(EventThread.call(() -> notice.getText())).isEmpty();

    window.tab().text().insert(12, "x".repeat(20_001));
    Screen.await("the notice", () -> notice.getText().contains("more than 20,000 characters"));
  }

  @Test
  void shouldNameEverythingForScreenReader() {
    EditorWindow window = open();
    EventThread.run(() -> assertNamed(window.frame().getRootPane()));
    assertThat(
            EventThread.call(
                () ->
                    Screen.find(window.tab().pane(), JLabel.class, "saves")
                        .getAccessibleContext()
                        .getAccessibleName()))
        .isEqualTo("Saves: Nothing written yet");
  }

  private static void assertNamed(Container container) {
    for (Component part : container.getComponents()) {
      if (part.isFocusable()
          && (part instanceof AbstractButton || part instanceof JTextComponent)) {
        assertThat(part.getAccessibleContext().getAccessibleName()).as("%s", part).isNotBlank();
      }
      if (part instanceof JMenu menu) {
        assertNamed(menu.getPopupMenu());
      }
      if (part instanceof JMenuItem item && !(item instanceof JMenu)) {
        assertThat(item.getAccelerator()).as(item.getText()).isNotNull();
        assertThat(item.getMnemonic()).as(item.getText()).isNotZero();
        assertThat(item.getToolTipText()).as(item.getText()).isNotBlank();
      }
      if (part instanceof Container inner) {
        assertNamed(inner);
      }
    }
  }

  /** A real store that notes which of its methods are called where. */
  private static final class WatchedStore {
    private final Set<String> calls = ConcurrentHashMap.newKeySet();
    private final Set<String> callsOnEventThread = ConcurrentHashMap.newKeySet();
    private final WorkspaceStore store;

    WatchedStore(WorkspaceStore real) {
      store =
          (WorkspaceStore)
              Proxy.newProxyInstance(
                  WorkspaceStore.class.getClassLoader(),
                  new Class<?>[] {WorkspaceStore.class},
                  (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    if (SwingUtilities.isEventDispatchThread()) {
                      callsOnEventThread.add(method.getName());
                    }
                    try {
                      return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
    }

    WorkspaceStore store() {
      return store;
    }

    Set<String> calls() {
      return calls;
    }

    Set<String> callsOnEventThread() {
      return callsOnEventThread;
    }
  }

  @Test
  void shouldKeepCaretInSightWhenLongTextIsNoLongerWrapped() {
    RSyntaxTextArea area = open().tab().area();
    String line =
        "so long that it is wrapped in a window that is as wide as this one is, or wider ";
    EventThread.run(() -> area.replaceSelection((line + line + "\n").repeat(1_000)));
    Screen.await("no wrapping", () -> !area.getLineWrap());
    Screen.await(
        "the caret in sight",
        () -> {
          int caret = area.getCaretPosition();
          Rectangle sight = area.getVisibleRect();
          int first = area.viewToModel2D(sight.getLocation());
          int last = area.viewToModel2D(new Point(sight.x + sight.width, sight.y + sight.height));
          return first <= caret && caret <= last;
        });
  }
}
