package dev.weft.relay;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

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

  // Counts the requests to go on, so that what comes while an event is written, on this thread or
  // another, is seen to by whoever is at it.
  private final AtomicInteger steps = new AtomicInteger();

  // Guarded by this.
  private @Nullable Rendering fresh;

  /** What follows the fresh text, if one waits. */
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
    forget();
  }

  private void forget() {
    waiting = new ByteArrayOutputStream();
    if (fresh != null) {
      fresh.letGo();
      fresh = null;
    }
  }

  /**
   * Takes what brings the reader up to date, behind which edits follow again.
   *
   * @param text the event that does, which the stream holds from now on; null if the reader is
   */
  void restart(@Nullable Rendering text) {
    synchronized (this) {
      if (!ending) {
        behind = false;
        asked = false;
        fresh = text;
        if (text == null) {
          waiting.writeBytes(TextEvents.HEARTBEAT);
        }
      } else if (text != null) {
        text.letGo();
      }
    }
    proceed();
  }

  /** Gives a sign of life, unless there is something else under way. */
  void beat() {
    synchronized (this) {
      if (writing || ending || behind || fresh != null || waiting.size() > 0) {
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
      forget();
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
      forget();
    }
    callback.failed(cause);
  }

  /** Returns whether the stream has ended, or is about to. */
  synchronized boolean isEnding() {
    return ending;
  }

  private void proceed() {
    if (steps.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      step();
      seen = steps.addAndGet(-seen);
    } while (seen != 0);
  }

  private void step() {
    Rendering text = null;
    ByteBuffer out = null;
    boolean last;
    synchronized (this) {
      if (over || writing) {
        return;
      }
      last = ending;
      if (fresh != null) {
        text = fresh;
        fresh = null;
        out = text.view();
      } else if (last || waiting.size() > 0) {
        out = ByteBuffer.wrap(waiting.toByteArray());
        waiting = new ByteArrayOutputStream();
        over = last;
      } else if (!behind || asked) {
        return;
      } else {
        asked = true;
      }
      writing = out != null;
    }
    if (out == null) {
      renew.run();
    } else if (text != null) {
      Rendering held = text;
      Callback letsGo = Callback.from(held::letGo, Callback.from(this::written, this::fail));
      PiecedWrite.begin(sink, out, false, () -> {}, letsGo);
    } else {
      Callback then = last ? callback : Callback.from(this::written, this::fail);
      PiecedWrite.begin(sink, out, last, () -> {}, then);
    }
  }

  private void written() {
    synchronized (this) {
      writing = false;
    }
    proceed();
  }
}
