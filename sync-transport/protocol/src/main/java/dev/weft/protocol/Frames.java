package dev.weft.protocol;

import java.nio.ByteBuffer;

/**
 * The codec: turns messages into the binary WebSocket frames of {@code docs/PROTOCOL.md} and back.
 *
 * <pre>{@code
 * byte[] frame = Frames.encode(new ClientMessage.Ping(7, 0, null));
 * ClientMessage message = Frames.decodeClient(frame);
 * }</pre>
 *
 * <p>What it decodes is checked: after {@link MalformedFrameException}, and only then, nothing may
 * be assumed of the peer. Unknown fields are passed over, unknown messages become {@link
 * ClientMessage.Unknown} and {@link RelayMessage.Unknown}. Decoding takes memory in proportion to
 * the frame. All methods are stateless and may be called from any thread.
 */
public final class Frames {
  /** The name of this version of the protocol, negotiated as WebSocket subprotocol. */
  public static final String SUBPROTOCOL = "weft.v1";

  /** The path of a relay's address at which the protocol is spoken. */
  public static final String PATH = "/v1/sync";

  /** The longest frame that does not carry changes, in bytes. */
  public static final int MAX_CONTROL_BYTES = 1 << 20;

  /** The longest frame of Hello, Renew, Welcome or Presence, in bytes. */
  public static final int MAX_SMALL_BYTES = 64 << 10;

  private Frames() {}

  /** Returns the frame of a client's message. */
  public static byte[] encode(ClientMessage message) {
    return ClientFrames.encode(message);
  }

  /** Returns the frame of a relay's message. */
  public static byte[] encode(RelayMessage message) {
    return RelayFrames.encode(message);
  }

  /**
   * Reads a frame that a client sent.
   *
   * @throws MalformedFrameException if it is not one
   */
  public static ClientMessage decodeClient(byte[] frame) throws MalformedFrameException {
    return ClientFrames.decode(Envelope.open(frame, ClientFrames.KINDS));
  }

  /**
   * Reads a frame that a client sent: what remains in the buffer, whose position is then its limit.
   *
   * @throws MalformedFrameException if it is not one
   */
  public static ClientMessage decodeClient(ByteBuffer frame) throws MalformedFrameException {
    return decodeClient(remaining(frame));
  }

  /**
   * Reads a frame that a relay sent.
   *
   * @throws MalformedFrameException if it is not one
   */
  public static RelayMessage decodeRelay(byte[] frame) throws MalformedFrameException {
    return RelayFrames.decode(Envelope.open(frame, RelayFrames.KINDS));
  }

  /**
   * Reads a frame that a relay sent: what remains in the buffer, whose position is then its limit.
   *
   * @throws MalformedFrameException if it is not one
   */
  public static RelayMessage decodeRelay(ByteBuffer frame) throws MalformedFrameException {
    return decodeRelay(remaining(frame));
  }

  private static byte[] remaining(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
