package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.desktop.DesktopEditor;
import dev.weft.store.SqliteChangeStore;
import java.awt.Component;
import java.awt.Container;
import java.awt.Frame;
import java.awt.Window;
import java.awt.event.WindowEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.swing.AbstractButton;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that open windows, where they can and where they cannot. */
class WindowCommandsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private final CommandRun weft = new CommandRun();

  @Test
  void shouldSayInOneSentenceThatThereIsNoDisplay() {
    assumeTrue(DesktopEditor.whyNoWindow().isPresent(), "there is a display here");

    assertThat(weft.run("edit", "minutes", "--store", directory.toString())).isEqualTo(1);
    assertThat(weft.run("demo")).isZero();

    assertThat(weft.err().lines())
        .containsExactly(
            "weft: there is no display to open a window on",
            "weft: there is no display to open a window on: this is 'weft demo --headless'");
    assertThat(weft.out()).contains("Both have the same");
  }

  @Test
  void shouldReturnAndSayWhereTextIsWhenWindowIsClosed() {
    requireDisplay();
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(
            () -> {
              String nobody = "ws://127.0.0.1:1";
              return weft.run(
                  "edit", "minutes", "--relay", nobody, "--store", directory.toString());
            });

    closeWhenOpen(1);
    closeWhateverIsAsked(status);

    assertThat(status.join()).isZero();
    assertThat(weft.out()).isEqualTo("nothing was written into minutes.\n");
    assertThat(weft.err()).isEmpty();
  }

  @Test
  void shouldSayWhereToOpenAnotherDocumentWhileEditorIsOpen() {
    requireDisplay();
    try (var open = SqliteChangeStore.open(directory, new SplittableRandom(1))) {
      assertThat(open.documents()).isEmpty();
      assertThat(weft.run("edit", "other", "--store", directory.toString())).isEqualTo(1);
    }

    assertThat(weft.err().lines())
        .singleElement()
        .asString()
        .startsWith("weft: the store in ")
        .contains(" is in use by ")
        .endsWith(
            ", or, if an editor has it, choose File, Open (Ctrl+O) in the window that is open");
    assertThat(weft.out()).isEmpty();
  }

  @Test
  void shouldEndDemoWhenBothEditorsAreClosed() {
    requireDisplay();
    CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> weft.run("demo"));

    closeWhenOpen(2);
    closeWhateverIsAsked(status);

    assertThat(status.join()).isZero();
    assertThat(weft.out()).startsWith("two editors on one document");
    assertThat(weft.err()).isEmpty();
  }

  @Test
  void shouldKillAndStartRelayOfDemo() {
    requireDisplay();
    CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> weft.run("demo"));

    awaitPart("Kill Relay", AbstractButton.class, AbstractButton::isEnabled);
    press("Kill Relay");
    awaitPart("Relay state", JLabel.class, label -> label.getText().equals("Killed"));
    press("Start Relay");
    awaitPart("Relay state", JLabel.class, label -> label.getText().equals("Running"));

    closeWhenOpen(2);
    closeWhateverIsAsked(status);
    assertThat(status.join()).isZero();
    assertThat(weft.err()).isEmpty();
  }

  /** A test that failed must not leave its windows to the next one, which would close those. */
  @AfterEach
  void disposeWhatIsLeft() {
    if (DesktopEditor.whyNoWindow().isEmpty()) {
      inEvent(
          () -> {
            for (Window window : Window.getWindows()) {
              window.dispose();
            }
            return true;
          });
    }
  }

  private static void press(String button) {
    inEvent(
        () -> {
          find(button, AbstractButton.class).ifPresent(AbstractButton::doClick);
          return true;
        });
  }

  /** Waits until a part of a window is as it should be. */
  private static <T extends Component> void awaitPart(
      String name, Class<T> kind, Predicate<T> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!inEvent(() -> find(name, kind).filter(wanted).isPresent())) {
      assertThat(System.nanoTime()).as("%s in time", name).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static <T extends Component> Optional<T> find(String name, Class<T> kind) {
    return Stream.of(Frame.getFrames())
        .filter(Window::isShowing)
        .flatMap(WindowCommandsTest::partsOf)
        .filter(part -> name.equals(part.getName()))
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst();
  }

  private static Stream<Component> partsOf(Container container) {
    return Stream.of(container.getComponents())
        .flatMap(
            part ->
                part instanceof Container inner
                    ? Stream.concat(Stream.of(part), partsOf(inner))
                    : Stream.of(part));
  }

  /** Where CI=true says that nothing may be left out, a missing display is a failure. */
  private static void requireDisplay() {
    boolean display = DesktopEditor.whyNoWindow().isEmpty();
    assumeTrue(
        display || "true".equals(System.getenv("CI")),
        "there is no display; start one (Xvfb :99 &) and set DISPLAY, or use .ci/run");
  }

  /** Closes editor windows as a window system does, once there are so many. */
  private static void closeWhenOpen(int count) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!inEvent(() -> areClosed(count))) {
      assertThat(System.nanoTime()).as("%d windows in time", count).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static boolean areClosed(int count) {
    List<Frame> editors =
        Stream.of(Frame.getFrames())
            .filter(Window::isShowing)
            .filter(frame -> frame.getTitle().endsWith("Weft"))
            .toList();
    if (editors.size() < count) {
      return false;
    }
    for (Frame editor : editors) {
      editor.dispatchEvent(new WindowEvent(editor, WindowEvent.WINDOW_CLOSING));
    }
    return true;
  }

  /** On a slow machine the relay may not have confirmed all yet; then the editor asks. */
  private static void closeWhateverIsAsked(CompletableFuture<Integer> status) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!status.isDone()) {
      assertThat(System.nanoTime()).as("the command ends in time").isLessThan(deadline);
      inEvent(
          () -> {
            for (Window window : Window.getWindows()) {
              if (window instanceof JDialog dialog && dialog.isShowing()) {
                clickClose(dialog);
              }
            }
            return true;
          });
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static void clickClose(Container within) {
    for (Component part : within.getComponents()) {
      if (part instanceof JButton button && "Close".equals(button.getText())) {
        button.doClick();
      } else if (part instanceof Container inner) {
        clickClose(inner);
      }
    }
  }

  /**
   * Asks in an event and waits for the answer. From another thread, a window that is under
   * construction may be seen: it counts as showing, and has no title.
   */
  private static <T> T inEvent(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, SwingUtilities::invokeLater)
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }
}
