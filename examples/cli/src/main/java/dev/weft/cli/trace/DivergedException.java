package dev.weft.cli.trace;

import dev.weft.crdt.TextDocument;
import java.util.List;

/** Says that replicas with the same history have different texts, and where they part. */
public final class DivergedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with its sentence. */
  public DivergedException(String sentence) {
    super(sentence);
  }

  /** Returns the text that all the documents hold. */
  static String requireAgreement(Trace trace, List<TextDocument> documents)
      throws DivergedException {
    String text = documents.get(0).text();
    for (int replica = 1; replica < documents.size(); replica++) {
      String other = documents.get(replica).text();
      if (!other.equals(text)) {
        throw new DivergedException(
            trace.name()
                + ": replica "
                + documents.get(replica).replica()
                + " diverges from "
                + documents.get(0).replica()
                + ": "
                + TextDifference.describe(text, other));
      }
    }
    return text;
  }
}
