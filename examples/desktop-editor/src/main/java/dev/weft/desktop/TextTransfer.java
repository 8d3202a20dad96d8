package dev.weft.desktop;

import dev.weft.desktop.binding.BoundRange;
import dev.weft.desktop.binding.SharedTextBinding;
import java.awt.datatransfer.Transferable;
import java.awt.im.InputContext;
import java.util.function.Consumer;
import javax.swing.JComponent;
import javax.swing.text.BadLocationException;
import javax.swing.text.JTextComponent;
import org.fife.ui.rtextarea.RTATextTransferHandler;
import org.jspecify.annotations.Nullable;

/**
 * Drags and drops the text of a bound text area, and cuts and copies it. Takes all of what is
 * dropped or none, and tells why if it cannot be had: the text area's own says so on the terminal
 * alone, and loses sight of what is dragged when somebody writes above it. Confined to the event
 * dispatch thread.
 */
final class TextTransfer extends RTATextTransferHandler {
  private static final long serialVersionUID = 1L;

  private static final String COPIED =
      "Copied, not moved: somebody has written in that text while you dragged it.";

  private final transient Consumer<String> failed;

  /** What is being handed over; null while nothing is. */
  private transient @Nullable Dragged dragged;

  /**
   * Creates a handler.
   *
   * @param failed is told in a sentence what was not taken, and why
   */
  TextTransfer(Consumer<String> failed) {
    this.failed = failed;
  }

  /** A part of a text, on its way elsewhere. */
  private static final class Dragged {
    private final JTextComponent source;
    private final BoundRange range;
    private String handedOver;
    private boolean stays;

    Dragged(JTextComponent source) {
      this.source = source;
      range = rangeOf(source, source.getSelectionStart(), source.getSelectionEnd());
      handedOver = range.text();
    }
  }

  private static BoundRange rangeOf(JTextComponent area, int start, int end) {
    return SharedTextBinding.of(area).range(start, end);
  }

  @Override
  protected @Nullable Transferable createTransferable(JComponent component) {
    JTextComponent source = (JTextComponent) component;
    boolean selected = source.getSelectionStart() < source.getSelectionEnd();
    dragged = selected ? new Dragged(source) : null;
    return super.createTransferable(component);
  }

  @Override
  public boolean importData(JComponent component, Transferable offered) {
    JTextComponent area = (JTextComponent) component;
    Dragged own = dragged;
    if (own == null || own.source != area) {
      return take(area, offered);
    }
    int caret = area.getCaretPosition();
    if (own.range.encloses(rangeOf(area, caret, caret))) {
      own.stays = true;
      return true;
    }
    // With what others have written in it meanwhile.
    own.handedOver = own.range.text();
    return insert(area, own.handedOver);
  }

  private boolean take(JTextComponent area, Transferable offered) {
    try {
      return insert(area, OfferedText.read(offered));
    } catch (OfferedText.NoneException e) {
      failed.accept(e.sentence());
      return false;
    }
  }

  /** Returns whether the text stands there then: what is refused must not vanish where it was. */
  private static boolean insert(JTextComponent area, String text) {
    InputContext input = area.getInputContext();
    if (input != null) {
      input.endComposition();
    }
    area.replaceSelection(text);
    int start = area.getCaretPosition() - text.length();
    try {
      return start >= 0 && area.getText(start, text.length()).equals(text);
    } catch (BadLocationException e) {
      throw new AssertionError("the caret is outside of its text", e);
    }
  }

  @Override
  protected void exportDone(JComponent source, @Nullable Transferable data, int action) {
    Dragged done = dragged;
    dragged = null;
    if (action == MOVE && done != null && !done.stays) {
      if (done.range.text().equals(done.handedOver)) {
        done.range.replace("");
      } else {
        failed.accept(COPIED);
      }
    }
    // Told of a move, it would remove what it takes for the text that was dragged.
    super.exportDone(source, data, action == MOVE ? COPY : action);
  }
}
