package dev.weft.client;

import dev.weft.protocol.Refusal;
import java.time.Duration;

/**
 * Says that the relay, or without one the store, refused a save, or a text and with it all that
 * would have been saved, and why. The edits concerned are still on this device. Whether some of
 * them are safe elsewhere is not known.
 */
public final class SaveRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String reason;
  private final boolean retryable;
  private final Duration retryAfter;

  SaveRefusedException(Refusal refusal) {
    super("refused (" + refusal.code() + "): " + refusal.reason());
    this.code = refusal.code();
    this.reason = refusal.reason();
    this.retryable = refusal.retryable();
    this.retryAfter = Duration.ofMillis(refusal.retryAfterMillis());
  }

  /** Returns a short word for programs, one of {@link dev.weft.protocol.Codes} or a newer one. */
  public String code() {
    return code;
  }

  /** Returns a sentence for a person. */
  public String reason() {
    return reason;
  }

  /** Returns whether the same save can succeed later. */
  public boolean retryable() {
    return retryable;
  }

  /** Returns how long to wait before trying again; zero: no matter. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
