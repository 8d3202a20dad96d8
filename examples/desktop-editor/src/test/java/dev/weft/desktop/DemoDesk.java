package dev.weft.desktop;

import dev.weft.store.DocumentId;
import java.awt.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JOptionPane;
import javax.swing.JTextArea;

/**
 * The demonstration on a screen, with a relay of its own. From the beginning it notes every tick
 * that says that something is saved on the relay while it is not.
 */
final class DemoDesk implements AutoCloseable {
  private static final DocumentId MINUTES = new DocumentId("minutes");

  private final Screen screen = new Screen();
  private final LoopbackDemoRelay relay;
  private final DesktopDemo demo;

  /** Confined to the event dispatch thread. */
  private final List<String> falseTicks = new ArrayList<>();

  private DemoDesk(LoopbackDemoRelay relay, DesktopDemo demo) {
    this.relay = relay;
    this.demo = demo;
  }

  /** Opens it and waits until both editors are connected. */
  static DemoDesk open(Path directory) throws IOException {
    LoopbackDemoRelay relay = new LoopbackDemoRelay(directory.resolve("relay"));
    DesktopDemo demo =
        DesktopDemo.open(MINUTES, relay, "", directory.resolve("left"), directory.resolve("right"));
    DemoDesk desk = new DemoDesk(relay, demo);
    try {
      desk.awaitConnected();
    } catch (Error | RuntimeException e) {
      desk.close();
      throw e;
    }
    return desk;
  }

  private void awaitConnected() {
    EventThread.run(
        () -> {
          watchTicks(demo.left());
          watchTicks(demo.right());
        });
    awaitWords(demo.left(), "connection", "Connected");
    awaitWords(demo.right(), "connection", "Connected");
  }

  Screen screen() {
    return screen;
  }

  LoopbackDemoRelay relay() {
    return relay;
  }

  DesktopDemo demo() {
    return demo;
  }

  Window[] windows() {
    return new Window[] {
      demo.left().frame(), demo.right().frame(), demo.network().frame(),
    };
  }

  // --- What is done ---

  void focus(EditorWindow window) {
    screen.click(window.tab().area());
    Screen.await("focus", window.tab().area()::isFocusOwner);
  }

  static void insert(EditorWindow window, String text) {
    EventThread.run(() -> window.tab().area().replaceSelection(text));
  }

  // --- What is seen ---

  private void watchTicks(EditorWindow window) {
    JLabel saves = Screen.find(window.tab().pane(), JLabel.class, "saves");
    saves.addPropertyChangeListener(
        "text",
        event -> {
          if (saves.getText().startsWith("Saved on the relay")
              && !relay.stored(MINUTES).includes(window.tab().text().version())) {
            falseTicks.add(window.frame().getTitle() + ": " + saves.getText());
          }
        });
  }

  List<String> falseTicks() {
    return EventThread.call(() -> List.copyOf(falseTicks));
  }

  static String words(JDialog dialog) {
    JOptionPane pane = (JOptionPane) dialog.getContentPane().getComponent(0);
    return pane.getMessage().toString();
  }

  static String text(EditorWindow window) {
    return EventThread.call(() -> window.tab().area().getText());
  }

  void awaitText(EditorWindow window, String text) {
    Screen.await("text \"" + text + "\"", () -> window.tab().area().getText().equals(text));
  }

  void awaitSameText() {
    Screen.await(
        "the same text in both windows",
        () ->
            demo.left().tab().text().version().equals(demo.right().tab().text().version())
                && text(demo.left()).equals(text(demo.right())));
  }

  /** Waits for words of the status bar, whatever stands behind them in brackets. */
  void awaitWords(EditorWindow window, String field, String words) {
    awaitWords(
        window,
        field,
        words,
        text ->
            text.equals(words)
                || text.startsWith(words + " (")
                || text.startsWith(words + ", next attempt in "));
  }

  void awaitWords(EditorWindow window, String field, String what, Predicate<String> wanted) {
    JLabel label = Screen.find(window.tab().pane(), JLabel.class, field);
    try {
      Screen.await(field + " \"" + what + "\"", () -> wanted.test(label.getText()));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; it is \"" + label.getText() + "\"", e);
    }
  }

  /** Waits for the beginning of a label's text in the network panel. */
  void awaitPanel(String name, String beginning) {
    JLabel label = Screen.find(demo.network().frame(), JLabel.class, name);
    Screen.await(name + " \"" + beginning + "\"", () -> label.getText().startsWith(beginning));
  }

  void awaitNotice(EditorWindow window, String beginning) {
    JTextArea notice = Screen.find(window.tab().pane(), JTextArea.class, "notice");
    Screen.await("notice \"" + beginning + "\"", () -> notice.getText().startsWith(beginning));
  }

  @Override
  public void close() {
    demo.close();
    relay.close();
  }
}
