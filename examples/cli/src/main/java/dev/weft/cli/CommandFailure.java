package dev.weft.cli;

/** Says in one sentence why a command could not do what it was asked for; it then exits 1. */
public final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates the failure with its sentence. */
  public CommandFailure(String sentence) {
    super(sentence);
  }

  /** Creates the failure with its sentence and what it came from. */
  public CommandFailure(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
