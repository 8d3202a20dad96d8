package dev.weft.desktop;

import dev.weft.client.SharedText;
import dev.weft.store.DocumentId;
import java.awt.Dimension;
import java.awt.GraphicsEnvironment;
import java.awt.Rectangle;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.swing.SwingUtilities;

/**
 * Two editors side by side on one document, each with a store of its own as if on two machines, and
 * a panel to cut the network of either. Thread-safe.
 */
public final class DesktopDemo implements AutoCloseable {
  private final EditorWindow left;
  private final EditorWindow right;
  private final NetworkPanel network;
  private final CompletableFuture<List<ClosingReport>> closed;

  private DesktopDemo(EditorWindow left, EditorWindow right, NetworkPanel network) {
    this.left = left;
    this.right = right;
    this.network = network;
    closed =
        left.closed()
            .thenCombine(right.closed(), DesktopDemo::together)
            .whenComplete((reports, failure) -> network.close());
  }

  /**
   * Opens the windows. Returns when they are shown; waits for the disk but not for the relay, and
   * must not be called on the event dispatch thread.
   *
   * @param relay the relay's address
   * @param greeting what the document says if it is empty, written by the left editor
   * @param leftDirectory where the left editor keeps what it has, created if missing, and deleted
   *     by the caller in the end
   * @param rightDirectory the same for the right one
   * @throws IllegalStateException if no window can be opened here
   * @throws IllegalArgumentException if {@code relay} is not the address of a relay
   * @throws dev.weft.store.StoreException if a store cannot be opened, or is in use elsewhere
   */
  public static DesktopDemo open(
      DocumentId document, URI relay, String greeting, Path leftDirectory, Path rightDirectory) {
    Displays.requireOne();
    Workspace left = Workspace.open(relay, null, leftDirectory, false);
    Workspace right;
    try {
      right = Workspace.open(relay, null, rightDirectory, false);
    } catch (RuntimeException e) {
      left.close();
      throw e;
    }
    try {
      SharedText leftText = left.open(document);
      SharedText rightText = right.open(document);
      leftText.transact(
          text -> {
            if (text.length() == 0) {
              text.insert(0, greeting);
            }
          });
      return Displays.show(() -> show(left, leftText, right, rightText));
    } catch (RuntimeException e) {
      left.close();
      right.close();
      throw e;
    }
  }

  private static List<ClosingReport> together(List<ClosingReport> left, List<ClosingReport> right) {
    return Stream.concat(left.stream(), right.stream()).toList();
  }

  private static DesktopDemo show(
      Workspace left, SharedText leftText, Workspace right, SharedText rightText) {
    Appearance.setUp();
    // Both are the same person, who could not tell the carets apart.
    left.people().setOwnName("Left");
    right.people().setOwnName("Right");
    EditorWindow leftWindow = new EditorWindow(left, leftText, " (left) - Weft", System::nanoTime);
    EditorWindow rightWindow =
        new EditorWindow(right, rightText, " (right) - Weft", System::nanoTime);
    NetworkPanel network = new NetworkPanel(leftWindow, rightWindow);
    place(leftWindow, rightWindow, network);
    rightWindow.frame().setVisible(true);
    network.frame().setVisible(true);
    leftWindow.frame().setVisible(true);
    return new DesktopDemo(leftWindow, rightWindow, network);
  }

  /** Puts the editors side by side and the panel below them, in the middle of the screen. */
  private static void place(EditorWindow left, EditorWindow right, NetworkPanel network) {
    Rectangle screen = GraphicsEnvironment.getLocalGraphicsEnvironment().getMaximumWindowBounds();
    Dimension panelSize = network.frame().getPreferredSize();
    int gap = 8;
    int width = Math.min(760, (screen.width - 3 * gap) / 2);
    int height = Math.min(620, screen.height - panelSize.height - 3 * gap);
    int x = screen.x + (screen.width - 2 * width - gap) / 2;
    int y = screen.y + (screen.height - height - gap - panelSize.height) / 2;
    left.frame().setBounds(x, y, width, height);
    right.frame().setBounds(x + width + gap, y, width, height);
    network
        .frame()
        .setBounds(
            screen.x + (screen.width - panelSize.width) / 2,
            y + height + gap,
            panelSize.width,
            panelSize.height);
  }

  /**
   * Returns what completes when the person has closed both editors and everything is stored, with
   * how each document stood, those of the left one first. It never fails.
   */
  public CompletableFuture<List<ClosingReport>> closed() {
    return closed.copy();
  }

  /**
   * Closes the windows without asking, as when the process is told to end, and waits until
   * everything is stored. Must not be called on the event dispatch thread. Closing again does
   * nothing.
   */
  @Override
  public void close() {
    SwingUtilities.invokeLater(left::closeUnasked);
    SwingUtilities.invokeLater(right::closeUnasked);
    closed.join();
  }

  EditorWindow left() {
    return left;
  }

  EditorWindow right() {
    return right;
  }

  NetworkPanel network() {
    return network;
  }
}
