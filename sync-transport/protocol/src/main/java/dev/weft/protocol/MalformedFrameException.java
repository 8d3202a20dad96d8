package dev.weft.protocol;

/**
 * Says that bytes from outside are not a valid frame, and what is wrong with them. Whoever throws
 * it has changed nothing.
 */
public final class MalformedFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean tooLarge;

  MalformedFrameException(String message) {
    super("malformed frame: " + message);
    this.tooLarge = false;
  }

  MalformedFrameException(String message, Throwable cause) {
    super("malformed frame: " + message, cause);
    this.tooLarge = false;
  }

  private MalformedFrameException(String message, boolean tooLarge) {
    super(message);
    this.tooLarge = tooLarge;
  }

  static MalformedFrameException tooLarge(String kind, int bytes, int maxBytes) {
    return new MalformedFrameException(
        "frame too large: " + kind + " has at most " + maxBytes + " bytes, bytes=" + bytes, true);
  }

  /** Returns the code of {@link Codes} to refuse the frame with. */
  public String code() {
    return tooLarge ? Codes.TOO_LARGE : Codes.MALFORMED;
  }
}
