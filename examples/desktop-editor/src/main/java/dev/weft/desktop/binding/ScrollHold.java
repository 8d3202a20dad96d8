package dev.weft.desktop.binding;

import java.awt.EventQueue;
import java.awt.Point;
import java.awt.event.InputEvent;
import javax.swing.JViewport;
import javax.swing.SwingUtilities;
import javax.swing.event.ChangeEvent;
import javax.swing.event.ChangeListener;

/**
 * Keeps a viewport in place while a caret that is out of sight moves because others edit. Swing's
 * caret scrolls itself into sight, in an event of its own, whenever it moves; this waits for that
 * event and takes the viewport back. Between the two nothing is painted, so nothing flickers: only
 * blitting would paint at once, and it is off meanwhile. Where the person scrolls to meanwhile, the
 * viewport stays. Confined to the event dispatch thread.
 */
final class ScrollHold implements ChangeListener {
  private Point wanted = new Point();
  private int outstanding;
  private int scrollMode;

  /** Keeps the viewport where it is now, past what the caret has queued already. */
  void hold(JViewport viewport) {
    wanted = viewport.getViewPosition();
    if (outstanding++ == 0) {
      scrollMode = viewport.getScrollMode();
      viewport.setScrollMode(JViewport.SIMPLE_SCROLL_MODE);
      viewport.addChangeListener(this);
    }
    SwingUtilities.invokeLater(() -> takeBack(viewport));
  }

  private void takeBack(JViewport viewport) {
    viewport.setViewPosition(wanted);
    if (--outstanding == 0) {
      viewport.removeChangeListener(this);
      viewport.setScrollMode(scrollMode);
    }
  }

  @Override
  public void stateChanged(ChangeEvent event) {
    if (EventQueue.getCurrentEvent() instanceof InputEvent) {
      wanted = ((JViewport) event.getSource()).getViewPosition();
    }
  }
}
