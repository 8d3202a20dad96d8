package dev.weft.relay;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.store.DocumentId;
import org.jspecify.annotations.Nullable;

/**
 * How a connection came to the relay, as far as its session must know. Immutable.
 *
 * @param version how frames are written on it
 * @param token a bearer token that came beside the frames; empty if none did
 * @param polled the document of a request that polls; null for a WebSocket
 * @param allowance what it shares with the requests before it; null for one of its own
 */
record Entrance(
    ProtocolVersion version,
    String token,
    @Nullable DocumentId polled,
    @Nullable ConnectionAllowance allowance) {
  /** The channel that a request has. */
  private static final int CHANNEL = 1;

  static Entrance ofWebSocket(ProtocolVersion version) {
    return new Entrance(version, "", null, null);
  }

  static Entrance ofPoll(ProtocolVersion version, String token, DocumentId document) {
    return new Entrance(version, token, document, null);
  }

  /** Returns the same entrance, of a request that shares an allowance with others. */
  Entrance sharing(@Nullable ConnectionAllowance shared) {
    return new Entrance(version, token, polled, shared);
  }

  /** Returns whether the connection is one request, which another may follow. */
  boolean isPoll() {
    return polled != null;
  }

  /**
   * Requires that a message has its place here: in a request that polls, only what is about its
   * document.
   */
  void require(ClientMessage message) throws RefusedException {
    if (polled == null) {
      return;
    }
    if (message instanceof ClientMessage.Open open) {
      if (open.channel() != CHANNEL || !open.document().equals(polled.value())) {
        throw new RefusedException(
            Codes.WRONG_STATE,
            "A request opens channel "
                + CHANNEL
                + " for the document of its path, "
                + polled
                + ".");
      }
    } else if (message instanceof ClientMessage.Renew || message instanceof ClientMessage.Close) {
      throw new RefusedException(
          Codes.WRONG_STATE, "Renew and Close have no place in a request: its end closes it.");
    }
  }
}
