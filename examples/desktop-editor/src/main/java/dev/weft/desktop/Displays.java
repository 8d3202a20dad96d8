package dev.weft.desktop;

import java.awt.AWTError;
import java.awt.GraphicsEnvironment;
import java.awt.HeadlessException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import javax.swing.JDialog;
import javax.swing.SwingUtilities;

/** The display that windows are opened on, if there is one. Stateless. */
final class Displays {
  private static final String TEXT_SMOOTHING = "awt.useSystemAAFontSettings";

  private Displays() {}

  /** Returns why no window can be opened, as a sentence without its full stop; empty if one can. */
  static Optional<String> whyNone() {
    try {
      if (!GraphicsEnvironment.isHeadless()
          && GraphicsEnvironment.getLocalGraphicsEnvironment().getScreenDevices().length > 0) {
        return Optional.empty();
      }
      return Optional.of("there is no display to open a window on");
    } catch (HeadlessException | AWTError | LinkageError e) {
      // The display named cannot be reached, or this Java has no window toolkit.
      String reason = e.getMessage();
      return Optional.of(
          "no window can be opened on the display"
              + (reason == null ? "" : ": " + reason.strip().lines().findFirst().orElse("")));
    }
  }

  /**
   * Requires that a window can be opened.
   *
   * @throws IllegalStateException if not, with the reason as a sentence
   */
  static void requireOne() {
    Optional<String> reason = whyNone();
    if (reason.isPresent()) {
      throw new IllegalStateException(reason.get());
    }
  }

  /**
   * Opens windows on the event dispatch thread and waits for it.
   *
   * @param opening opens them
   * @param workspaces what they show; closed if that fails
   */
  static <T> T show(Supplier<T> opening, Workspace... workspaces) {
    smoothTextWithoutDesktop();
    CompletableFuture<T> shown =
        CompletableFuture.supplyAsync(opening, SwingUtilities::invokeLater);
    try {
      return shown.join();
    } catch (CompletionException e) {
      for (Workspace workspace : workspaces) {
        workspace.close();
      }
      throw new IllegalStateException("the window cannot be opened: " + e.getCause(), e);
    }
  }

  /**
   * Makes a dialog as large as it needs to be, in the middle of its owner. It has its place before
   * it is on the display: without a window manager there, Java may lose one that is changed just
   * after, and have the clicks, menus and tips of the dialog elsewhere.
   */
  static void packOverOwner(JDialog dialog) {
    dialog.setSize(dialog.getPreferredSize());
    dialog.setLocationRelativeTo(dialog.getOwner());
    dialog.pack();
  }

  /**
   * A desktop tells Java how to draw text. Where there is none, on a bare X server, Java draws it
   * jagged unless told before the first window.
   */
  private static void smoothTextWithoutDesktop() {
    if (System.getenv("XDG_CURRENT_DESKTOP") == null
        && System.getProperty(TEXT_SMOOTHING) == null
        && System.getenv("DISPLAY") != null) {
      System.setProperty(TEXT_SMOOTHING, "on");
    }
  }
}
