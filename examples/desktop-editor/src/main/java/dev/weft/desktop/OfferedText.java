package dev.weft.desktop;

import java.awt.datatransfer.DataFlavor;
import java.awt.datatransfer.Transferable;
import java.awt.datatransfer.UnsupportedFlavorException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** Reads the text that a program offers, all of it or none. Stateless. */
final class OfferedText {
  private OfferedText() {}

  /** Says in a sentence that nothing was pasted, and why. */
  static final class NoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    NoneException(String sentence, @Nullable Throwable cause) {
      super(sentence, cause);
      this.sentence = sentence;
    }

    String sentence() {
      return sentence;
    }
  }

  /**
   * Reads a text, with line feeds as line ends. Waits for the program that offers it, for seconds
   * if that does not answer.
   *
   * @throws NoneException if it cannot be had
   */
  static String read(Transferable offered) {
    DataFlavor[] flavors = offered.getTransferDataFlavors();
    DataFlavor flavor =
        offered.isDataFlavorSupported(DataFlavor.stringFlavor)
            ? DataFlavor.stringFlavor
            : DataFlavor.selectBestTextFlavor(flavors);
    if (flavor == null) {
      throw new NoneException(
          "Not pasted: no text is offered, or the program that offers it does not answer.", null);
    }
    StringWriter text = new StringWriter();
    try (Reader reader = flavor.getReaderForText(offered)) {
      reader.transferTo(text);
    } catch (UnsupportedFlavorException | IOException | IllegalArgumentException e) {
      throw new NoneException(
          "Not pasted: the other program does not hand over its text ("
              + rootOf(e).getMessage()
              + "). If it is long, paste it in parts.",
          e);
    }
    return text.toString().replace("\r\n", "\n").replace('\r', '\n');
  }

  /** What has failed is wrapped once or twice, under words that say nothing of it. */
  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
