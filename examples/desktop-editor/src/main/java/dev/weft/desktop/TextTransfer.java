package dev.weft.desktop;

import java.awt.datatransfer.StringSelection;
import java.awt.datatransfer.Transferable;
import java.util.function.Consumer;
import javax.swing.JComponent;
import org.fife.ui.rtextarea.RTATextTransferHandler;

/**
 * Takes text that is dropped, all of it or none, and tells why if it cannot be had: the text area's
 * own says so on the terminal alone. Confined to the event dispatch thread.
 */
final class TextTransfer extends RTATextTransferHandler {
  private static final long serialVersionUID = 1L;

  private final transient Consumer<String> failed;

  /**
   * Creates a handler.
   *
   * @param failed is told in a sentence what was not taken, and why
   */
  TextTransfer(Consumer<String> failed) {
    this.failed = failed;
  }

  @Override
  public boolean importData(JComponent component, Transferable offered) {
    try {
      return super.importData(component, new StringSelection(OfferedText.read(offered)));
    } catch (OfferedText.NoneException e) {
      failed.accept(e.sentence());
      return false;
    }
  }
}
