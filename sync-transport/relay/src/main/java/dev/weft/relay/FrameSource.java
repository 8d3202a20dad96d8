package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * The frames in a request's body, each behind its length as a varint, read when they are asked for.
 * Of what was not asked for there is at most what one read of the socket has brought. Thread-safe;
 * one frame is given at a time.
 */
final class FrameSource {
  private static final int MAX_VARINT_BYTES = 5;

  private final Content.Source body;
  private final long maxBytes;
  private final Taker taker;

  // Guarded by this.
  private boolean wanted;
  private boolean reading;
  private int maxFrameBytes;

  // Of the thread that reads; there is one at most.
  private byte[] bytes = {};
  private int start;
  private int end;
  private long total;
  private boolean last;

  /**
   * Creates a source.
   *
   * @param maxBytes the longest body
   */
  FrameSource(Content.Source body, long maxBytes, Taker taker) {
    this.body = body;
    this.maxBytes = maxBytes;
    this.taker = taker;
  }

  /** Who asks for frames, and is given one, or something else, each time. */
  interface Taker {
    void frame(byte[] frame);

    /** There is no further frame. */
    void end();

    /** The body is not what it should be; nothing more is read. */
    void unreadable(Refusal refusal);

    /** The body cannot be read. */
    void failed(Throwable cause);
  }

  /** Sets the longest frame that is taken from now on. */
  synchronized void allowFrames(int bytesOfFrame) {
    maxFrameBytes = bytesOfFrame;
  }

  /** Asks for a frame. */
  void demand() {
    synchronized (this) {
      wanted = true;
      if (reading) {
        return;
      }
      reading = true;
    }
    read();
  }

  private void read() {
    while (goesOn()) {
      try {
        byte[] frame = next();
        if (frame != null) {
          took();
          taker.frame(frame);
        } else if (last) {
          end();
          return;
        } else if (!fill()) {
          return;
        }
      } catch (RefusedException e) {
        taker.unreadable(e.refusal());
        return;
      }
    }
  }

  private synchronized boolean goesOn() {
    reading = wanted;
    return wanted;
  }

  private synchronized void took() {
    wanted = false;
  }

  private void end() throws RefusedException {
    if (start < end) {
      throw new RefusedException(Codes.MALFORMED, "The request ends within a frame.");
    }
    taker.end();
  }

  /** Returns the next frame if all of it is here. */
  private byte @Nullable [] next() throws RefusedException {
    long length = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (start + i == end) {
        return null;
      }
      byte each = bytes[start + i];
      length |= (long) (each & 0x7f) << (7 * i);
      if (each >= 0) {
        requireLength(length);
        int from = start + i + 1;
        if (end - from < length) {
          return null;
        }
        start = from + (int) length;
        return Arrays.copyOfRange(bytes, from, start);
      }
    }
    throw new RefusedException(
        Codes.MALFORMED, "The length of a frame takes more than " + MAX_VARINT_BYTES + " bytes.");
  }

  private void requireLength(long length) throws RefusedException {
    int max;
    synchronized (this) {
      max = maxFrameBytes;
    }
    if (length > max) {
      throw new RefusedException(
          Codes.TOO_LARGE,
          "A frame may have at most " + max + " bytes here, this one has " + length + ".");
    }
  }

  /**
   * Takes in what the socket has; returns whether it had anything. If not, {@link #read} follows.
   */
  private boolean fill() throws RefusedException {
    Content.Chunk chunk = body.read();
    if (chunk == null) {
      body.demand(this::read);
      return false;
    }
    if (Content.Chunk.isFailure(chunk)) {
      taker.failed(chunk.getFailure());
      return false;
    }
    last = chunk.isLast();
    append(chunk.getByteBuffer());
    chunk.release();
    if (total > maxBytes) {
      throw new RefusedException(
          Codes.TOO_LARGE, "A request may have at most " + maxBytes + " bytes.");
    }
    return true;
  }

  private void append(ByteBuffer chunk) {
    int count = chunk.remaining();
    total += count;
    int kept = end - start;
    if (bytes.length - end < count) {
      // Grows with what has come, not with what a length promises.
      byte[] larger = bytes.length - kept < count ? new byte[2 * (kept + count)] : bytes;
      System.arraycopy(bytes, start, larger, 0, kept);
      bytes = larger;
      start = 0;
      end = kept;
    }
    chunk.get(bytes, end, count);
    end += count;
  }
}
