package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.store.DocumentId;
import java.awt.event.KeyEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import javax.swing.JDialog;
import javax.swing.JList;
import javax.swing.JMenu;
import javax.swing.JMenuItem;
import javax.swing.JTabbedPane;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import javax.swing.MenuSelectionManager;
import javax.swing.text.JTextComponent;
import org.fife.ui.rsyntaxtextarea.SyntaxConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several documents in one window, driven by keys. */
@RequiresDisplay
class TabsTest {
  @TempDir Path directory;

  private final Screen screen = new Screen();
  private EditorWindow window;

  @BeforeEach
  void open() {
    open("minutes");
  }

  private void open(String document) {
    Workspace workspace = Workspace.open(null, null, directory, true);
    SharedText text = workspace.open(new DocumentId(document));
    // Time stands still: all that is typed in one place is one step of undo.
    window = Windows.open(workspace, text, 720, () -> 0);
    awaitFront(document);
  }

  @AfterEach
  void close() {
    if (!window.closed().isDone()) {
      EventThread.run(window::closeUnasked);
      window.closed().join();
    }
  }

  /** Where there is no window manager, nobody gives the focus back when a dialog is closed. */
  private void awaitFront(String document) {
    Screen.await(
        document + " in front",
        () ->
            window.tab().text().documentId().value().equals(document)
                && window.tab().area().isShowing());
    screen.click(window.tab().area());
    Screen.await("the focus", () -> window.tab().area().isFocusOwner());
  }

  private JDialog openDialog() {
    screen.press(KeyEvent.VK_O, KeyEvent.VK_CONTROL);
    Screen.await(
        "the dialog",
        () ->
            Windows.dialog().isPresent()
                && Screen.find(Windows.dialog().orElseThrow(), JTextField.class, "document name")
                    .isFocusOwner());
    return Windows.dialog().orElseThrow();
  }

  private void openByDialog(String name) {
    openDialog();
    screen.type(name + "\n");
    awaitFront(name);
  }

  private String shown() {
    return EventThread.call(() -> window.tab().area().getText());
  }

  private void awaitShown(String text) {
    Screen.await("text \"" + text + "\"", () -> window.tab().area().getText().equals(text));
  }

  @Test
  void shouldOpenAgainWhatIsAskedForWhileItCloses() {
    openByDialog("agenda");
    EditorTab closed = EventThread.call(window::tab);
    EventThread.run(
        () -> {
          window.closeTab();
          window.open(new DocumentId("agenda"));
        });
    Screen.await("another tab", () -> window.tab() != closed && !window.tab().isFrozen());
    awaitFront("agenda");
    assertThat(EventThread.call(() -> window.tabs().all().size())).isEqualTo(2);
  }

  @Test
  void shouldKeepEachDocumentInItsTab() {
    screen.type("warp");
    awaitShown("warp");
    openByDialog("agenda");
    assertThat(shown()).isEmpty();
    screen.type("weft");
    awaitShown("weft");
    assertThat(EventThread.call(() -> window.frame().getTitle())).isEqualTo("agenda - Weft");
    screen.picture("tabs", window.frame());

    screen.press(KeyEvent.VK_PAGE_DOWN, KeyEvent.VK_CONTROL);
    awaitFront("minutes");
    assertThat(shown()).isEqualTo("warp");
    screen.press(KeyEvent.VK_PAGE_UP, KeyEvent.VK_CONTROL);
    awaitFront("agenda");

    screen.press(KeyEvent.VK_Z, KeyEvent.VK_CONTROL);
    awaitShown("");
    screen.press(KeyEvent.VK_PAGE_UP, KeyEvent.VK_CONTROL);
    awaitFront("minutes");
    assertThat(shown()).isEqualTo("warp");
    assertThat(
            EventThread.call(
                () ->
                    window
                        .tabs()
                        .component()
                        .getAccessibleContext()
                        .getAccessibleChild(1)
                        .getAccessibleContext()
                        .getAccessibleName()))
        .startsWith("agenda, ");
  }

  @Test
  void shouldShowTabThatHasDocumentAlready() {
    openByDialog("agenda");
    openByDialog("minutes");
    assertThat(EventThread.call(() -> window.tabs().all())).hasSize(2);
  }

