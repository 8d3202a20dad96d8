package dev.weft.desktop.binding;

import java.awt.Point;
import javax.swing.JViewport;
import javax.swing.SwingUtilities;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a viewport in place while a caret that is out of sight moves because others edit. Swing's
 * caret scrolls itself into sight, in an event of its own, whenever it moves; this waits for that
 * event and takes the viewport back. Between the two nothing is painted, so nothing flickers: only
 * blitting would paint at once, so it is off meanwhile. Confined to the event dispatch thread.
 */
final class ScrollHold {
  private int outstanding;
  private int scrollMode;
  private @Nullable Point wanted;

  /** Keeps the viewport where it is now, past what the caret has queued already. */
  void hold(JViewport viewport) {
    wanted = viewport.getViewPosition();
    if (outstanding++ == 0) {
      scrollMode = viewport.getScrollMode();
      viewport.setScrollMode(JViewport.SIMPLE_SCROLL_MODE);
    }
    SwingUtilities.invokeLater(() -> takeBack(viewport));
  }

  private void takeBack(JViewport viewport) {
    if (wanted != null) {
      viewport.setViewPosition(wanted);
    }
    if (--outstanding == 0) {
      wanted = null;
      viewport.setScrollMode(scrollMode);
    }
  }
}
