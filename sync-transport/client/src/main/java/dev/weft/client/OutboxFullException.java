package dev.weft.client;

/**
 * Says that an edit was not taken, because as much waits for the relay as this device may keep, or
 * because the store fails and as much is in memory alone. Nothing else has changed; editing goes on
 * once the relay, or the store, has taken some of it.
 */
public final class OutboxFullException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  OutboxFullException(String message) {
    super(message);
  }
}
