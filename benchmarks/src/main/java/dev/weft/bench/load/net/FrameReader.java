package dev.weft.bench.load.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the frames that a server sends (RFC 6455, section 5), in pieces as TCP cuts them, and
 * writes those that a client does. Not thread-safe.
 */
final class FrameReader {
  static final int BINARY = 2;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int CONTINUATION = 0;
  private static final int CLOSE = 8;
  private static final int FIN = 0x80;
  private static final int MASK = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int IN_2_BYTES = 126;
  private static final int IN_8_BYTES = 127;
  private static final byte[] NOTHING = new byte[0];

  private final Listener listener;

  /** The beginning of a frame of which the rest has not come. */
  private byte[] begun = NOTHING;

  private int begunLength;

  /** The frames of a message of which further ones follow. */
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream(0);

  /** Is told what has come. */
  interface Listener {
    /** A message; the buffer is good until this returns. */
    void message(ByteBuffer message);

    void ping(byte[] content);

    void pong();

    void close(String reason);
  }

  FrameReader(Listener listener) {
    this.listener = listener;
  }

  /** Takes the next bytes: {@code [from, end)} of the array. */
  void read(byte[] bytes, int from, int end) {
    if (begunLength == 0) {
      keep(bytes, from + frames(bytes, from, end), end);
      return;
    }
    ensureRoom(begunLength + end - from);
    System.arraycopy(bytes, from, begun, begunLength, end - from);
    begunLength += end - from;
    int used = frames(begun, 0, begunLength);
    int left = begunLength - used;
    if (left == 0) {
      begun = NOTHING;
    } else if (used > 0) {
      System.arraycopy(begun, used, begun, 0, left);
    }
    begunLength = left;
  }

  private void keep(byte[] bytes, int from, int end) {
    if (from < end) {
      begun = Arrays.copyOfRange(bytes, from, end);
      begunLength = end - from;
    }
  }

  private void ensureRoom(int length) {
    if (length > begun.length) {
      begun = Arrays.copyOf(begun, Math.max(length, 2 * begun.length));
    }
  }

  /** Reads whole frames, and returns how many bytes they took. */
  private int frames(byte[] bytes, int from, int end) {
    int at = from;
    while (end - at >= 2) {
      int inLength = bytes[at + 1] & LENGTH;
      int head = 2 + (inLength == IN_2_BYTES ? 2 : inLength == IN_8_BYTES ? 8 : 0);
      if (end - at < head) {
        break;
      }
      long length = head == 2 ? inLength : number(bytes, at + 2, head - 2);
      if (end - at - head < length) {
        break;
      }
      frame(bytes[at], ByteBuffer.wrap(bytes, at + head, (int) length));
      at += head + (int) length;
    }
    return at - from;
  }

  private static long number(byte[] bytes, int at, int length) {
    long number = 0;
    for (int i = 0; i < length; i++) {
      number = number << 8 | (bytes[at + i] & 0xff);
    }
    return number;
  }

  private void frame(byte first, ByteBuffer content) {
    int opcode = first & 0xf;
    switch (opcode) {
      case PING -> listener.ping(copy(content));
      case PONG -> listener.pong();
      case CLOSE -> listener.close(closeReason(content));
      default -> {
        boolean last = (first & FIN) != 0;
        if (last && opcode != CONTINUATION) {
          listener.message(content);
          return;
        }
        parts.writeBytes(copy(content));
        if (last) {
          byte[] whole = parts.toByteArray();
          parts.reset();
          listener.message(ByteBuffer.wrap(whole));
        }
      }
    }
  }

  private static byte[] copy(ByteBuffer content) {
    byte[] copy = new byte[content.remaining()];
    content.get(copy);
    return copy;
  }

  /** Two bytes of status come first. */
  private static String closeReason(ByteBuffer content) {
    if (content.remaining() < Short.BYTES) {
      return "";
    }
    int status = content.getShort() & 0xffff;
    String reason = new String(copy(content), StandardCharsets.UTF_8);
    return reason.isEmpty() ? "status " + status : reason;
  }

  /** Returns the frame of a message or a part of the protocol, as a client has to send it. */
  static ByteBuffer masked(int opcode, byte[] content, int mask) {
    int length = content.length;
    int more = length < IN_2_BYTES ? 0 : length < 1 << 16 ? Short.BYTES : Long.BYTES;
    ByteBuffer frame = ByteBuffer.allocate(2 + more + Integer.BYTES + length);
    frame.put((byte) (FIN | opcode));
    frame.put((byte) (MASK | (more == 0 ? length : more == Short.BYTES ? IN_2_BYTES : IN_8_BYTES)));
    if (more == Short.BYTES) {
      frame.putShort((short) length);
    } else if (more == Long.BYTES) {
      frame.putLong(length);
    }
    frame.putInt(mask);
    for (int i = 0; i < length; i++) {
      frame.put((byte) (content[i] ^ mask >>> (24 - 8 * (i & 3))));
    }
    return frame.flip();
  }
}
