package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.desktop.network.NetworkLink;
import dev.weft.store.DocumentId;
import dev.weft.store.ReservedPort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.swing.JLabel;
import javax.swing.JTextArea;
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

  private String connection() {
    return EventThread.call(
        () -> Screen.find(window.tab().pane(), JLabel.class, "connection").getText());
  }

  private String notice() {
    return EventThread.call(
        () -> Screen.find(window.tab().pane(), JTextArea.class, "notice").getText());
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
  void shouldSayItOnceAndStayOfflineInWordsWhileItIsTried() {
    Screen.await("a notice", this::isTold);
    EventThread.run(() -> window.tab().pane().notice().clear());
    Set<Connection> seen = new HashSet<>();
    // Attempts fail at once here: they are told of only when they are looked at often.
    Screen.await(
        "three attempts",
        () -> {
          window.connectNow();
          seen.add(window.tab().text().status().connection());
          assertThat(window.tab().wordsNow().connection().text()).startsWith("Offline");
          assertThat(window.tab().wordsNow().remedies()).containsExactly(Remedy.CONNECT);
          assertThat(isTold()).isFalse();
          return seen.contains(Connection.CONNECTING) && seen.contains(Connection.OFFLINE);
        });

    EventThread.run(window::toggleOffline);
    Screen.await("by choice", () -> connection().startsWith("Working offline"));
    EventThread.run(window::toggleOffline);
    Screen.await("told again", this::isTold);
  }
}
