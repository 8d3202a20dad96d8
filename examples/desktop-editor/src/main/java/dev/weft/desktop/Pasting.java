package dev.weft.desktop;

import dev.weft.desktop.background.BackgroundThread;
import dev.weft.desktop.binding.BoundRange;
import dev.weft.desktop.binding.SharedTextBinding;
import java.awt.datatransfer.Clipboard;
import java.awt.event.MouseAdapter;
import java.awt.event.MouseEvent;
import java.util.ArrayList;
import java.util.List;
import javax.swing.SwingUtilities;
import javax.swing.Timer;
import org.fife.ui.rtextarea.ConfigurableCaret;
import org.fife.ui.rtextarea.RTextArea;
import org.jspecify.annotations.Nullable;

/**
 * Pastes what another program offers. That may take seconds, or for ever: the event dispatch
 * thread, to which this is confined, does not wait for it, and what is pasted then stands where it
 * was asked for, whatever was written meanwhile: before what was typed there since. Whoever has
 * gone elsewhere stays there.
 */
final class Pasting implements AutoCloseable {
  /** Whoever presses the keys again and again waits for no more than so many. */
  private static final int MOST_WAITING = 8;

  private static final int TOLD_AFTER_MILLIS = 500;
  private static final String WAITING =
      "Pasting: the other program has yet to hand over its text. You can go on writing.";

  private final RTextArea area;
  private final NoticeStrip notice;
  private final BackgroundThread reader = new BackgroundThread("weft-paste");
  private final Timer slow;

  /** Where what was asked for is to stand, in the order in which it was, and comes. */
  private final List<BoundRange> waiting = new ArrayList<>();

  /**
   * Pastes into an area that is bound to a shared text by the time that this is asked for. Has a
   * click with the middle button paste what is selected elsewhere, where there is that.
   */
  Pasting(RTextArea area, NoticeStrip notice) {
    this.area = area;
    this.notice = notice;
    slow = new Timer(TOLD_AFTER_MILLIS, event -> notice.show(StatusSign.UNDER_WAY, WAITING));
    slow.setRepeats(false);
    if (area.getCaret() instanceof ConfigurableCaret caret) {
      caret.setPasteOnMiddleMouseClick(false); // It would wait.
    }
    area.addMouseListener(
        new MouseAdapter() {
          @Override
          public void mouseClicked(MouseEvent event) {
            Clipboard selection = area.getToolkit().getSystemSelection();
            if (SwingUtilities.isMiddleMouseButton(event) && selection != null) {
              area.setCaretPosition(area.viewToModel2D(event.getPoint()));
              paste(selection);
            }
          }
        });
  }

  /** Pastes in the place of what is selected now. Returns at once. */
  void paste(Clipboard clipboard) {
    if (!isEditable()) {
      return;
    }
    if (waiting.size() == MOST_WAITING) {
      notice.show(
          StatusSign.REFUSED,
          "Not pasted: " + MOST_WAITING + " pastes wait for the other program already.");
      return;
    }
    waiting.add(SharedTextBinding.of(area).range(area.getSelectionStart(), area.getSelectionEnd()));
    if (!slow.isRunning()) {
      slow.start();
    }
    reader.then(() -> read(clipboard), this::paste);
  }

  private boolean isEditable() {
    if (!area.isEditable()) {
      notice.show(StatusSign.REFUSED, "Not pasted: the text takes no edits now.");
    }
    return area.isEditable();
  }

  private static String read(Clipboard clipboard) {
    try {
      return OfferedText.read(clipboard.getContents(null));
    } catch (IllegalStateException e) {
      throw new OfferedText.NoneException(
          "Not pasted: another program is using the clipboard. Try again.", e);
    }
  }

  private void paste(@Nullable String text, @Nullable Throwable failure) {
    BoundRange place = waiting.remove(0);
    if (waiting.isEmpty()) {
      slow.stop();
      notice.clear(WAITING);
    }
    if (text == null) {
      notice.show(
          StatusSign.REFUSED,
          failure instanceof OfferedText.NoneException none
              ? none.sentence()
              : "Not pasted: " + failure);
    } else if (isEditable()) {
      paste(place, text);
    }
  }

  /** What was asked for at the same place afterwards comes behind. */
  private void paste(BoundRange place, String text) {
    List<BoundRange> alike = waiting.stream().filter(place::encloses).toList();
    BoundRange behind = place.replace(text);
    waiting.replaceAll(each -> alike.contains(each) ? behind : each);
  }

  /** Pastes no more. */
  @Override
  public void close() {
    slow.stop();
    reader.close();
  }
}
