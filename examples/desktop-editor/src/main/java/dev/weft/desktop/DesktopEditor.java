package dev.weft.desktop;

import dev.weft.client.SharedText;
import dev.weft.client.TokenSource;
import dev.weft.store.DocumentId;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.swing.SwingUtilities;
import org.jspecify.annotations.Nullable;

/**
 * A desktop editor: a window that begins with one document, and opens others in tabs. Thread-safe.
 *
 * <pre>{@code
 * DesktopEditor editor =
 *     DesktopEditor.open(new DocumentId("minutes"), URI.create("ws://localhost:4180"), directory);
 * editor.closed().join().forEach(report -> System.out.println(report.describe()));
 * }</pre>
 */
public final class DesktopEditor implements AutoCloseable {
  private final EditorWindow window;

  private DesktopEditor(EditorWindow window) {
    this.window = window;
  }

  /**
   * Returns why no window can be opened here, as a sentence for a person without its full stop;
   * empty if one can.
   */
  public static Optional<String> whyNoWindow() {
    return Displays.whyNone();
  }

  /**
   * Opens a document in a window. Returns when the window is shown; waits for the disk but not for
   * the relay, and must not be called on the event dispatch thread.
   *
   * @param relay the relay's address; null to keep the document on this device alone
   * @param storeDirectory where this editor keeps what it has, created if missing; one process at a
   *     time
   * @throws IllegalStateException if no window can be opened here
   * @throws IllegalArgumentException if {@code relay} is not the address of a relay
   * @throws dev.weft.store.StoreException if the store cannot be opened, or is in use elsewhere
   */
  public static DesktopEditor open(DocumentId document, @Nullable URI relay, Path storeDirectory) {
    return open(document, relay, null, storeDirectory);
  }

  /**
   * As {@link #open(DocumentId, URI, Path)}, at a relay that asks who this is.
   *
   * @param token gives the token for the relay; null for none
   */
  public static DesktopEditor open(
      DocumentId document, @Nullable URI relay, @Nullable TokenSource token, Path storeDirectory) {
    Displays.requireOne();
    Workspace workspace = Workspace.open(relay, token, storeDirectory, true);
    SharedText text = openIn(workspace, document);
    return new DesktopEditor(
        Displays.show(
            () -> {
              Appearance.setUp(workspace.keptLook().dark());
              EditorWindow window = new EditorWindow(workspace, text, " - Weft", System::nanoTime);
              window.frame().pack();
              window.frame().setLocationByPlatform(true);
              window.frame().setVisible(true);
              return window;
            },
            workspace));
  }

  private static SharedText openIn(Workspace workspace, DocumentId document) {
    try {
      return workspace.open(document);
    } catch (RuntimeException e) {
      workspace.close();
      throw e;
    }
  }

  /**
   * Returns what completes when the person has closed the window and everything is stored, with how
   * each document that was open in it stood when it was closed. It never fails.
   */
  public CompletableFuture<List<ClosingReport>> closed() {
    return window.closed();
  }

  /**
   * Closes the window without asking, as when the process is told to end, and waits until
   * everything is stored. Must not be called on the event dispatch thread. Closing again does
   * nothing.
   */
  @Override
  public void close() {
    SwingUtilities.invokeLater(window::closeUnasked);
    window.closed().join();
  }
}
