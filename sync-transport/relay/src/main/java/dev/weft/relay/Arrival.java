package dev.weft.relay;

import dev.weft.protocol.Refusal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of TCP, from when it is accepted until it is closed, whatever is spoken on it. It
 * is given a time for each head of a request, and for TLS before the first: a time for all of it,
 * since who sends a byte now and then is never silent. Thread-safe.
 */
final class Arrival {
  private static final Logger log = LoggerFactory.getLogger(Arrival.class);

  private final EndPoint socket;
  private final Scheduler scheduler;
  private final AddressTable.@Nullable Stay own;

  // Guarded by this.
  private AddressTable.@Nullable Stay carried;
  private Scheduler.@Nullable Task deadline;

  /** How many requests are being answered: none or one, but for the moment between two. */
  private int answering;

  private boolean over;

  /** What those who poll share; null before the first of them. */
  private @Nullable ConnectionAllowance polls;

  /**
   * Creates what is known of a connection that was accepted.
   *
   * @param own as what it is counted; null if it is a proxy's, whose requests are counted
   */
  Arrival(EndPoint socket, Scheduler scheduler, AddressTable.@Nullable Stay own) {
    this.socket = socket;
    this.scheduler = scheduler;
    this.own = own;
  }

  /** Returns whether the connection is a proxy's, and says nothing of who is behind. */
  boolean isOfProxy() {
    return own == null;
  }

  /** Returns why nothing is taken on this connection; null if it is. */
  @Nullable Refusal refusal() {
    return own == null ? null : own.refusal();
  }

  /**
   * Returns what all that poll over this connection may send together; null over a proxy's, which
   * many may share who are nothing to each other: there each request has its own.
   */
  synchronized @Nullable ConnectionAllowance ofPolls(Allowances perSecond, long nowNanos) {
    if (polls == null && own != null) {
      polls = new ConnectionAllowance(perSecond, nowNanos);
    }
    return polls;
  }

  /** Closes the connection unless the head of a request is there in time. */
  synchronized void awaitHead(Duration within) {
    if (!over && answering == 0) {
      deadline = scheduler.schedule(this::tooLate, within.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void tooLate() {
    log.debug("no request in time from {}", socket.getRemoteSocketAddress());
    socket.close();
  }

  /** The head of a request is there. */
  synchronized void asked() {
    answering++;
    stopWaiting();
  }

  private void stopWaiting() {
    if (deadline != null) {
      deadline.cancel();
      deadline = null;
    }
  }

  /**
   * A request is answered.
   *
   * @param nextWithin the time for the head of the next one
   */
  synchronized void answered(Duration nextWithin) {
    answering--;
    awaitHead(nextWithin);
  }

  /**
   * The connection has become a WebSocket of somebody behind a proxy: that is counted until it is
   * closed.
   */
  void carry(AddressTable.Stay stay) {
    synchronized (this) {
      if (!over) {
        carried = stay;
        return;
      }
    }
    stay.close();
  }

  /** The connection is closed. */
  void end() {
    AddressTable.Stay ofOther;
    synchronized (this) {
      over = true;
      ofOther = carried;
      carried = null;
      stopWaiting();
    }
    if (own != null) {
      own.close();
    }
    if (ofOther != null) {
      ofOther.close();
    }
  }
}
