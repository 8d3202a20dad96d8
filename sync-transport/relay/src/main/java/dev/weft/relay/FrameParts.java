package dev.weft.relay;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What has come of the frame under way on a WebSocket: it grows with that, not with what a length
 * promises, has to come at a least pace, and counts with the unfinished frames of all. Thread-safe.
 */
final class FrameParts {
  private static final byte[] NOTHING = {};

  private final UnfinishedFrames.Share share;
  private final LeastPace pace;

  // Guarded by this.
  private byte[] bytes = NOTHING;
  private int length;
  private boolean underWay;
  private boolean over;

  FrameParts(UnfinishedFrames.Share share, LeastPace pace) {
    this.share = share;
    this.pace = pace;
  }

  /** Returns whether a piece fits into the frame under way. */
  synchronized boolean fits(int count, int maxFrameBytes) {
    return count <= maxFrameBytes - length;
  }

  /**
   * Takes in a piece that fits.
   *
   * @return the frame, if this is the last of it and it is of use still
   * @throws RefusedException if it comes too slowly, or there is no room for it; nothing of the
   *     frame is held then, or of any other
   */
  synchronized byte @Nullable [] add(ByteBuffer piece, boolean last, int maxFrameBytes)
      throws RefusedException {
    if (over) {
      return null;
    }
    if (last && !underWay) {
      byte[] whole = new byte[piece.remaining()];
      piece.get(whole);
      return whole;
    }
    try {
      came(piece.remaining());
      append(piece, maxFrameBytes);
    } catch (RefusedException e) {
      drop();
      throw e;
    }
    if (!last) {
      return null;
    }
    byte[] frame = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    forget();
    return frame;
  }

  private void came(int count) throws RefusedException {
    if (underWay) {
      pace.came(count);
    } else {
      underWay = true;
      pace.begin();
    }
  }

  private void append(ByteBuffer piece, int maxFrameBytes) throws RefusedException {
    int count = piece.remaining();
    if (bytes.length - length < count) {
      int size = length == 0 ? count : Math.min(2 * (length + count), maxFrameBytes);
      share.hold(size);
      bytes = Arrays.copyOf(bytes, size);
    }
    piece.get(bytes, length, count);
    length += count;
  }

  /** Something else has come, between two pieces perhaps: that is no part of the frame. */
  synchronized void cameElse() throws RefusedException {
    if (underWay) {
      try {
        pace.came(0);
      } catch (RefusedException e) {
        drop();
        throw e;
      }
    }
  }

  /** The next piece is waited for. */
  synchronized void waits() {
    if (underWay) {
      pace.waits();
    }
  }

  /** Returns whether a frame has begun that has not ended. */
  synchronized boolean isUnderWay() {
    return underWay;
  }

  /** Holds nothing, and will not. */
  synchronized void drop() {
    over = true;
    forget();
  }

  private void forget() {
    bytes = NOTHING;
    length = 0;
    underWay = false;
    share.release();
  }
}
