package dev.weft.bench.wire;

/**
 * Counts what one side of a WebSocket connection sends: first HTTP up to an empty line, then frames
 * (RFC 6455, section 5.2), of which it reads the heads, in pieces as TCP may cut them.
 *
 * <pre>
 *  byte 0      | byte 1           | 0, 2 or 8 bytes | 0 or 4 bytes | payload
 *  FIN, opcode | MASK, 7 bits of  | its length      | mask         |
 *              | its length, or   | where 7 bits    |              |
 *              | 126, or 127      | do not hold it  |              |
 * </pre>
 *
 * <p>Thread-safe.
 */
final class FrameCounter {
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
  private static final int LEAST_HEAD = 2;
  private static final int MASK = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int LENGTH_IN_2_BYTES = 126;
  private static final int LENGTH_IN_8_BYTES = 127;

  // Guarded by this.
  private long bytes;
  private long frames;
  private long handshakeBytes;
  private int headEndMatched;
  private final byte[] head = new byte[14];
  private int headRead;
  private long payloadLeft;

  /** Takes note of the next bytes that are sent. */
  synchronized void sent(byte[] buffer, int length) {
    int at = 0;
    while (at < length && headEndMatched < HEAD_END.length) {
      handshake(buffer[at++]);
    }
    bytes += length - at;
    while (at < length) {
      if (payloadLeft > 0) {
        int skipped = (int) Math.min(payloadLeft, length - at);
        payloadLeft -= skipped;
        at += skipped;
      } else {
        head(buffer[at++]);
      }
    }
  }

  private void handshake(byte next) {
    handshakeBytes++;
    if (next == HEAD_END[headEndMatched]) {
      headEndMatched++;
    } else {
      headEndMatched = next == HEAD_END[0] ? 1 : 0;
    }
  }

  private void head(byte next) {
    head[headRead++] = next;
    if (headRead < LEAST_HEAD || headRead < headLength()) {
      return;
    }
    frames++;
    payloadLeft = payloadLength();
    headRead = 0;
  }

  private int headLength() {
    return LEAST_HEAD + lengthBytes() + ((head[1] & MASK) == 0 ? 0 : 4);
  }

  private int lengthBytes() {
    int length = head[1] & LENGTH;
    return length == LENGTH_IN_2_BYTES ? 2 : length == LENGTH_IN_8_BYTES ? 8 : 0;
  }

  private long payloadLength() {
    int lengthBytes = lengthBytes();
    long length = lengthBytes == 0 ? head[1] & LENGTH : 0;
    for (int i = 0; i < lengthBytes; i++) {
      length = (length << 8) | (head[LEAST_HEAD + i] & 0xff);
    }
    return length;
  }

  /** Returns what was sent so far. */
  synchronized Traffic traffic() {
    return new Traffic(bytes, frames, handshakeBytes);
  }
}
