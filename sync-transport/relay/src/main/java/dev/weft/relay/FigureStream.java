package dev.weft.relay;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A stream of figures to one who looks. Thread-safe.
 *
 * <p>It holds the newest event that has not been written, and no other: who takes them in slowly
 * sees fewer, and costs no more.
 */
final class FigureStream {
  private final Content.Sink sink;
  private final Callback callback;

  // Guarded by this.
  private byte @Nullable [] newest;
  private boolean writing;
  private boolean ending;
  private boolean over;

  /**
   * Creates a stream that has said nothing.
   *
   * @param callback completed once, at the end
   */
  FigureStream(Content.Sink sink, Callback callback) {
    this.sink = sink;
    this.callback = callback;
  }

  /** Takes an event, in the place of one that waits. */
  void give(byte[] event) {
    synchronized (this) {
      if (ending) {
        return;
      }
      newest = event;
    }
    proceed();
  }

  /** Ends the stream behind what is under way. */
  void end(byte[] goodbye) {
    synchronized (this) {
      if (ending) {
        return;
      }
      ending = true;
      newest = goodbye;
    }
    proceed();
  }

  /** Ends the stream at once. */
  void fail(Throwable cause) {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      ending = true;
      newest = null;
    }
    callback.failed(cause);
  }

  /** Returns whether the stream has ended, or is about to. */
  synchronized boolean isEnding() {
    return ending;
  }

  private void proceed() {
    byte[] event;
    boolean last;
    synchronized (this) {
      if (over || writing || newest == null) {
        return;
      }
      event = newest;
      newest = null;
      writing = true;
      last = ending;
      over = last;
    }
    Callback then = last ? callback : Callback.from(this::written, this::fail);
    PiecedWrite.begin(sink, ByteBuffer.wrap(event), last, () -> {}, then);
  }

  private void written() {
    synchronized (this) {
      writing = false;
    }
    proceed();
  }
}
