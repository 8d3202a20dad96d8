package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.network.NetworkLink;
import dev.weft.store.DocumentId;
import dev.weft.store.ReservedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.swing.JLabel;
import javax.swing.JTextArea;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A window whose relay is not there from the start, and comes. */
@RequiresDisplay
class UnreachedRelayTest {
  @TempDir Path directory;

  private final ReservedPort port = ReservedPort.any();
  private EditorWindow window;

  @BeforeEach
  void open() {
    URI relay = URI.create("ws://127.0.0.1:" + port.number());
    Workspace workspace = Workspace.open(relay, null, directory.resolve("editor"), true);
    window = Windows.open(workspace, workspace.open(new DocumentId("minutes")));
  }

  @AfterEach
  void close() {
    close(window);
    port.close();
  }

  private static void close(EditorWindow window) {
    EventThread.run(window::closeUnasked);
    window.closed().join();
  }

  private JLabel label() {
    return Screen.find(window.tab().pane(), JLabel.class, "connection");
  }

  private String connection() {
    return EventThread.call(() -> label().getText());
  }

  private JTextArea noticeText() {
    return Screen.find(window.tab().pane(), JTextArea.class, "notice");
  }

  private String notice() {
    return EventThread.call(() -> noticeText().getText());
  }

  private boolean isTold() {
    return window.tab().pane().notice().isVisible();
  }

  @Test
  void shouldSayWhyUntilRelayIsReached() {
    Screen.await("a notice", this::isTold);
    assertThat(notice())
        .startsWith("Not connected yet to ws://127.0.0.1:" + port.number() + ": ")
        .contains("connection refused");
    new Screen().picture("relay-not-reached", window.frame());

    try (Loopback relay = new Loopback(directory.resolve("relay"), port.number())) {
      Screen.await("connected", () -> connection().equals("Connected"));
      Screen.await("no notice", () -> !isTold());
      relay.stop();
      Screen.await("offline", () -> connection().startsWith("Offline"));
      // Who has been connected knows the address to be right.
      assertThat(EventThread.call(this::isTold)).isFalse();
    }
  }

  /** The demonstration's network is what the editor connects to, and nobody has heard of. */
  @Test
  void shouldNameRelayThatIsBehindNetworkOfDemonstration() throws IOException {
    URI relay = URI.create("ws://127.0.0.1:" + port.number() + "/relay");
    try (NetworkLink network = NetworkLink.to(relay)) {
      network.cut();
      Workspace demonstration =
          Workspace.openThrough(network.uri(), relay, directory.resolve("demonstration"));
      close(window);
      window = Windows.open(demonstration, demonstration.open(new DocumentId("minutes")));

      Screen.await("a notice", this::isTold);
      assertThat(notice()).startsWith("Not connected yet to " + relay + ": ");
      assertThat(demonstration.whereRelayIs()).startsWith("The relay is " + relay + ", ");
      close(window);
    }
  }

  @Test
  void shouldSayItOnceAndStayOfflineInWordsWhileItIsTried() throws IOException {
    Screen.await("a notice", this::isTold);
    List<String> shown = new ArrayList<>();
    List<String> told = new ArrayList<>();
    EventThread.run(
        () -> {
          window.tab().pane().notice().clear();
          label().addPropertyChangeListener("text", event -> shown.add(label().getText()));
          noticeText().getDocument().addDocumentListener(new Told(told));
        });
    for (int attempt = 0; attempt < 3; attempt++) {
      // An attempt that nobody refuses or answers lasts; one that fails at once may not be seen.
      ServerSocket silent = new ServerSocket(port.number(), 1, InetAddress.getLoopbackAddress());
      try {
        EventThread.run(window::connectNow);
        Screen.await("an attempt", () -> label().getText().endsWith("onnecting"));
        assertThat(EventThread.call(() -> window.tab().words().remedies()))
            .containsExactly(Remedy.CONNECT);
      } finally {
        silent.close();
      }
      Screen.await("the end of it", () -> label().getText().contains("next attempt in"));
    }
    assertThat(EventThread.call(() -> List.copyOf(shown)))
        .contains("Offline, connecting")
        .allMatch(words -> words.startsWith("Offline"));
    assertThat(EventThread.call(() -> List.copyOf(told))).isEmpty();

    EventThread.run(window::toggleOffline);
    Screen.await("by choice", () -> connection().startsWith("Working offline"));
    EventThread.run(window::toggleOffline);
    Screen.await("told again", this::isTold);
  }

  /** Hears whatever a notice says, also if that is what it said before. */
  private record Told(List<String> words) implements DocumentListener {
    @Override
    public void insertUpdate(DocumentEvent event) {
      Document notice = event.getDocument();
      try {
        words.add(notice.getText(event.getOffset(), event.getLength()));
      } catch (BadLocationException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void removeUpdate(DocumentEvent event) {}

    @Override
    public void changedUpdate(DocumentEvent event) {}
  }
}
