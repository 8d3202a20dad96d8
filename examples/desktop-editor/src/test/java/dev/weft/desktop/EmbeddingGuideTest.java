package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.client.WeftClient;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.StoreLockedException;
import java.awt.Window;
import java.awt.event.WindowEvent;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JTextArea;
import javax.swing.text.BadLocationException;
import javax.swing.text.JTextComponent;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles the programs of {@code docs/EMBEDDING.md}, and runs them through a real relay. */
@RequiresDisplay
class EmbeddingGuideTest {
  private static final Path GUIDE = Path.of("..", "..", "docs", "EMBEDDING.md");
  private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("public final class (\\w+)");

  @TempDir private Path directory;

  @Test
  void shouldDoWhatTheGuideSays() throws Exception {
    Path classes = Files.createDirectory(directory.resolve("classes"));
    assertThat(compile(classes)).containsExactly("PlainNotes", "Notes", "TaskCounter");
    try (Loopback relay = new Loopback(directory.resolve("relay"));
        URLClassLoader loader =
            new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      showPlainNotes(loader);
      try (SqliteChangeStore store =
              SqliteChangeStore.open(directory.resolve("other"), new SecureRandom());
          WeftClient other = WeftClient.builder().store(store).relay(relay.uri()).build();
          AutoCloseable bot = startBot(loader, relay.uri())) {
        SharedText text = other.open(new DocumentId("minutes"));
        main(loader, "Notes", relay.uri().toString(), directory.resolve("notes").toString());
        JFrame notes = awaitFrame();
        JTextArea area = Screen.find(notes.getContentPane(), JTextArea.class);
        Screen.await("the bot's line", () -> area.getText().equals("Open tasks: 0\n"));

        EventThread.run(() -> append(area, "- [ ] warp\n"));
        Screen.await("one task", () -> area.getText().startsWith("Open tasks: 1\n"));
        Screen.await("the task there", () -> text.text().equals(area.getText()));
        text.transact(shared -> shared.insert(shared.length(), "- [ ] weft\n- [x] fringe\n"));
        Screen.await("two tasks", () -> area.getText().startsWith("Open tasks: 2\n"));
        EventThread.run(() -> Screen.find(notes, JButton.class, "Undo").doClick());
        Screen.await(
            "what others wrote",
            () -> area.getText().equals("Open tasks: 1\n- [ ] weft\n- [x] fringe\n"));

        EventThread.run(() -> Screen.find(notes, JButton.class, "Save").doClick());
        Screen.await(
            "the receipt", () -> notes.getTitle().equals("Notes, safe on the relay's disk"));
        relay.stop();
        EventThread.run(
            () -> {
              append(area, "- [ ] shuttle\n");
              assertThat(notes.getTitle()).as("what is said of newer text").isEqualTo("Notes");
            });
        JTextArea status = Screen.find(notes.getContentPane(), JTextArea.class, "status");
        Screen.await(
            "the relay is gone",
            () ->
                status.getText().startsWith("offline") || status.getText().contains("connecting"));
        EventThread.run(() -> assertAllSeen(status));
        EventThread.run(() -> Screen.find(notes, JButton.class, "Save").doClick());
        EventThread.run(
            () -> notes.dispatchEvent(new WindowEvent(notes, WindowEvent.WINDOW_CLOSING)));
        awaitStoreClosed(directory.resolve("notes"));
        EventThread.settle();
        assertThat(EventThread.call(notes::isDisplayable))
            .as("whether the window, which the save told of its end, keeps the program alive")
            .isFalse();
        assertThat(bot).isNotNull();
      }
    }
  }

  private static void assertAllSeen(JTextArea status) throws BadLocationException {
    assertThat(status.getText()).endsWith("14 changes waiting on this device");
    assertThat(status.getVisibleRect().contains(status.modelToView2D(status.getText().length())))
        .as("seen to its end: %s", status.getText())
        .isTrue();
  }

  private List<String> compile(Path classes) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Xlint:all,-serial",
                "-Werror",
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString()));
    List<String> names = new ArrayList<>();
    Matcher programs = PROGRAM.matcher(Files.readString(GUIDE));
    while (programs.find()) {
      Matcher name = NAME.matcher(programs.group(1));
      assertThat(name.find()).as(programs.group(1)).isTrue();
      names.add(name.group(1));
      Path file = directory.resolve(name.group(1) + ".java");
      Files.writeString(file, programs.group(1));
      arguments.add(file.toString());
    }
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, messages, messages, arguments.toArray(String[]::new));
    assertThat(status).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    return names;
  }

  private static void main(ClassLoader loader, String name, String... arguments)
      throws ReflectiveOperationException {
    loader.loadClass(name).getMethod("main", String[].class).invoke(null, new Object[] {arguments});
  }

  private void showPlainNotes(ClassLoader loader) throws Exception {
    main(loader, "PlainNotes");
    JFrame frame = awaitFrame();
    EventThread.run(frame::dispose);
  }

  private AutoCloseable startBot(ClassLoader loader, URI relay)
      throws ReflectiveOperationException {
    return (AutoCloseable)
        loader
            .loadClass("TaskCounter")
            .getConstructor(URI.class, Path.class)
            .newInstance(relay, directory.resolve("bot"));
  }

  private static JFrame awaitFrame() {
    Screen.await("the window", () -> frame().isPresent());
    return EventThread.call(() -> frame().orElseThrow());
  }

  private static Optional<JFrame> frame() {
    return Stream.of(Window.getWindows())
        .filter(window -> window instanceof JFrame && window.isShowing())
        .map(JFrame.class::cast)
        .filter(window -> window.getTitle().equals("Notes"))
        .findFirst();
  }

  private static void append(JTextComponent area, String typed) {
    area.setCaretPosition(area.getDocument().getLength());
    area.replaceSelection(typed);
  }

  /** Nobody else may have a store that is open. */
  private static void awaitStoreClosed(Path store) {
    Screen.await("the store closed", () -> isClosed(store));
  }

  private static boolean isClosed(Path store) {
    try (SqliteChangeStore opened = SqliteChangeStore.open(store, new SecureRandom())) {
      return opened.documents().contains(new DocumentId("minutes"));
    } catch (StoreLockedException inUse) {
      return false;
    }
  }
}
