package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SharedText;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.relay.Authenticator;
import dev.weft.relay.DocumentAccess;
import dev.weft.relay.Identity;
import dev.weft.store.DocumentId;
import java.awt.event.KeyEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JPasswordField;
import javax.swing.JTextArea;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A window at a relay that does not take everything, driven by keys and the mouse. */
@RequiresDisplay
class RelayAnswersTest {
  @TempDir Path directory;

  private final Screen screen = new Screen();
  private Loopback relay;
  private EditorWindow window;

  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  @BeforeEach
  void open() {
    relay = new Loopback(directory.resolve("relay"), this::whoBears);
    Workspace workspace = Workspace.open(relay.uri(), null, directory.resolve("editor"), true);
    SharedText text = workspace.open(new DocumentId("minutes"));
    window = Windows.open(workspace, text, 900, System::nanoTime);
  }

  @AfterEach
  void close() {
    EventThread.run(window::closeUnasked);
    window.closed().join();
    relay.close();
  }

  private CompletableFuture<Authenticator.Answer> whoBears(String token, String peer) {
    asked.add(token);
    return CompletableFuture.completedFuture(
        switch (token) {
          case "writer" -> Identity.ofWriter("writer");
          case "reader" -> new Identity("reader", null, document -> DocumentAccess.READ);
          default -> Authenticator.Refused.unauthorised("Nobody here has that token.");
        });
  }

  private JLabel label(String name) {
    return Screen.find(window.tab().pane(), JLabel.class, name);
  }

  private void awaitWords(String field, String words) {
    Screen.awaitWords(
        field + " \"" + words + "\"",
        () -> label(field).getText(),
        shown -> shown.startsWith(words));
  }

  private void awaitExplained(String words) {
    Screen.awaitWords(
        "explanation with \"" + words + "\"",
        () -> window.tab().words().saves().explanation(),
        shown -> shown.contains(words));
  }

  /** In a window that is as wide as windows are when they open. */
  private void assertShownWhole(String... fields) {
    EventThread.run(() -> window.frame().setSize(720, 480));
    for (String field : fields) {
      Screen.await(
          field + " not cut off",
          () ->
              window.tab().pane().getWidth() == 720
                  && label(field).getWidth() >= label(field).getPreferredSize().width);
    }
  }

  private void awaitNotice(String words) {
    Screen.awaitWords(
        "notice \"" + words + "\"",
        () -> Screen.find(window.tab().pane(), JTextArea.class, "notice").getText(),
        shown -> window.tab().pane().notice().isVisible() && shown.startsWith(words));
  }

  private void choose(Remedy remedy) {
    screen.click(() -> Screen.search(window.tab().pane(), JButton.class, remedy.label()));
  }

  private void signIn(String token) {
    choose(Remedy.SIGN_IN);
    JPasswordField field = Screen.find(Windows.awaitDialog(), JPasswordField.class, "token");
    Screen.await("the focus", field::isFocusOwner);
    screen.type(token + "\n");
    Screen.await("no dialog", () -> Windows.dialog().isEmpty());
  }

  private void type(String text) {
    screen.click(window.tab().area());
    Screen.await("the focus", () -> window.tab().area().isFocusOwner());
    screen.type(text);
  }

  @Test
  void shouldConnectWhenPersonSignsIn() {
    awaitWords("connection", "Refused by the relay");
    type("written before");
    awaitWords("saves", "Not saved: refused");
    assertShownWhole("connection", "saves");
    awaitNotice("The relay refuses this editor: ");
    screen.picture("refused", window.frame());

    screen.click(() -> Screen.search(window.tab().pane(), JButton.class, "Dismiss"));
    Screen.await("no notice", () -> !window.tab().pane().notice().isVisible());
    awaitExplained("14 changes");
    type("a");
    awaitExplained("15 changes");
    assertThat(EventThread.call(() -> window.tab().pane().notice().isVisible())).isFalse();
    signIn("nobody");
    Screen.await("the relay's look at the token", () -> asked.contains("nobody"));
    awaitNotice("The relay refuses this editor: ");
    awaitWords("connection", "Refused by the relay");
    signIn("writer");
    awaitWords("connection", "Connected");
    Screen.await("no notice", () -> !window.tab().pane().notice().isVisible());
    awaitWords("saves", Windows.SAVED_ON_RELAY);
    assertThat(window.tab().words().remedies()).isEmpty();

    // Signing in is choosing to connect.
    EventThread.run(window::toggleOffline);
    awaitWords("connection", "Working offline");
    EventThread.run(() -> window.workspace().signIn("writer"));
    awaitWords("connection", "Connected");
    assertThat(EventThread.call(window::isOfflineByChoice)).isFalse();
  }

