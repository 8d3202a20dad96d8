package dev.weft.store;

import org.jspecify.annotations.Nullable;

/**
 * Says that what a store holds is not what was written to it, and where. The store leaves the
 * damaged data as it is; what does not depend on it can still be read.
 */
public final class StoreDamagedException extends StoreException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message one sentence for a person: which record, what is wrong with it, what to do
   * @param cause what was reported, if anything was
   */
  public StoreDamagedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
