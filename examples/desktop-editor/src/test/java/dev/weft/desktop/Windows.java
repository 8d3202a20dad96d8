package dev.weft.desktop;

import dev.weft.client.SharedText;
import java.awt.Window;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.swing.JDialog;

/** The windows on a {@link Screen}: opens editors, and finds the dialogs that came up. */
final class Windows {
  /** What an editor says of a text that a relay has on its disk. */
  static final String SAVED_ON_RELAY = "Saved on the relay, written to its disk";

  private Windows() {}

  /** Opens an editor as large as editors are. */
  static EditorWindow open(Workspace workspace, SharedText text) {
    return open(workspace, text, 720, System::nanoTime);
  }

  /** Opens an editor; the workspace is closed if that fails. */
  static EditorWindow open(Workspace workspace, SharedText text, int width, LongSupplier ticker) {
    return Displays.show(
        () -> {
          Appearance.setUp(false);
          EditorWindow created = new EditorWindow(workspace, text, " - Weft", ticker);
          created.frame().setBounds(20, 20, width, 480);
          created.frame().setVisible(true);
          return created;
        },
        workspace);
  }

  /** Returns a dialog that is open. */
  static Optional<JDialog> dialog() {
    return dialog(any -> true);
  }

  /** Looked for in an event: a window that is under construction counts as showing. */
  private static Optional<JDialog> dialog(Predicate<JDialog> wanted) {
    return EventThread.call(
        () ->
            Stream.of(Window.getWindows())
                .filter(each -> each instanceof JDialog && each.isShowing())
                .map(JDialog.class::cast)
                .filter(wanted)
                .findFirst());
  }

  /** Waits for a dialog. */
  static JDialog awaitDialog() {
    Screen.await("a dialog", () -> dialog().isPresent());
    return dialog().orElseThrow();
  }

  /** Waits for a dialog with a title. */
  static JDialog awaitDialog(String title) {
    Predicate<JDialog> titled = each -> title.equals(each.getTitle());
    Screen.await("dialog " + title, () -> dialog(titled).isPresent());
    return dialog(titled).orElseThrow();
  }
}
