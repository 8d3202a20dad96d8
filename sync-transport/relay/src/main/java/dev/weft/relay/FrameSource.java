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
  private static final byte[] NOTHING = {};
  private static final int NOTHING_CAME = -1;

  private final Content.Source body;
  private final long maxBytes;
  private final LeastPace pace;
  private final UnfinishedFrames.Share share;
  private final Taker taker;

  // Guarded by this.
  private boolean wanted;
  private boolean reading;
  private boolean released;
  private int maxFrameBytes;

  // Guarded by this, and changed by the thread that reads; there is one at most.
  private byte[] bytes = NOTHING;
  private int start;
  private int end;
  private long total;
  private boolean last;

  /** How long the frame under way is with its length, as far as that is known. */
  private int expected;

  /**
   * Creates a source.
   *
   * @param maxBytes the longest body
   * @param share where it is counted what the source holds
   */
  FrameSource(
      Content.Source body,
      long maxBytes,
      LeastPace pace,
      UnfinishedFrames.Share share,
      Taker taker) {
    this.body = body;
    this.maxBytes = maxBytes;
    this.pace = pace;
    this.share = share;
    this.taker = taker;
  }

  /** Who asks for frames, and is given one, or something else, each time. */
  interface Taker {
    /** So many bytes have come with which no frame has ended; it is asked for again. */
    void piece(int bytes);

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
      wanted = !released;
      if (reading || released) {
        return;
      }
      reading = true;
    }
    read();
  }

  /** Gives and keeps nothing more. */
  synchronized void release() {
    released = true;
    wanted = false;
    forget();
  }

  private void forget() {
    bytes = NOTHING;
    start = 0;
    end = 0;
    share.release();
  }

  /** Returns how much memory the source holds for what it has read and not given. */
  synchronized int bufferedBytes() {
    return bytes.length;
  }

  private void read() {
    int came = NOTHING_CAME;
    while (goesOn()) {
      try {
        byte[] frame = next();
        if (frame != null) {
          taker.frame(frame);
          came = NOTHING_CAME;
        } else if (isLast()) {
          end();
          return;
        } else if (came == NOTHING_CAME) {
          came = fill();
          if (came == NOTHING_CAME) {
            return;
          }
        } else {
          given();
          taker.piece(came);
          came = NOTHING_CAME;
        }
      } catch (RefusedException e) {
        release();
        taker.unreadable(e.refusal());
        return;
      }
    }
  }

  private synchronized boolean goesOn() {
    reading = wanted;
    return wanted;
  }

  private synchronized void given() {
    wanted = false;
  }

  private synchronized boolean isLast() {
    return last;
  }

  private void end() throws RefusedException {
    synchronized (this) {
      if (start < end) {
        throw new RefusedException(Codes.MALFORMED, "The request ends within a frame.");
      }
      forget();
    }
    taker.end();
  }

  /** Takes out the next frame if all of it is here. */
  private synchronized byte @Nullable [] next() throws RefusedException {
    long length = 0;
    expected = 0;
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
          expected = i + 1 + (int) length;
          return null;
        }
        byte[] frame = Arrays.copyOfRange(bytes, from, from + (int) length);
        start = from + (int) length;
        wanted = false;
        shrink();
        return frame;
      }
    }
    throw new RefusedException(
        Codes.MALFORMED, "The length of a frame takes more than " + MAX_VARINT_BYTES + " bytes.");
  }

  /** Behind a long frame there is at most what one read has brought. */
  private void shrink() throws RefusedException {
    if (start == end) {
      forget();
    } else if (end - start <= bytes.length / 4) {
      bytes = Arrays.copyOfRange(bytes, start, end);
      end -= start;
      start = 0;
      share.hold(bytes.length);
    }
  }

  private void requireLength(long length) throws RefusedException {
    if (length > maxFrameBytes) {
      throw new RefusedException(
          Codes.TOO_LARGE,
          "A frame may have at most "
              + maxFrameBytes
              + " bytes here, this one has "
              + length
              + ".");
    }
  }

  /**
   * Takes in what the socket has; returns how much that was, or {@link #NOTHING_CAME}: {@link
   * #read} follows then.
   */
  private int fill() throws RefusedException {
    Content.Chunk chunk = body.read();
    if (chunk == null) {
      pace.waits();
      body.demand(this::read);
      return NOTHING_CAME;
    }
    if (Content.Chunk.isFailure(chunk)) {
      release();
      taker.failed(chunk.getFailure());
      return NOTHING_CAME;
    }
    int count = chunk.remaining();
    try {
      pace.came(count);
      append(chunk.getByteBuffer(), chunk.isLast());
    } finally {
      chunk.release();
    }
    return count;
  }

  private synchronized void append(ByteBuffer chunk, boolean isLast) throws RefusedException {
    int count = chunk.remaining();
    total += count;
    last = isLast;
    if (total > maxBytes) {
      throw new RefusedException(
          Codes.TOO_LARGE, "A request may have at most " + maxBytes + " bytes.");
    }
    if (released) {
      return;
    }
    int kept = end - start;
    if (bytes.length - end < count) {
      // Grows with what has come, not with what a length promises, and not beyond that.
      int size = Math.max(kept + count, Math.min(2 * (kept + count), expected));
      byte[] larger = bytes;
      if (bytes.length - kept < count) {
        share.hold(size);
        larger = new byte[size];
      }
      System.arraycopy(bytes, start, larger, 0, kept);
      bytes = larger;
      start = 0;
      end = kept;
    }
    chunk.get(bytes, end, count);
    end += count;
  }
}
