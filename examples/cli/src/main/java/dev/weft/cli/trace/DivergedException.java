package dev.weft.cli.trace;

import java.util.List;

/** Says that replicas with the same history have different texts, and where they part. */
public final class DivergedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with its sentence. */
  public DivergedException(String sentence) {
    super(sentence);
  }

  /** Returns the text that all replicas of a run hold. */
  static String requireAgreement(Trace trace, List<String> texts) throws DivergedException {
    String text = texts.get(0);
    for (int replica = 1; replica < texts.size(); replica++) {
      if (!texts.get(replica).equals(text)) {
        throw new DivergedException(
            trace.name()
                + ": of "
                + texts.size()
                + " replicas number "
                + replica
                + " diverges from number 0: "
                + TextDifference.describe(text, texts.get(replica)));
      }
    }
    return text;
  }
}
