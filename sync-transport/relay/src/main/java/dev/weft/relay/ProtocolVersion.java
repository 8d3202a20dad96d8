package dev.weft.relay;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayMessage;

/**
 * A version of the protocol: how its messages are written. Behind this seam there are only
 * messages, so clients of different versions edit one document. Thread-safe.
 */
interface ProtocolVersion {
  /** Version 1. */
  ProtocolVersion V1 =
      new ProtocolVersion() {
        @Override
        public String name() {
          return Frames.SUBPROTOCOL;
        }

        @Override
        public ClientMessage decode(byte[] frame) throws MalformedFrameException {
          return Frames.decodeClient(frame);
        }

        @Override
        public byte[] encode(RelayMessage message) {
          return Frames.encode(message);
        }
      };

  /** Returns the version's name, such as {@code weft.v1}: its WebSocket subprotocol. */
  String name();

  /**
   * Reads a client's frame.
   *
   * @throws MalformedFrameException if it is not one of this version
   */
  ClientMessage decode(byte[] frame) throws MalformedFrameException;

  /** Returns the frame of a message. */
  byte[] encode(RelayMessage message);
}
