package dev.weft.relay;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayMessage;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A version that there is only in tests: each frame begins with a byte of its own, and ends with a
 * field of the envelope that version 1 does not know.
 */
final class SecondVersion implements ProtocolVersion, Peer.Tongue {
  static final String NAME = "weft.v2-test";

  private static final int FIRST = 2;

  /** Field 150, of two bytes. */
  private static final byte[] LATER = {(byte) 0xb2, 0x09, 0x02, 0x41, 0x42};

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ClientMessage decode(byte[] frame) throws MalformedFrameException {
    return Frames.decodeClient(unwrap(frame));
  }

  @Override
  public byte[] encode(RelayMessage message) {
    return wrap(Frames.encode(message));
  }

  @Override
  public byte[] encode(ClientMessage message) {
    return wrap(Frames.encode(message));
  }

  @Override
  public RelayMessage decodeRelay(byte[] frame) throws MalformedFrameException {
    return Frames.decodeRelay(unwrap(frame));
  }

  private static byte[] wrap(byte[] frame) {
    ByteArrayOutputStream wrapped = new ByteArrayOutputStream();
    wrapped.write(FIRST);
    wrapped.writeBytes(frame);
    wrapped.writeBytes(LATER);
    return wrapped.toByteArray();
  }

  /** What does not begin as it should is no frame, and nor is an empty one. */
  private static byte[] unwrap(byte[] frame) {
    return frame.length > 0 && frame[0] == FIRST
        ? Arrays.copyOfRange(frame, 1, frame.length)
        : new byte[0];
  }
}
