package dev.weft.bench.peers;

import dev.weft.cli.trace.Script;
import dev.weft.cli.trace.Trace;
import dev.weft.cli.trace.Trace.Kind;

/** What a text must be. */
final class Texts {
  private Texts() {}

  /**
   * Returns how a text relates to the trace's. Where authors write at once, libraries differ in the
   * order of what they insert at one place, and a later position then means another character; in a
   * sequential trace nothing excuses another text.
   */
  static String order(Trace trace, String text) {
    if (trace.endContent().isEmpty()) {
      return Result.TEXT_NOT_TOLD;
    }
    if (text.equals(trace.endContent().get())) {
      return Result.TEXT_AS_RECORDED;
    }
    if (trace.kind() != Kind.SEQUENTIAL) {
      return Result.TEXT_OWN_ORDER;
    }
    throw new WrongTextException(
        "its text, of "
            + text.length()
            + " units, is not the trace's, of "
            + trace.endContent().get().length());
  }

  /** Requires that a run ends with the text that the library's own live run ended with. */
  static void require(String expected, String actual) {
    if (!expected.equals(actual)) {
      throw new WrongTextException("its text differs from that of its own live run");
    }
  }

  /** Returns the text after the first patches of a sequential trace. */
  static String beginning(Script script, int patches) {
    StringBuilder text = new StringBuilder(script.trace().startContent());
    for (int patch = 0; patch < patches; patch++) {
      text.replace(script.start(patch), script.end(patch), script.inserted(patch));
    }
    return text.toString();
  }

  /** Says that a library's text is not what it must be. */
  static final class WrongTextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongTextException(String sentence) {
      super(sentence);
    }
  }
}
