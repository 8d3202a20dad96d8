package dev.weft.cli.trace;

import java.io.IOException;

/** Says in one sentence which trace cannot be used, what is wrong with it, and where. */
public final class TraceFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with its sentence. */
  public TraceFormatException(String sentence) {
    super(sentence);
  }

  /** Creates the exception with its sentence and what led to it. */
  public TraceFormatException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
