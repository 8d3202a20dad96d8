package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.history.HistoryWindow;
import dev.weft.store.DocumentId;
import java.awt.Rectangle;
import java.awt.Window;
import java.awt.event.KeyEvent;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.accessibility.AccessibleContext;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JTextField;
import javax.swing.ListModel;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two people in one document through a real relay, each at a window, driven by keys. */
@RequiresDisplay
class PeopleTest {
  private static final String LINES =
      String.join("\n", IntStream.range(1, 201).mapToObj(i -> "line number " + i).toList());

  @TempDir Path directory;

  private final Screen screen = new Screen();
  private LoopbackDemoRelay relay;
  private DesktopDemo demo;

  @BeforeEach
  void open() throws IOException {
    relay = new LoopbackDemoRelay(directory.resolve("relay"));
    demo =
        DesktopDemo.open(
            new DocumentId("minutes"),
            relay,
            LINES,
            directory.resolve("left"),
            directory.resolve("right"));
    Screen.await("the text", () -> area(demo.right()).getText().equals(LINES));
    awaitPeopleHere(demo.left(), "2 people here");
    awaitPeopleHere(demo.right(), "2 people here");
  }

  @AfterEach
  void close() {
    if (Appearance.isDark()) {
      EventThread.run(() -> Appearance.setDark(false));
    }
    demo.close();
    relay.close();
  }

  @Test
  void shouldNotSayWhoIsHereWhenRelayIsNotThereToTell() {
    JLabel label = Screen.find(demo.left().tab().pane(), JLabel.class, "people here");
    EventThread.run(demo.left()::toggleOffline);
    Screen.await("nothing said", () -> !label.isShowing());
    EventThread.run(() -> toggleList(demo.left()));
    JLabel heard = Screen.find(demo.left().tab().pane(), JLabel.class, "last heard");
    Screen.await(
        "until when", () -> heard.isShowing() && heard.getText().equals("As last heard, just now"));
    EventThread.run(demo.left()::toggleOffline);
    awaitPeopleHere(demo.left(), "2 people here");
    Screen.await("the present", () -> !heard.isShowing());
  }

  @Test
  void shouldTellScreenReaderWhoIsHereAndWhoHasLeftWhenThatIsKnown() {
    List<Object> told = new ArrayList<>();
    EventThread.run(
        () -> {
          AccessibleContext label =
              Screen.find(demo.left().tab().pane(), JLabel.class, "people here")
                  .getAccessibleContext();
          label.addPropertyChangeListener(
              event -> {
                if (event
                    .getPropertyName()
                    .equals(AccessibleContext.ACCESSIBLE_DESCRIPTION_PROPERTY)) {
                  told.add(event.getNewValue());
                }
              });
          // On a slow machine it has been told already.
          Optional.ofNullable(label.getAccessibleDescription()).ifPresent(told::add);
        });
    Screen.await("who is here", () -> told.contains("Right is here."));

    EventThread.run(demo.left()::toggleOffline);
    EventThread.run(demo.right()::closeUnasked);
    demo.right().closed().join();
    EventThread.run(demo.left()::toggleOffline);
    Screen.await("who has left", () -> told.contains("Right has left."));
    assertThat(EventThread.call(() -> List.copyOf(told)))
        .containsExactly("Right is here.", "Right has left.");
  }

  @Test
  void shouldShowEachWhereTheOtherIsWhileBothType() {
    focus(demo.left());
    EventThread.run(() -> area(demo.left()).setCaretPosition(LINES.indexOf("number 4")));
    EventThread.run(() -> area(demo.right()).setCaretPosition(LINES.indexOf("number 7")));
    for (int i = 0; i < 40; i++) {
      EventThread.run(() -> area(demo.left()).replaceSelection("l"));
      EventThread.run(() -> area(demo.right()).replaceSelection("r"));
    }
    Screen.await(
        "the same text",
        () ->
            area(demo.left()).getText().equals(area(demo.right()).getText())
                && area(demo.left()).getText().length() == LINES.length() + 80);

    awaitCaretOf(demo.left(), demo.right());
    awaitCaretOf(demo.right(), demo.left());

    EventThread.run(() -> area(demo.left()).select(3, 40));
    EventThread.run(() -> area(demo.right()).select(180, 230));
    awaitCaretOf(demo.left(), demo.right());
    awaitCaretOf(demo.right(), demo.left());
    EventThread.run(() -> toggleList(demo.left()));
    EventThread.run(() -> toggleList(demo.right()));
    screen.picture("people-light", windows());
    EventThread.run(() -> Appearance.setDark(true));
    EventThread.settle();
    awaitCaretOf(demo.left(), demo.right());
    screen.picture("people-dark", windows());
  }

