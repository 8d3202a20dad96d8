package dev.weft.protocol;

/**
 * Why something was refused, for programs (the code) and for people (the reason). Immutable.
 *
 * @param code one of {@link Codes}, or one that a newer peer knows
 * @param reason a sentence that a person can read; text from outside: escape it where it is shown
 * @param retryable whether the same can succeed later
 * @param retryAfterMillis how long to wait before that, at least; 0 if nothing is known
 */
public record Refusal(String code, String reason, boolean retryable, int retryAfterMillis) {
  /** The longest code, in bytes of UTF-8. */
  public static final int MAX_CODE_BYTES = 64;

  /** The longest reason, in bytes of UTF-8. */
  public static final int MAX_REASON_BYTES = 2_048;

  /**
   * Creates a refusal.
   *
   * @throws IllegalArgumentException if the code is empty, a text is too long or the time negative
   */
  public Refusal {
    Bounds.requireWord("code", code, MAX_CODE_BYTES);
    Bounds.requireLength("reason", reason, MAX_REASON_BYTES);
    Bounds.requireNotNegative("retryAfterMillis", retryAfterMillis);
  }

  /** Returns a refusal that will not change by trying again. */
  public static Refusal forGood(String code, String reason) {
    return new Refusal(code, reason, false, 0);
  }

  /** Returns a refusal that may be over after {@code retryAfterMillis}. */
  public static Refusal forNow(String code, String reason, int retryAfterMillis) {
    return new Refusal(code, reason, true, retryAfterMillis);
  }
}
