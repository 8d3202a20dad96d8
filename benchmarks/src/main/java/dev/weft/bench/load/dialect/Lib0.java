package dev.weft.bench.load.dialect;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The numbers, texts and byte strings of lib0, which Yjs and its protocols are written in. */
final class Lib0 {
  private static final int MORE = 0x80;
  private static final int BITS = 7;

  private Lib0() {}

  static void writeNumber(ByteArrayOutputStream out, long number) {
    long left = number;
    while (left >= MORE) {
      out.write((int) (left & (MORE - 1)) | MORE);
      left >>>= BITS;
    }
    out.write((int) left);
  }

  static void writeText(ByteArrayOutputStream out, String text) {
    writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  static void writeBytes(ByteArrayOutputStream out, byte[] bytes) {
    writeNumber(out, bytes.length);
    out.writeBytes(bytes);
  }

  /**
   * Reads a number.
   *
   * @throws BufferUnderflowException if the bytes end before it does
   */
  static long readNumber(ByteBuffer in) {
    long number = 0;
    int shift = 0;
    byte next;
    do {
      next = in.get();
      number |= (long) (next & (MORE - 1)) << shift;
      shift += BITS;
    } while ((next & MORE) != 0 && shift < Long.SIZE);
    return number;
  }

  static String readText(ByteBuffer in) {
    ByteBuffer bytes = readBytes(in);
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }

  /** Returns a view of the bytes. */
  static ByteBuffer readBytes(ByteBuffer in) {
    int length = (int) readNumber(in);
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    return bytes;
  }
}
