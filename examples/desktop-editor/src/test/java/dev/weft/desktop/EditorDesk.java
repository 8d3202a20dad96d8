package dev.weft.desktop;

import dev.weft.client.SharedText;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.fife.ui.rsyntaxtextarea.RSyntaxTextArea;

/** An editor on a screen, on an empty text that is at no relay. */
final class EditorDesk implements AutoCloseable {
  final EditorWindow window;
  final SharedText text;
  final RSyntaxTextArea area;

  EditorDesk(Path directory) {
    this(directory, System::nanoTime);
  }

  /** Creates one with a clock of its own. */
  EditorDesk(Path directory, LongSupplier ticker) {
    Workspace workspace = Workspace.open(null, null, directory, true);
    text = workspace.open(new DocumentId("minutes"));
    window = Windows.open(workspace, text, 720, ticker);
    area = window.tab().area();
  }

  /** Clicks into the text, to which keys go then. */
  void focus(Screen screen) {
    screen.click(area);
    Screen.await("focus", area::isFocusOwner);
  }

  /** Fills the text, which the area shows then. */
  void write(String written) {
    text.insert(0, written);
    Screen.await("the text", () -> area.getText().equals(written));
  }

  @Override
  public void close() {
    EventThread.run(window::closeUnasked);
    window.closed().join();
  }
}