  /** Waits until the caret of one is painted in the window of another, at the right place. */
  private static void awaitCaretOf(EditorWindow one, EditorWindow another) {
    Screen.await(
        "the caret",
        () -> {
          RSyntaxTextArea area = area(another);
          Rectangle place = placeOf(area, area(one).getCaretPosition());
          BufferedImage image = new BufferedImage(area.getWidth(), 300, BufferedImage.TYPE_INT_RGB);
          area.paint(image.createGraphics());
          int left = image.getRGB(place.x - 1, place.y + place.height - 2);
          int top = image.getRGB(place.x - 3, place.y + 1);
          return left == top && left != area.getBackground().getRGB();
        });
  }

  private static Rectangle placeOf(RSyntaxTextArea area, int offset) {
    return EventThread.call(() -> area.modelToView2D(offset).getBounds());
  }

  @Test
  void shouldGoToOthersFromListByKeysAndKeepOwnCaret() {
    EventThread.run(() -> area(demo.right()).setCaretPosition(LINES.indexOf("number 150")));
    focus(demo.left());

    screen.press(KeyEvent.VK_F7);
    JList<?> list = list(demo.left());
    Screen.await("focus in the list", list::isFocusOwner);
    awaitRows(demo.left(), "Left (you), line 1", "Right, line 150, active");
    assertThat(EventThread.call(() -> isInSight(150))).isFalse();

    screen.press(KeyEvent.VK_ENTER);
    Screen.await("line 150", () -> isInSight(150));
    assertThat(EventThread.call(() -> area(demo.left()).getCaretPosition())).isZero();
    screen.picture("people-jumped", windows());

    screen.press(KeyEvent.VK_UP);
    screen.press(KeyEvent.VK_SPACE);
    Screen.await("line 1", () -> isInSight(1));

    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("focus in the text", area(demo.left())::isFocusOwner);
    screen.press(KeyEvent.VK_F7);
    screen.press(KeyEvent.VK_F7);
    Screen.await("focus in the list", list::isFocusOwner);
    screen.press(KeyEvent.VK_F7);
    Screen.await("no list", () -> !list.isShowing() && area(demo.left()).isFocusOwner());
  }

  private boolean isInSight(int line) {
    Rectangle place = placeOf(area(demo.left()), LINES.indexOf("number " + line));
    return area(demo.left()).getVisibleRect().contains(place);
  }

  @Test
  void shouldFollowInListWhereOthersAreAndForgetWhoHasGone() {
    EventThread.run(() -> toggleList(demo.left()));
    EventThread.run(() -> area(demo.right()).setCaretPosition(LINES.indexOf("number 12")));
    awaitRows(demo.left(), "Left (you), line 1", "Right, line 12, active");

    EventThread.run(() -> area(demo.left()).insert("new\n", 0));
    awaitRows(demo.left(), "Left (you), line 2", "Right, line 13, active");

    EventThread.run(demo.right()::closeUnasked);
    awaitPeopleHere(demo.left(), "Nobody else seen");
    awaitRows(demo.left(), "Left (you), line 2");

    EventThread.run(() -> area(demo.left()).setCaretPosition(LINES.indexOf("number 5")));
    awaitRows(demo.left(), "Left (you), line 6");
  }

  @Test
  void shouldTellOtherNameAndSlowLink() throws Exception {
    EventThread.run(() -> toggleList(demo.right()));
    EventThread.run(() -> toggleList(demo.left()));
    focus(demo.left());
    screen.press(KeyEvent.VK_F7, KeyEvent.VK_SHIFT);
    Screen.await("question", () -> Windows.dialog().filter(Window::isFocused).isPresent());
    JDialog question = Windows.dialog().orElseThrow();
    Screen.await("field", () -> question.getMostRecentFocusOwner() instanceof JTextField);
    screen.press(KeyEvent.VK_A, KeyEvent.VK_CONTROL);
    screen.type("ada king");
    screen.press(KeyEvent.VK_ENTER);

    Screen.await("the name", () -> rows(demo.right()).get(1).startsWith("ada king, "));
    assertThat(rows(demo.left()).get(0)).startsWith("ada king (you), ");
    Screen.await("the name kept", () -> OwnName.read(directory.resolve("left")).equals("ada king"));

    focus(demo.left());
    screen.press(KeyEvent.VK_F9, KeyEvent.VK_SHIFT);
    JLabel slow = Screen.find(demo.left().tab().pane(), JLabel.class, "slow link");
    Screen.await("slow link", slow::isShowing);
    assertThat(EventThread.call(() -> demo.left().workspace().people().isSlowLink())).isTrue();
    screen.picture("people-renamed", windows());
    screen.press(KeyEvent.VK_F9, KeyEvent.VK_SHIFT);
    Screen.await("no slow link", () -> !slow.isShowing());
  }

