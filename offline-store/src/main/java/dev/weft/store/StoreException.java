package dev.weft.store;

import org.jspecify.annotations.Nullable;

/**
 * Says that a store could not do what it was asked, why, and what to do about it. Whatever it was
 * asked to write is not written; whatever it held before, it still holds.
 */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message one sentence for a person: which store, what failed, what to do
   */
  public StoreException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message one sentence for a person: which store, what failed, what to do
   * @param cause what the operating system or the database reported
   */
  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
