package dev.weft.client;

import dev.weft.protocol.RelayMessage;

/**
 * Whether the relay lets this client write a text, as far as it has said. Confined to the loop.
 *
 * <p>A relay may say first that the text can be written, and then refuse edits as read-only. It is
 * not believed a second time on the same connection, or the edits would go back and forth for ever.
 */
final class Permission {
  private boolean readOnly;
  private long refusedOnConnection;

  /**
   * Creates a permission.
   *
   * @param readOnly whether the text could only be read when it was last open
   */
  Permission(boolean readOnly) {
    this.readOnly = readOnly;
  }

  boolean isReadOnly() {
    return readOnly;
  }

  /** Edits were refused, on a connection, because the text may only be read. */
  void editsRefused(long connection) {
    refusedOnConnection = connection;
  }

  /**
   * The relay has said what it lets this client do.
   *
   * @param connection on which connection
   * @return whether edits that were refused as read-only can be sent now
   */
  boolean granted(RelayMessage.Access access, long connection) {
    boolean wasReadOnly = readOnly;
    readOnly = access == RelayMessage.Access.READ;
    return !readOnly && (wasReadOnly || connection != refusedOnConnection);
  }
}