  @Test
  void shouldOpenOnceWhatIsAskedForTwice() {
    EventThread.run(
        () -> {
          window.open(new DocumentId("agenda"));
          window.open(new DocumentId("agenda"));
          window.open(new DocumentId("third"));
        });
    awaitFront("third");
    assertThat(EventThread.call(() -> window.tabs().all())).hasSize(3);
    EventThread.run(
        () -> {
          for (EditorTab tab : window.tabs().all()) {
            assertThat(Screen.find(tab.pane(), JTextArea.class, "notice").getText()).isEmpty();
          }
        });
  }

  /** The look calls what it is told to when the cross is clicked. */
  @Test
  @SuppressWarnings("unchecked")
  void shouldCloseTabWhoseCrossWasClicked() {
    openByDialog("agenda");
    EventThread.run(
        () -> {
          JTabbedPane pane = window.tabs().component();
          Object cross = pane.getClientProperty("JTabbedPane.tabCloseCallback");
          ((BiConsumer<JTabbedPane, Integer>) cross).accept(pane, 0);
        });
    Screen.await("one tab", () -> window.tabs().all().size() == 1);
    awaitFront("agenda");
  }

  @Test
  void shouldSayWhatIsWrongWithName() {
    JDialog dialog = openDialog();
    screen.type("a b\n");
    JTextComponent problem = Screen.find(dialog, JTextComponent.class, "problem");
    Screen.await("the problem", () -> problem.getText().contains("a space"));
    assertThat(problem.getText()).contains("letters A-Z and a-z, digits");
    Screen.await("all of it seen", () -> problem.getHeight() >= problem.getPreferredSize().height);
    screen.picture("open-problem", window.frame());
    assertThat(EventThread.call(() -> problem.getAccessibleContext().getAccessibleName()))
        .startsWith("Problem: A name consists of letters");
    screen.type("c");
    Screen.await("no problem", () -> problem.getText().isEmpty());
    assertThat(EventThread.call(() -> problem.getAccessibleContext().getAccessibleName()))
        .isEqualTo("No problem");
    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("no dialog", () -> Windows.dialog().isEmpty());
    assertThat(EventThread.call(() -> window.tabs().all())).hasSize(1);
  }

  @Test
  void shouldListDocumentsOfDeviceAndOpenOneByArrowKeys() {
    screen.type("kept");
    openByDialog("agenda");
    screen.press(KeyEvent.VK_S, KeyEvent.VK_CONTROL);
    screen.press(KeyEvent.VK_PAGE_UP, KeyEvent.VK_CONTROL);
    awaitFront("minutes");
    screen.press(KeyEvent.VK_W, KeyEvent.VK_CONTROL);
    awaitFront("agenda");

    JDialog dialog = openDialog();
    JList<?> list = Screen.find(dialog, JList.class, "documents here");
    Screen.await("the list", () -> list.getModel().getSize() > 0);
    screen.type("min");
    Screen.await("what is typed chosen from the list", () -> list.getModel().getSize() == 1);
    screen.press(KeyEvent.VK_DOWN);
    Screen.await("the list with the focus", list::isFocusOwner);
    screen.picture("open", window.frame());
    screen.press(KeyEvent.VK_ENTER);
    awaitFront("minutes");
    assertThat(shown()).isEqualTo("kept");
  }

  @Test
  void shouldTellOfEachDocumentWhenWindowIsClosed() {
    screen.type("warp");
    openByDialog("agenda");
    screen.type("weft");
    awaitShown("weft");
    EventThread.run(window::close);
    assertThat(window.closed().join().stream().map(ClosingReport::describe))
        .containsExactly(
            "minutes is kept in " + directory + ".", "agenda is kept in " + directory + ".");

    open("agenda");
    assertThat(shown()).isEqualTo("weft");
    assertThat(window.workspace().lastOpened())
        .isEqualTo(List.of(new DocumentId("agenda"), new DocumentId("minutes")));
    assertThat(EventThread.call(this::recent)).containsExactly("minutes");
  }

