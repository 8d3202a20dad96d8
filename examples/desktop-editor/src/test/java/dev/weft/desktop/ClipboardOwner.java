package dev.weft.desktop;

import java.awt.Toolkit;
import java.awt.datatransfer.StringSelection;
import java.io.IOException;

/** A program that owns the display's clipboard until its input ends. */
final class ClipboardOwner {
  private ClipboardOwner() {}

  /** Puts so many characters into the clipboard. */
  public static void main(String[] args) throws IOException {
    Toolkit.getDefaultToolkit()
        .getSystemClipboard()
        .setContents(new StringSelection(text(Integer.parseInt(args[0]))), null);
    System.out.println("owned");
    int unused = System.in.read();
    System.exit(0);
  }

  static String text(int length) {
    return "all of the warp and weft\n".repeat(length / 25 + 1).substring(0, length);
  }
}
