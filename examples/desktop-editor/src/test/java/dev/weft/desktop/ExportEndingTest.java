package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.store.DocumentId;
import java.awt.Component;
import java.awt.Container;
import java.awt.event.KeyEvent;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javax.swing.JComboBox;
import javax.swing.JDialog;
import javax.swing.JFileChooser;
import javax.swing.JTextArea;
import javax.swing.JTextField;
import javax.swing.filechooser.FileFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The name in the dialog that exports, as a person sees it while choosing the file type. */
@RequiresDisplay
class ExportEndingTest {
  @TempDir Path directory;

  private final Screen screen = new Screen();
  private EditorWindow window;
  private JFileChooser chooser;
  private JTextField name;

  @BeforeEach
  void open() {
    Workspace workspace = Workspace.open(null, null, directory.resolve("store"), true);
    SharedText text = workspace.open(new DocumentId("minutes.2026"));
    text.insert(0, "warp");
    window = Windows.open(workspace, text);
    screen.click(window.tab().area());
    Screen.await("the focus", () -> window.tab().area().isFocusOwner());
    screen.press(KeyEvent.VK_E, KeyEvent.VK_CONTROL);
    JDialog asking = Windows.awaitDialog("Export minutes.2026");
    chooser = Screen.find(asking, JFileChooser.class);
    // The chooser asks for the focus for its button, and has it once the dialog has.
    Screen.await("the focus", () -> asking.isFocused() && asking.getFocusOwner() != null);
    name = Screen.find(chooser, JTextField.class);
    assertThat(shown()).isEqualTo("minutes.2026");
    goTo(directory);
  }

  @AfterEach
  void close() {
    EventThread.run(chooser::cancelSelection);
    EventThread.run(window::closeUnasked);
    window.closed().join();
  }

  // --- What is done ---

  private void goTo(Path folder) {
    EventThread.run(() -> chooser.setCurrentDirectory(folder.toFile()));
  }

  private void enter(String words) {
    EventThread.run(() -> name.setText(words));
  }

  private void chooseText() {
    choose(chooser.getAcceptAllFileFilter());
  }

  private void chooseHistory() {
    choose(chooser.getChoosableFileFilters()[1]);
  }

  private void choose(FileFilter type) {
    EventThread.run(() -> types(chooser).orElseThrow().setSelectedItem(type));
  }

  private void approve() {
    EventThread.run(() -> chooser.getRootPane().getDefaultButton().doClick());
  }

  private static Optional<JComboBox<?>> types(Container within) {
    return Stream.of(within.getComponents())
        .flatMap(
            part ->
                part instanceof JComboBox<?> box && box.getSelectedItem() instanceof FileFilter
                    ? Stream.of(box)
                    : typesWithin(part).stream())
        .findFirst();
  }

  private static Optional<JComboBox<?>> typesWithin(Component part) {
    return part instanceof Container container ? types(container) : Optional.empty();
  }

  // --- What is seen ---

  private String shown() {
    return EventThread.call(name::getText);
  }

  /** Tells of the name that was entered as text, then as history, and as text again. */
  private String lookingAtHistory(String entered) {
    enter(entered);
    chooseHistory();
    String withHistory = shown();
    chooseText();
    return withHistory + ", " + shown();
  }

  private void awaitExported(Path file) {
    JTextArea notice = Screen.find(window.tab().pane(), JTextArea.class, "notice");
    Screen.awaitWords(
        "export to " + file, notice::getText, words -> words.contains("Exported to " + file));
  }

  @Test
  void shouldEndNameThatIsTypedAsTypeSays() throws Exception {
    EventThread.run(name::requestFocusInWindow);
    Screen.await("the focus", name::isFocusOwner);
    screen.press(KeyEvent.VK_A, KeyEvent.VK_CONTROL);
    screen.type("agenda.txt");
    Screen.await("the name", () -> name.getText().equals("agenda.txt"));

    chooseHistory();
    assertThat(shown()).isEqualTo("agenda.weft");
    chooseText();
    assertThat(shown()).isEqualTo("agenda.txt");
    Path folder = Files.createDirectory(directory.resolve("folder"));
    goTo(folder);
    chooseHistory();
    assertThat(shown()).isEqualTo("agenda.weft");

    screen.press(KeyEvent.VK_ENTER);
    awaitExported(folder.resolve("agenda.weft"));
    byte[] exported = Files.readAllBytes(folder.resolve("agenda.weft"));
    assertThat(TextDocument.load(new ReplicaId(7), exported).text()).isEqualTo("warp");
  }

  @Test
  void shouldLeaveNameWholeThatHasNoEndingOfEitherType() {
    assertThat(lookingAtHistory("minutes v2.final"))
        .isEqualTo("minutes v2.final.weft, minutes v2.final");
    assertThat(lookingAtHistory("minutes")).isEqualTo("minutes.weft, minutes");
    assertThat(lookingAtHistory("MINUTES.TXT")).isEqualTo("MINUTES.weft, MINUTES.TXT");

    chooseHistory();
    enter("minutes v2.final");
    chooseText();
    assertThat(shown()).isEqualTo("minutes v2.final");
    chooseHistory();
    enter("minutes v2.final");
    approve();
    awaitExported(directory.resolve("minutes v2.final.weft"));
  }

  @Test
  void shouldEndNameOfHistoryAsTextWhenTypeIsText() {
    chooseHistory();
    assertThat(shown()).isEqualTo("minutes.2026.weft");
    enter("june.weft");
    chooseText();
    assertThat(shown()).isEqualTo("june.txt");
    assertThat(lookingAtHistory("june.weft")).isEqualTo("june.weft, june.txt");

    chooseHistory();
    File clicked = directory.resolve("older.weft").toFile();
    EventThread.run(() -> chooser.setSelectedFile(clicked));
    chooseText();
    assertThat(shown()).isEqualTo("older.txt");
    assertThat(EventThread.call(chooser::getSelectedFile)).as("chosen in the list").isNull();
  }

  @Test
  void shouldKeepOwnEndingOfNameThatWasEndedAndThenChanged() {
    enter("notes.md");
    chooseHistory();
    assertThat(shown()).isEqualTo("notes.md.weft");
    enter("notes2.md.weft");
    chooseText();
    assertThat(shown()).isEqualTo("notes2.md");
  }

  @Test
  void shouldNotGoBackToFileThatWasClickedBefore() throws Exception {
    Path clicked = Files.writeString(directory.resolve("older.txt"), "older");
    EventThread.run(() -> chooser.setSelectedFile(clicked.toFile()));
    assertThat(shown()).isEqualTo("older.txt");
    assertThat(lookingAtHistory("newer.txt")).isEqualTo("newer.weft, newer.txt");
    approve();
    awaitExported(directory.resolve("newer.txt"));
    assertThat(clicked).hasContent("older");
  }

  @Test
  void shouldGiveNoEndingToWhatNamesNoFile() {
    assertThat(lookingAtHistory("")).isEqualTo(", ");
    assertThat(lookingAtHistory("store")).isEqualTo("store, store");
    assertThat(lookingAtHistory("no folder yet/")).isEqualTo("no folder yet/, no folder yet/");
    // A pattern is looked for, not exported to.
    chooseHistory();
    enter("*.weft");
    approve();
    assertThat(shown()).isEqualTo("*.weft");
    assertThat(EventThread.call(chooser::isShowing)).isTrue();
    enter("*.md");
    approve();
    chooseHistory();
    assertThat(shown()).isEqualTo("*.md");
  }
}
