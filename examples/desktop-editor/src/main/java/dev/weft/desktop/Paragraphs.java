package dev.weft.desktop;

/** Text for those places of Swing where only HTML breaks lines. */
final class Paragraphs {
  private Paragraphs() {}

  /** Returns a heading with a text below it that is broken into lines. */
  static String html(String heading, String text) {
    return "<html><body style='width: 260px'><b>"
        + escape(heading)
        + "</b><br>"
        + escape(text)
        + "</body></html>";
  }

  /** What a relay says goes on the screen as it is, whatever it contains. */
  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\n", "<br>");
  }
}
