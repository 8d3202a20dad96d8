package dev.weft.relay;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayMessage;
import java.util.Arrays;

/** A later version of the protocol, which there is only here: its frames begin with a byte. */
public final class NextVersion implements ProtocolVersion {
  static final NextVersion INSTANCE = new NextVersion();

  private static final byte FIRST = 2;

  private NextVersion() {}

  @Override
  public String name() {
    return "weft.v2-lab";
  }

  @Override
  public ClientMessage decode(byte[] frame) throws MalformedFrameException {
    return Frames.decodeClient(unwrap(frame));
  }

  @Override
  public byte[] encode(RelayMessage message) {
    return wrap(Frames.encode(message));
  }

  /** Returns the frame of this version for one of version 1. */
  public static byte[] wrap(byte[] frame) {
    byte[] wrapped = new byte[frame.length + 1];
    wrapped[0] = FIRST;
    System.arraycopy(frame, 0, wrapped, 1, frame.length);
    return wrapped;
  }

  /** Returns the frame of version 1 for one of this version; what is none becomes an empty one. */
  public static byte[] unwrap(byte[] frame) {
    return frame.length > 0 && frame[0] == FIRST
        ? Arrays.copyOfRange(frame, 1, frame.length)
        : new byte[0];
  }
}
