package dev.weft.relay;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/**
 * A stream of events to one reader. Thread-safe.
 *
 * <p>It is bounded by conflation: when edits do not fit, all that wait are dropped, and once the
 * reader has taken in what was under way, it is given a fresh text. So a slow reader costs a
 * bounded amount, delays nobody, and sees fewer events but never a gap.
 */
final class EventStream {
  private static final int MAX_WAITING_BYTES = 64 << 10;

  private final Content.Sink sink;
  private final Callback callback;
  private final Runnable renew;

  // Guarded by this.
  private ByteArrayOutputStream waiting = new ByteArrayOutputStream();
  private boolean writing;
  private boolean ending;
  private boolean over;

  /** Whether edits were left out, and whether a fresh text was asked for in their place. */
  private boolean behind = true;

  private boolean asked = true;

  /**
   * Creates a stream that has said nothing, and waits for its first {@link #restart}.
   *
   * @param callback completed once, at the end
   * @param renew asks for {@link #restart}
   */
  EventStream(Content.Sink sink, Callback callback, Runnable renew) {
    this.sink = sink;
    this.callback = callback;
    this.renew = renew;
  }

  /** Takes an event of edits, or leaves it out. */
  void give(byte[] event) {
    synchronized (this) {
      if (behind || ending) {
        return;
      }
      if (waiting.size() > 0 && waiting.size() + event.length > MAX_WAITING_BYTES) {
        drop();
      } else {
        waiting.writeBytes(event);
      }
    }
    proceed();
  }

  /** Edits are not told: the reader is to have a fresh text. */
  void leaveOut() {
    synchronized (this) {
      if (!behind && !ending) {
        drop();
      }
    }
    proceed();
  }

  private void drop() {
    behind = true;
    waiting.reset();
  }

  /** Takes what brings the reader up to date, behind which edits follow again. */
  void restart(byte[] event) {
    synchronized (this) {
      if (ending) {
        return;
      }
      behind = false;
      asked = false;
      waiting.writeBytes(event);
    }
    proceed();
  }

  /** Gives a sign of life, unless there is something else under way. */
  void beat() {
    synchronized (this) {
      if (writing || ending || behind || waiting.size() > 0) {
        return;
      }
      waiting.writeBytes(TextEvents.HEARTBEAT);
    }
    proceed();
  }

  /** Ends the stream behind what is under way. */
  void end() {
    synchronized (this) {
      ending = true;
      waiting.reset();
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
    }
    callback.failed(cause);
  }

  /** Returns whether the stream has ended, or is about to. */
  synchronized boolean isEnding() {
    return ending;
  }

  private void proceed() {
    ByteBuffer out = null;
    boolean last;
    synchronized (this) {
      if (over || writing) {
        return;
      }
      last = ending;
      if (last || waiting.size() > 0) {
        out = ByteBuffer.wrap(waiting.toByteArray());
        waiting = new ByteArrayOutputStream();
        writing = true;
        over = last;
      } else if (!behind || asked) {
        return;
      } else {
        asked = true;
      }
    }
    if (out == null) {
      renew.run();
    } else {
      sink.write(last, out, last ? callback : Callback.from(this::written, this::fail));
    }
  }

  private void written() {
    synchronized (this) {
      writing = false;
    }
    proceed();
  }
}
