package dev.weft.cli.trace;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Tells the messages of a WebSocket's server apart (RFC 6455, section 5.2), without changing a byte
 * of them. Not thread-safe.
 *
 * <pre>
 *   byte 0: FIN | 3 reserved bits | opcode
 *   byte 1: mask (0 from a server) | length, or 126: 2 bytes follow, or 127: 8 bytes follow
 *   then the length, then the payload
 * </pre>
 */
final class WireMessages {
  private static final int FINAL = 0x80;
  private static final int OPCODE = 0x0f;
  private static final int BINARY = 2;
  private static final int FIRST_CONTROL = 8;
  private static final int LENGTH = 0x7f;
  private static final int MAX_FRAME_BYTES = 256 << 20;

  private final DataInputStream in;

  WireMessages(InputStream in) {
    this.in = new DataInputStream(new BufferedInputStream(in, 1 << 16));
  }

  /** Reads the answer to the upgrade, up to the empty line that ends it. */
  byte[] readUpgrade() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int next = in.readUnsignedByte();
      head.write(next);
      boolean expected = next == (matched % 2 == 0 ? '\r' : '\n');
      matched = expected ? matched + 1 : next == '\r' ? 1 : 0;
    }
    return head.toByteArray();
  }

  /** Reads a message, all its frames, or a control frame; null at the end of the stream. */
  @Nullable Message read() throws IOException {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    int kind = -1;
    while (true) {
      int first = in.read();
      if (first < 0) {
        if (kind < 0) {
          return null;
        }
        throw new EOFException("the connection ends within a message");
      }
      raw.write(first);
      int opcode = first & OPCODE;
      byte[] content = readContent(raw);
      raw.write(content);
      payload.write(content);
      if (kind < 0) {
        kind = opcode;
      } else if (opcode >= FIRST_CONTROL) {
        throw new IOException("a control frame within a message");
      }
      if ((first & FINAL) != 0) {
        return new Message(raw.toByteArray(), kind == BINARY, payload.toByteArray());
      }
    }
  }

  private byte[] readContent(ByteArrayOutputStream raw) throws IOException {
    int second = in.readUnsignedByte();
    raw.write(second);
    long length = second & LENGTH;
    int extra = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (extra > 0) {
      length = 0;
      for (int i = 0; i < extra; i++) {
        int next = in.readUnsignedByte();
        raw.write(next);
        length = length << 8 | next;
      }
    }
    if (length < 0 || length > MAX_FRAME_BYTES) {
      throw new IOException("a frame of " + length + " bytes");
    }
    return in.readNBytes((int) length);
  }

  /**
   * A message as it came.
   *
   * @param raw its frames
   * @param binary whether it is a binary message, not text or control
   * @param payload what the frames carry
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, passed on once.
  record Message(byte[] raw, boolean binary, byte[] payload) {}
}
