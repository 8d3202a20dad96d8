package dev.weft.relay;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * Writes bytes in pieces, one when the one before has left. So a slow connection can be told from a
 * dead one, and the system is not given a copy of all at once. Used once.
 */
final class PiecedWrite extends IteratingCallback {
  /** At 2 kB/s one takes four seconds, which is well within what clients take for a lost line. */
  static final int PIECE_BYTES = 8 << 10;

  private final Content.Sink sink;
  private final ByteBuffer rest;
  private final boolean last;
  private final Runnable progress;
  private final Callback callback;
  private boolean begun;

  /**
   * Creates a write that has not begun.
   *
   * @param last whether nothing follows
   * @param progress called when a piece has left and others follow
   * @param callback completed when all has left
   */
  private PiecedWrite(
      Content.Sink sink, ByteBuffer bytes, boolean last, Runnable progress, Callback callback) {
    this.sink = sink;
    this.rest = bytes;
    this.last = last;
    this.progress = progress;
    this.callback = callback;
  }

  /** Writes what is left of a buffer, which must not change meanwhile. */
  static void begin(
      Content.Sink sink, ByteBuffer bytes, boolean last, Runnable progress, Callback callback) {
    new PiecedWrite(sink, bytes, last, progress, callback).iterate();
  }

  @Override
  protected Action process() {
    if (begun && !rest.hasRemaining()) {
      return Action.SUCCEEDED;
    }
    if (begun) {
      progress.run();
    }
    begun = true;
    int length = Math.min(rest.remaining(), PIECE_BYTES);
    ByteBuffer piece = rest.slice(rest.position(), length);
    rest.position(rest.position() + length);
    sink.write(last && !rest.hasRemaining(), piece, this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onCompleteSuccess() {
    callback.succeeded();
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    callback.failed(cause);
  }
}