  /** Returns what File, Open Recent lists, once File is opened. */
  private List<String> recent() {
    JMenu file = window.frame().getRootPane().getJMenuBar().getMenu(0);
    file.doClick();
    JMenu recent =
        Stream.of(file.getMenuComponents())
            .filter(part -> part instanceof JMenu menu && menu.getText().equals("Open Recent"))
            .map(JMenu.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(recent.isEnabled()).isTrue();
    List<String> documents =
        Stream.of(recent.getMenuComponents()).map(part -> ((JMenuItem) part).getText()).toList();
    MenuSelectionManager.defaultManager().clearSelectedPath();
    return documents;
  }

  @Test
  void shouldCloseWindowWhenItsLastTabsAreClosedTogether() {
    openByDialog("agenda");
    screen.type("weft");
    awaitShown("weft");
    EventThread.run(
        () -> {
          window.closeTab();
          window.tabs().selectNext(1);
          window.closeTab();
        });
    Screen.await("the window's end", () -> window.closed().isDone());
    assertThat(window.closed().join().stream().map(ClosingReport::describe))
        .containsExactlyInAnyOrder(
            "nothing was written into minutes.", "agenda is kept in " + directory + ".");
  }

  @Test
  void shouldCloseOnlyTabOnceTheNextDocumentIsOpen() {
    screen.type("kept");
    awaitShown("kept");
    EventThread.run(
        () -> {
          window.open(new DocumentId("agenda"));
          window.closeTab();
        });
    awaitFront("agenda");
    Screen.await("one tab", () -> window.tabs().all().size() == 1);
    assertThat(window.closed()).isNotDone();

    EventThread.run(window::close);
    assertThat(window.closed().join().stream().map(ClosingReport::describe))
        .containsExactly(
            "minutes is kept in " + directory + ".", "nothing was written into agenda.");
  }

  @Test
  void shouldKeepOnlyTabWhenTheNextDocumentCannotBeOpened() {
    SharedText elsewhere = window.workspace().open(new DocumentId("agenda"));
    EventThread.run(
        () -> {
          window.open(new DocumentId("agenda"));
          window.closeTab();
        });
    Screen.await(
        "the notice",
        () ->
            Screen.find(window.tab().pane(), JTextArea.class, "notice")
                .getText()
                .startsWith("agenda cannot be opened"));
    Screen.await("a text that takes edits", () -> window.tab().area().isEditable());
    assertThat(window.tab().text().documentId()).isEqualTo(new DocumentId("minutes"));
    assertThat(window.closed()).isNotDone();
    elsewhere.close();
  }

  @Test
  void shouldKeepOtherNoticesWhenDocumentIsOpen() {
    EditorTab minutes = EventThread.call(window::tab);
    EventThread.run(
        () -> {
          window.open(new DocumentId("agenda"));
          minutes.pane().notice().show(StatusSign.REFUSED, "Not saved");
        });
    awaitFront("agenda");
    assertThat(
            EventThread.call(
                () -> Screen.find(minutes.pane(), JTextArea.class, "notice").getText()))
        .isEqualTo("Not saved");
  }

  @Test
  void shouldTellOfSaveThatWasConfirmedBeforeItWasKeptOpen() {
    EditorTab minutes = EventThread.call(window::tab);
    screen.type("warp");
    awaitShown("warp");
    EventThread.run(
        () -> {
          minutes.save();
          minutes.setFrozen(true);
        });
    Screen.await("the tick", () -> minutes.words().saves().text().equals("Saved on this device"));
    EventThread.settle();
    EventThread.run(() -> minutes.setFrozen(false));
    Screen.await(
        "the notice",
        () ->
            Screen.find(minutes.pane(), JTextArea.class, "notice")
                .getText()
                .startsWith("Save confirmed"));
  }

  @Test
  void shouldColorSyntaxByName() {
    EventThread.run(() -> window.open(new DocumentId("Main.java")));
    awaitFront("Main.java");
    assertThat(EventThread.call(() -> window.tab().area().getSyntaxEditingStyle()))
        .isEqualTo(SyntaxConstants.SYNTAX_STYLE_JAVA);
    assertThat(SyntaxByName.of(new DocumentId("minutes")))
        .isEqualTo(SyntaxConstants.SYNTAX_STYLE_NONE);
    assertThat(SyntaxByName.of(new DocumentId("Notes.MD")))
        .isEqualTo(SyntaxConstants.SYNTAX_STYLE_MARKDOWN);
  }
}
