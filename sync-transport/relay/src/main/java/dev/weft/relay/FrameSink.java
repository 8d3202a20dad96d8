package dev.weft.relay;

import dev.weft.protocol.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A response made of frames, each behind its length as a varint. What comes first is held back, so
 * that a refusal can still have a status of its own, and a short response goes out in one piece.
 * Thread-safe; one frame is given at a time.
 *
 * <p>Until the request has been read nothing is sent at all, since most clients do not listen
 * before they have said everything; and nothing is kept from being given, since a request is not
 * read on whose answers are not taken. What is held then is bounded by the length of a response,
 * and for all responses together by a budget: a response for which that has no room is refused.
 */
final class FrameSink {
  private static final int HELD_BACK_BYTES = 64 << 10;

  private final Response response;
  private final Callback callback;
  private final String contentType;
  private final int maxBytes;
  private final ReaderBudget budget;
  private final Giver giver;

  // Guarded by this.
  private ByteArrayOutputStream held = new ByteArrayOutputStream();
  private @Nullable Refusal refusal;
  private long total;

  /** What was taken of the budget for what is held, and for what is being written. */
  private long chargedHeld;

  private long chargedWriting;
  private boolean mayBegin;
  private boolean begun;

  /** Whether a frame was given that the giver has not been told to be taken. */
  private boolean taking;

  private boolean writing;
  private boolean ending;

  /** Whether the callback has been completed. */
  private boolean over;

  /**
   * Creates an empty response.
   *
   * @param maxBytes how long it may become, the last frame not counted
   * @param budget what all responses hold together, beside the little that each always may
   */
  FrameSink(
      Response response,
      Callback callback,
      String contentType,
      int maxBytes,
      ReaderBudget budget,
      Giver giver) {
    this.response = response;
    this.callback = callback;
    this.contentType = contentType;
    this.maxBytes = maxBytes;
    this.budget = budget;
    this.giver = giver;
  }

  /** Who gives frames, one when the one before is taken. */
  interface Giver {
    /** The frame is taken, or held back. */
    void taken();

    /** A piece of the response has left. */
    void progressed();

    /** The frame is not taken: too much is held for others. It is as if it had been lost. */
    void rejected(Refusal why);
  }

  /** Takes a frame, and tells the giver so in its time. */
  void give(byte[] frame) {
    try {
      take(frame);
    } catch (RefusedException e) {
      giver.rejected(e.refusal());
      return;
    }
    proceed();
  }

  private synchronized void take(byte[] frame) throws RefusedException {
    if (!ending) {
      long beyond = (long) held.size() + frame.length - HELD_BACK_BYTES - chargedHeld;
      if (beyond > 0) {
        budget.take(beyond);
        chargedHeld += beyond;
      }
      append(frame);
      taking = true;
      ending = total >= maxBytes;
    }
  }

  private void append(byte[] frame) {
    int rest = frame.length;
    while (rest > 0x7f) {
      held.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    held.write(rest);
    held.writeBytes(frame);
    total += frame.length;
  }

  /** The request was read: the client listens now, and nothing need be held back. */
  void begin() {
    synchronized (this) {
      mayBegin = true;
    }
    proceed();
  }

  /**
   * Has a refusal be all that the response says, with a status of its own, unless it has begun.
   *
   * @return whether it is so
   */
  boolean refuse(Refusal why, byte[] frame) {
    synchronized (this) {
      if (begun || over) {
        return false;
      }
      refusal = why;
      forget();
      append(frame);
      ending = true;
    }
    proceed();
    return true;
  }

  /** Ends the response behind the frames that were given. */
  void end() {
    synchronized (this) {
      ending = true;
    }
    proceed();
  }

  /** Fails the response, even in the middle of its last piece, unless it is over. */
  void fail(Throwable cause) {
    if (finish()) {
      callback.failed(cause);
    }
  }

  private synchronized boolean finish() {
    boolean first = !over;
    over = true;
    ending = true;
    forget();
    giveBackWritten();
    return first;
  }

  private void forget() {
    held = new ByteArrayOutputStream();
    budget.giveBack(chargedHeld);
    chargedHeld = 0;
  }

  private void giveBackWritten() {
    budget.giveBack(chargedWriting);
    chargedWriting = 0;
  }

  private void proceed() {
    ByteBuffer out = null;
    boolean last = false;
    boolean taken = false;
    synchronized (this) {
      if (over || writing) {
        return;
      }
      if (ending || (mayBegin && held.size() > HELD_BACK_BYTES)) {
        out = ByteBuffer.wrap(held.toByteArray());
        held = new ByteArrayOutputStream();
        chargedWriting = chargedHeld;
        chargedHeld = 0;
        last = ending;
        writing = true;
        if (!begun) {
          begun = true;
          head(last ? out.remaining() : -1);
        }
      } else if (taking && (!mayBegin || held.size() <= HELD_BACK_BYTES)) {
        taking = false;
        taken = true;
      }
    }
    if (out != null) {
      PiecedWrite.begin(
          response,
          out,
          last,
          giver::progressed,
          Callback.from(last ? this::allWritten : this::written, this::fail));
    } else if (taken) {
      giver.taken();
    }
  }

  private void head(int length) {
    if (refusal == null) {
      response.setStatus(HttpStatus.OK_200);
    } else {
      HttpRefusals.head(response, refusal);
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    if (length >= 0) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
    }
  }

  private void written() {
    synchronized (this) {
      writing = false;
      giveBackWritten();
    }
    giver.progressed();
    proceed();
  }

  private void allWritten() {
    if (finish()) {
      callback.succeeded();
    }
  }
}