  @Test
  void shouldTellAgainWhenRelayRefusesAgainBeforeAnythingElseWasSeen() {
    awaitNotice("The relay refuses this editor: ");
    screen.click(() -> Screen.search(window.tab().pane(), JButton.class, "Dismiss"));
    Screen.await("no notice", () -> !window.tab().pane().notice().isVisible());

    asked.clear();
    EventThread.run(
        () -> {
          window.connectNow();
          while (asked.isEmpty()
              || window.tab().text().status().connection() != Connection.REFUSED) {
            Thread.onSpinWait();
          }
        });
    awaitNotice("The relay refuses this editor: ");
  }

  @Test
  void shouldLeaveOtherNoticesWhenRelayTakesEditorAgain() {
    awaitNotice("The relay refuses this editor: ");
    EventThread.run(() -> window.tab().pane().notice().show(StatusSign.SAVED, "Exported."));
    signIn("writer");
    awaitWords("connection", "Connected");
    awaitNotice("Exported.");
  }

  @Test
  void shouldAskRelayAgainWhenPersonTriesAgain() {
    awaitWords("connection", "Refused by the relay");
    type("mine");
    // With the first letter come other buttons.
    awaitWords("saves", "Not saved: refused");
    signIn("reader");
    Screen.await("a refused edit", () -> !window.tab().text().deadLetters().isEmpty());
    awaitWords("degradations", "Read-only");
    Instant refused = window.tab().text().deadLetters().get(0).refusedAt();
    choose(Remedy.SHOW_REFUSED);
    JDialog dialog = Windows.awaitDialog();
    EventThread.run(
        () -> Screen.find(dialog, JButton.class, RefusedEditsDialog.TRY_AGAIN).doClick());
    Screen.await(
        "refused again",
        () ->
            window.tab().text().deadLetters().stream()
                .anyMatch(letter -> letter.refusedAt().isAfter(refused)));
    signIn("writer");
    awaitWords("saves", Windows.SAVED_ON_RELAY);

    SwingUtilities.invokeLater(() -> RefusedEditsDialog.show(window.tab(), window.workspace()));
    JDialog again = Windows.awaitDialog();
    assertThat(Screen.find(again, JTextArea.class, "refused").getText())
        .isEqualTo("Nothing is refused any more.");
    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("no dialog", () -> Windows.dialog().isEmpty());
  }

  @Test
  void shouldShowWhatWasRefusedAndSendItWhenPersonMayWrite() {
    awaitWords("connection", "Refused by the relay");
    type("mine");
    awaitWords("saves", "Not saved: refused");
    signIn("reader");
    awaitWords("connection", "Connected");
    awaitWords("saves", "Not saved: refused");
    awaitWords("degradations", "Read-only");
    Screen.await("a text that takes no edits", () -> !window.tab().area().isEditable());
    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("no notice", () -> !window.tab().pane().notice().isVisible());
    type("nothing more");
    awaitNotice("Nothing was written: you may read this text and not edit it.");
    assertThat(window.tab().text().text()).isEqualTo("mine");
    assertShownWhole("connection", "saves", "degradations");
    screen.picture("read-only", window.frame());

    choose(Remedy.SHOW_REFUSED);
    JDialog dialog = Windows.awaitDialog();
    JTextArea words = Screen.find(dialog, JTextArea.class, "refused");
    assertThat(words.getText())
        .startsWith("You wrote: mine\n")
        .contains(window.tab().text().deadLetters().get(0).reason() + " (read-only)")
        .contains("What you wrote later is sent only after it.")
        .contains("kept on this device");
    assertThat(EventThread.call(() -> dialog.getRootPane().getDefaultButton().getText()))
        .isEqualTo("Close");
    screen.picture("what-was-refused", window.frame());
    screen.press(KeyEvent.VK_ESCAPE);
    Screen.await("no dialog", () -> Windows.dialog().isEmpty());

    signIn("writer");
    awaitWords("saves", Windows.SAVED_ON_RELAY);
    Screen.await("no warning", () -> !label("degradations").isVisible());
    Screen.await("no notice", () -> !window.tab().pane().notice().isVisible());
    type("and more");
    Screen.await("all", () -> window.tab().area().getText().contains("and more"));
  }

