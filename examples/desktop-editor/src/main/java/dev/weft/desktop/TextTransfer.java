package dev.weft.desktop;

import java.awt.datatransfer.DataFlavor;
import java.awt.datatransfer.StringSelection;
import java.awt.datatransfer.Transferable;
import java.awt.datatransfer.UnsupportedFlavorException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.util.function.Consumer;
import javax.swing.JComponent;
import javax.swing.text.JTextComponent;
import org.fife.ui.rtextarea.RTATextTransferHandler;

/**
 * Takes text that is pasted or dropped, all of it or none, and tells why if it cannot be had: the
 * text area's own says so on the terminal alone. Under X11, a long text of another program is often
 * such a one. Confined to the event dispatch thread.
 */
final class TextTransfer extends RTATextTransferHandler {
  private static final long serialVersionUID = 1L;

  private final transient Consumer<String> failed;

  /**
   * Creates a handler.
   *
   * @param failed is told in a sentence what was not pasted, and why
   */
  TextTransfer(Consumer<String> failed) {
    this.failed = failed;
  }

  @Override
  public boolean importData(JComponent component, Transferable offered) {
    DataFlavor flavor =
        getImportFlavor(offered.getTransferDataFlavors(), (JTextComponent) component);
    if (flavor == null) {
      failed.accept("Not pasted: there is no text in the clipboard.");
      return false;
    }
    try {
      return super.importData(component, new StringSelection(read(flavor, offered)));
    } catch (UnsupportedFlavorException | IOException | IllegalArgumentException e) {
      // The last one where nothing comes any more, of a program that has ended.
      failed.accept(
          "Not pasted: the other program's text cannot be had ("
              + e.getMessage()
              + "). If it is long, paste it in parts.");
      return false;
    }
  }

  private static String read(DataFlavor flavor, Transferable offered)
      throws UnsupportedFlavorException, IOException {
    StringWriter text = new StringWriter();
    try (Reader reader = flavor.getReaderForText(offered)) {
      reader.transferTo(text);
    }
    return text.toString();
  }
}
