package dev.weft.desktop;

import dev.weft.client.SharedText;
import dev.weft.desktop.network.NetworkLink;
import dev.weft.store.DocumentId;
import java.awt.Dimension;
import java.awt.GraphicsEnvironment;
import java.awt.Rectangle;
import java.awt.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.swing.SwingUtilities;

/**
 * Two editors side by side on one document, each with a store and a network of its own as if on two
 * machines, and a panel from which these networks and the relay are broken and mended. Thread-safe.
 */
public final class DesktopDemo implements AutoCloseable {
  private static final int GAP = 8;
  private static final int WIDEST = 760;
  private static final int HIGHEST = 620;

  private final EditorWindow left;
  private final EditorWindow right;
  private final NetworkPanel network;
  private final CompletableFuture<List<ClosingReport>> closed;

  private DesktopDemo(EditorWindow left, EditorWindow right, NetworkPanel network, Links links) {
    this.left = left;
    this.right = right;
    this.network = network;
    closed =
        left.closed()
            .thenCombine(right.closed(), DesktopDemo::together)
            .whenComplete((reports, failure) -> network.close())
            .thenApplyAsync(
                reports -> {
                  links.close();
                  return reports;
                });
  }

  /**
   * Opens the windows. Returns when they are shown; waits for the disk but not for the relay, and
   * must not be called on the event dispatch thread.
   *
   * @param relay runs, and is the caller's to end after this
   * @param greeting what the document says if it is empty, written by the left editor
   * @param leftDirectory where the left editor keeps what it has, created if missing, and deleted
   *     by the caller in the end
   * @param rightDirectory the same for the right one
   * @throws IOException if there is no port for a network
   * @throws IllegalStateException if no window can be opened here
   * @throws dev.weft.store.StoreException if a store cannot be opened, or is in use elsewhere
   */
  public static DesktopDemo open(
      DocumentId document,
      DemoRelay relay,
      String greeting,
      Path leftDirectory,
      Path rightDirectory)
      throws IOException {
    Displays.requireOne();
    Links links = Links.to(relay);
    try {
      return open(document, relay, links, greeting, leftDirectory, rightDirectory);
    } catch (RuntimeException e) {
      links.close();
      throw e;
    }
  }

  private static DesktopDemo open(
      DocumentId document,
      DemoRelay relay,
      Links links,
      String greeting,
      Path leftDirectory,
      Path rightDirectory) {
    Workspace left = Workspace.openThrough(links.left.uri(), relay.uri(), leftDirectory);
    Workspace right;
    try {
      right = Workspace.openThrough(links.right.uri(), relay.uri(), rightDirectory);
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
      return Displays.show(() -> show(left, leftText, right, rightText, relay, links));
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
      Workspace left,
      SharedText leftText,
      Workspace right,
      SharedText rightText,
      DemoRelay relay,
      Links links) {
    Appearance.setUp(left.keptLook().dark());
    // Both are the same person, who could not tell the carets apart.
    left.people().setOwnName("Left");
    right.people().setOwnName("Right");
    EditorWindow leftWindow = new EditorWindow(left, leftText, " (left) - Weft", System::nanoTime);
    EditorWindow rightWindow =
        new EditorWindow(right, rightText, " (right) - Weft", System::nanoTime);
    RelaySwitch relaySwitch = new RelaySwitch(relay, List.of(links.left, links.right));
    NetworkPanel network =
        new NetworkPanel(
            leftWindow, links.left, rightWindow, links.right, relaySwitch, relay.uri());
    Rectangle screen = usableScreen();
    place(leftWindow.frame(), rightWindow.frame(), network.frame(), screen);
    // What stands around the panel is known, and has its place, only now.
    network.frame().pack();
    place(leftWindow.frame(), rightWindow.frame(), network.frame(), screen);
    rightWindow.frame().setVisible(true);
    network.frame().setVisible(true);
    leftWindow.frame().setVisible(true);
    return new DesktopDemo(leftWindow, rightWindow, network, links);
  }

  private static Rectangle usableScreen() {
    return GraphicsEnvironment.getLocalGraphicsEnvironment().getMaximumWindowBounds();
  }

  /**
   * Puts the editors side by side and the panel below them, in the middle of the screen. The panel
   * has what it needs; the editors, up to a size at which text is read well, what is left.
   */
  static void place(Window left, Window right, Window panel, Rectangle screen) {
    Dimension panelSize = panel.getPreferredSize();
    int width = Math.min(WIDEST, (screen.width - 3 * GAP) / 2);
    int height = Math.min(HIGHEST, screen.height - panelSize.height - 3 * GAP);
    int x = screen.x + (screen.width - 2 * width - GAP) / 2;
    int y = screen.y + (screen.height - height - GAP - panelSize.height) / 2;
    left.setBounds(x, y, width, height);
    right.setBounds(x + width + GAP, y, width, height);
    panel.setBounds(
        screen.x + (screen.width - panelSize.width) / 2,
        y + height + GAP,
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

  /** The networks of both editors. */
  private record Links(NetworkLink left, NetworkLink right) implements AutoCloseable {
    static Links to(DemoRelay relay) throws IOException {
      NetworkLink left = NetworkLink.to(relay.uri());
      try {
        return new Links(left, NetworkLink.to(relay.uri()));
      } catch (IOException e) {
        left.close();
        throw e;
      }
    }

    @Override
    public void close() {
      left.close();
      right.close();
    }
  }
}