  @Test
  void shouldMarkLinesThatAreNotSaved() {
    awaitNotice("The relay refuses this editor: ");
    signIn("writer");
    awaitWords("connection", "Connected");
    type("one\ntwo\nthree");
    Screen.await(
        "all of it saved",
        () ->
            window.tab().area().getText().equals("one\ntwo\nthree")
                && window.tab().text().status().undurableChanges() == 0);
    awaitMarked(false, false, false);

    EventThread.run(window::toggleOffline);
    awaitWords("connection", "Working offline");
    Screen.await("nothing said of who is here", () -> !label("people here").isVisible());
    screen.press(KeyEvent.VK_UP);
    screen.type("s");
    awaitMarked(false, true, false);
    screen.press(KeyEvent.VK_HOME, KeyEvent.VK_CONTROL);
    screen.type("\n");
    awaitMarked(true, true, true, false);
    assertShownWhole("connection", "saves");
    screen.picture("unsaved-lines", window.frame());

    List<Integer> barsWithTick = new ArrayList<>();
    EventThread.run(
        () ->
            label("saves")
                .addPropertyChangeListener(
                    "text", event -> SwingUtilities.invokeLater(() -> noteBars(barsWithTick))));
    choose(Remedy.CONNECT);
    awaitWords("saves", Windows.SAVED_ON_RELAY);
    EventThread.settle();
    assertThat(EventThread.call(() -> List.copyOf(barsWithTick))).isEmpty();
    awaitMarked(false, false, false, false);
  }

  /**
   * What the store does natively no event of the JVM tells: that it is not called there is {@code
   * EditorWindowTest}'s to see.
   */
  @Test
  void shouldReadAndWriteNothingOnEventThread() throws Exception {
    Path exported = directory.resolve("exported.txt");
    try (EventThreadIo io = new EventThreadIo(directory.resolve("recording.jfr"))) {
      signIn("writer");
      awaitWords("connection", "Connected");
      type("one");
      screen.press(KeyEvent.VK_S, KeyEvent.VK_CONTROL);
      awaitWords("saves", Windows.SAVED_ON_RELAY);
      EventThread.run(() -> window.open(new DocumentId("agenda")));
      Screen.await("the tab", () -> window.tabs().all().size() == 2);
      EventThread.run(() -> Export.write(window.tab(), window.workspace(), exported));
      Screen.await("the file", () -> Files.exists(exported));
      EventThread.run(window::closeTab);
      Screen.await("the tab closed", () -> window.tabs().all().size() == 1);
      EventThread.run(window::close);
      window.closed().join();

      EventThreadIo.Seen seen = io.end();
      assertThat(seen.all()).isPositive();
      assertThat(seen.onEventThread()).isEmpty();
    }
  }

  /** Notes the lines that have a bar while all is said to be saved: it may be but for a moment. */
  private void noteBars(List<Integer> barsWithTick) {
    for (int line = 0; line < 4; line++) {
      if (label("saves").getText().equals(Windows.SAVED_ON_RELAY)
          && window.tab().margin().isUnsaved(line)) {
        barsWithTick.add(line);
      }
    }
  }

  private void awaitMarked(boolean... expected) {
    Screen.await(
        "marks",
        () -> {
          for (int line = 0; line < expected.length; line++) {
            if (window.tab().margin().isUnsaved(line) != expected[line]) {
              return false;
            }
          }
          return true;
        });
  }
}
