package dev.weft.relay;

import org.jspecify.annotations.Nullable;

/** Says in one sentence why a relay could not be started, and what can be done about it. */
public final class RelayStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RelayStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