  @Test
  void shouldCallAuthorsAsTheyCalledThemselvesAlsoWhenTheyHaveLeft() {
    EventThread.run(() -> area(demo.right()).insert("weft", 0));
    String end = LINES.substring(0, 4);
    Screen.await("text", () -> area(demo.left()).getText().startsWith("weft" + end));
    Screen.await("name", () -> demo.left().workspace().knownNames().containsValue("Right"));
    EventThread.run(demo.right()::closeUnasked);
    awaitPeopleHere(demo.left(), "Nobody else seen");

    HistoryWindow history = EventThread.call(() -> demo.left().tab().showHistory());
    Screen.await("history", () -> legend(history).equals("Right: 4 characters"));
    screen.picture("people-history", history.dialog());
    EventThread.run(history::close);
    Path names = directory.resolve("left").resolve("known-names");
    Screen.await("names kept", () -> Files.exists(names));
    KnownNames kept = new KnownNames(directory.resolve("left"));
    kept.read();
    assertThat(kept.names())
        .containsExactly(Map.entry(demo.right().tab().text().replica(), "Right"));
  }

  /** Returns the last line of who wrote the text. */
  private static String legend(HistoryWindow history) {
    ListModel<?> lines = Screen.find(history.dialog(), JList.class, "authors").getModel();
    return lines.getSize() == 0 ? "" : lines.getElementAt(lines.getSize() - 1).toString();
  }

  /** As two editors of one account are, until one chooses a name. */
  @Test
  void shouldTellThoseOfOneNameApartAndLeadToAnother() {
    EventThread.run(() -> demo.left().workspace().people().setOwnName("root"));
    EventThread.run(() -> demo.right().workspace().people().setOwnName("root"));
    EventThread.run(() -> toggleList(demo.left()));
    awaitRows(demo.left(), "root (you), line 1", "root 2, line 1, active");
    JLabel shared = Screen.find(demo.left().tab().pane(), JLabel.class, "name shared");
    Screen.await("name shared", shared::isShowing);
    screen.picture("people-one-name", windows());

    screen.click(Screen.find(demo.left().tab().pane(), JButton.class, "Your Name..."));
    Screen.await("question", () -> Windows.dialog().filter(Window::isFocused).isPresent());
    JDialog question = Windows.dialog().orElseThrow();
    Screen.await("field", () -> question.getMostRecentFocusOwner() instanceof JTextField);
    screen.press(KeyEvent.VK_A, KeyEvent.VK_CONTROL);
    screen.type("ada");
    screen.press(KeyEvent.VK_ENTER);
    awaitRows(demo.left(), "ada (you), line 1", "root 2, line 1, active");
    Screen.await("name not shared", () -> !shared.isShowing());
  }

  @Test
  void shouldShowNobodyWhereThereIsNoRelay() {
    Workspace workspace = Workspace.open(null, null, directory.resolve("alone"), true);
    EditorWindow window =
        Displays.show(
            () -> {
              EditorWindow alone =
                  new EditorWindow(
                      workspace,
                      workspace.open(new DocumentId("alone")),
                      " - Weft",
                      System::nanoTime);
              alone.frame().setVisible(true);
              return alone;
            },
            workspace);
    try {
      JLabel people = Screen.find(window.tab().pane(), JLabel.class, "people here");
      assertThat(EventThread.call(people::isVisible)).isFalse();
      assertThat(EventThread.call(() -> PeopleMenu.list(window).isEnabled())).isFalse();
      assertThat(EventThread.call(() -> PeopleMenu.slowLink(window).isEnabled())).isFalse();
      assertThat(EventThread.call(() -> window.tab().area().getComponentCount())).isZero();
    } finally {
      EventThread.run(window::closeUnasked);
      assertThat(window.closed().join()).hasSize(1);
    }
  }

  // --- What is seen ---

  private Window[] windows() {
    return new Window[] {demo.left().frame(), demo.right().frame()};
  }

  /** Moves the focus to the text, and the caret to its beginning. */
  private void focus(EditorWindow window) {
    EventThread.run(() -> window.tab().area().setCaretPosition(1));
    // The text is longer than what is in sight of it.
    screen.click(window.tab().area().getParent());
    RSyntaxTextArea area = area(window);
    // A key that comes before the click has moved the focus would go elsewhere.
    Screen.await("focus", () -> area.isFocusOwner() && area.getCaretPosition() > 1);
    screen.press(KeyEvent.VK_HOME, KeyEvent.VK_CONTROL);
    Screen.await("beginning", () -> area.getCaretPosition() == 0);
  }

  private static void toggleList(EditorWindow window) {
    window.workspace().people().toggleList(window.tab());
  }

  private static RSyntaxTextArea area(EditorWindow window) {
    return EventThread.call(() -> window.tab().area());
  }

  private static JList<?> list(EditorWindow window) {
    return Screen.find(window.tab().pane(), JList.class, "people");
  }

  private static List<String> rows(EditorWindow window) {
    return EventThread.call(
        () ->
            IntStream.range(0, list(window).getModel().getSize())
                .mapToObj(i -> list(window).getModel().getElementAt(i).toString())
                .toList());
  }

  private static void awaitRows(EditorWindow window, String... rows) {
    Screen.await("rows " + List.of(rows), () -> rows(window).equals(List.of(rows)));
  }

  private static void awaitPeopleHere(EditorWindow window, String words) {
    JLabel label = Screen.find(window.tab().pane(), JLabel.class, "people here");
    Screen.await(words, () -> label.isShowing() && label.getText().equals(words));
  }
}
