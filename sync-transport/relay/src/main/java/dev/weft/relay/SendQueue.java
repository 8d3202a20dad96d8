package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.RelayMessage;
import dev.weft.relay.Outgoing.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent on one connection. Thread-safe: a lock that is never held while calling
 * out.
 *
 * <p>It is bounded by conflation, so that a slow client costs a bounded amount and delays nobody.
 * When edits do not fit, all edits that wait are dropped, and for each of their channels a mark is
 * kept: owed since V. When the connection has taken in what was left, the document is asked for one
 * merged update since V; if that is long, for its first part, and for the next when that has gone.
 * The catch-up after opening a channel is such a debt too. Of each channel's watermarks, and of the
 * answers that say what it has, the newest is kept; presence is left out when the queue is half
 * full. What remains, answers to the client's own messages, is bounded by not reading from a
 * connection whose queue is full ({@link #isCongested}).
 */
final class SendQueue {
  private final Outlet outlet;
  private final ProtocolVersion version;
  private final int maxBytes;
  private final int maxFrameBytes;
  private final LongSupplier ticker;
  private final RelayMetrics metrics;
  private final Runnable roomAgain;

  // One frame is with the outlet at a time. Counts the requests to hand over the next one, so that
  // whoever comes while another thread is at it leaves it to that thread.
  private final AtomicInteger handovers = new AtomicInteger();

  // Guarded by this.
  private Deque<Outgoing> waiting = new ArrayDeque<>();
  private final Set<Feed> owing = new LinkedHashSet<>();
  private long bytes;
  private long framesTaken;
  private boolean sending;

  /** When the outlet was given the frame, or has last taken in a piece of it. */
  private long progressNanos;

  private boolean asked;
  private boolean congested;
  private boolean closed;

  /** Whether nothing more is taken: the last that is sent waits, or the connection is gone. */
  private boolean ending;

  private @Nullable Runnable whenEmpty;

  /**
   * Creates an empty queue.
   *
   * @param version how frames are written
   * @param maxBytes how much may wait
   * @param maxFrameBytes the longest frame
   * @param ticker the time, in nanoseconds
   * @param roomAgain called when the queue is not congested any more
   */
  SendQueue(
      Outlet outlet,
      ProtocolVersion version,
      int maxBytes,
      int maxFrameBytes,
      LongSupplier ticker,
      RelayMetrics metrics,
      Runnable roomAgain) {
    this.outlet = outlet;
    this.version = version;
    this.maxBytes = maxBytes;
    this.maxFrameBytes = maxFrameBytes;
    this.ticker = ticker;
    this.metrics = metrics;
    this.roomAgain = roomAgain;
  }

  /**
   * What a channel is owed.
   *
   * @param since what the client has
   * @param opening whether it is to be paid with Opened
   */
  record Debt(VersionVector since, boolean opening) {}

  // --- What comes in ---

  /** Queues an answer to something that the client has sent. */
  void answer(RelayMessage message) {
    Outgoing answer = Outgoing.answer(version, message, null);
    synchronized (this) {
      enqueue(answer);
    }
    handOver();
  }

  /**
   * Queues edits for a channel, or counts them to what it is owed.
   *
   * @param before what the client has once it has everything queued before
   */
  void edits(Feed feed, RelayMessage.Edits message, VersionVector before) {
    synchronized (this) {
      if (feed.silent || feed.owedSince != null) {
        return;
      }
    }
    Outgoing edits = Outgoing.edits(version, message, feed, before);
    synchronized (this) {
      if (feed.silent || feed.owedSince != null) {
        return;
      }
      if (edits.frameBytes() <= maxFrameBytes && bytes + edits.cost() <= maxBytes) {
        enqueue(edits);
      } else {
        conflate();
        if (feed.owedSince == null) {
          owe(feed, before, framesTaken);
        }
      }
    }
    handOver();
  }

  /** Queues a watermark, or has it wait for what it covers to be paid. */
  void durable(Feed feed, VersionVector durable) {
    synchronized (this) {
      if (feed.silent) {
        return;
      }
      if (feed.owedSince != null) {
        feed.heldDurable = durable;
        return;
      }
      enqueueNewest(Outgoing.durable(feed, durable));
    }
    handOver();
  }

  /** Queues the question for all that the client has beyond what the document has. */
  void resend(Feed feed, VersionVector has) {
    synchronized (this) {
      enqueueNewest(Outgoing.resend(feed, has));
    }
    handOver();
  }

  /** Queues presence, in the place of what waits of the same participant; or leaves it out. */
  void presence(Feed feed, RelayMessage message, long participant) {
    Outgoing presence = Outgoing.presence(version, message, feed, participant);
    synchronized (this) {
      if (feed.silent || feed.opening) {
        return;
      }
      remove(each -> each.kind == Kind.PRESENCE && each.feed == feed && each.id == participant);
      if (bytes + presence.cost() > maxBytes / 2) {
        return;
      }
      enqueue(presence);
    }
    handOver();
  }

  /**
   * Queues the answer to a Ping on a channel.
   *
   * @param has what the document has
   * @param told what of it the client has said to have
   */
  void pong(Feed feed, long nonce, VersionVector has, VersionVector told) {
    synchronized (this) {
      VersionVector since = feed.owedSince;
      VersionVector sent = since == null ? has : since.intersect(has).merge(told);
      enqueueNewest(Outgoing.pong(feed, nonce, sent, told));
    }
    handOver();
  }

  // --- Debts ---

  /**
   * Makes the relay owe a channel everything since {@code since}, to be paid with Opened first: the
   * channel begins, or begins anew, with that.
   */
  synchronized void open(Feed feed, VersionVector since) {
    feed.silent = false;
    feed.opening = true;
    remove(
        each ->
            each.feed == feed
                && each.kind != Kind.ANSWER
                && each.kind != Kind.RESEND
                && each.kind != Kind.PONG);
    correctPongs(feed, since);
    owing.remove(feed);
    owe(feed, since, -1);
  }

  /** They would claim that what has been dropped was sent. */
  private void correctPongs(Feed feed, VersionVector since) {
    Deque<Outgoing> before = waiting;
    waiting = new ArrayDeque<>();
    for (Outgoing each : before) {
      boolean claims = each.feed == feed && each.kind == Kind.PONG;
      waiting.addLast(claims ? each.correctedTo(since) : each);
    }
  }

  /**
   * Makes the next that is sent for a channel be Opened, whatever it has been sent so far.
   *
   * @param has what the client has once it has everything queued
   */
  synchronized void openAnew(Feed feed, VersionVector has) {
    VersionVector since = feed.owedSince;
    for (Outgoing each : waiting) {
      if (since == null && each.feed == feed && each.kind == Kind.EDITS) {
        since = each.vector;
      }
    }
    open(feed, since == null ? has : since);
  }

  /** Returns what is owed and may be paid now; null if nothing is, or there is no room. */
  synchronized @Nullable Debt debt(Feed feed) {
    VersionVector since = feed.owedSince;
    return since == null || feed.silent || ending || !hasRoomForPart()
        ? null
        : new Debt(since, feed.opening);
  }

  /**
   * Pays a debt, or the first part of it.
   *
   * @param message Opened or Edits
   * @param after what the client has after it
   * @param complete whether nothing is owed then
   * @return whether the message is short enough to be sent
   */
  boolean pay(Feed feed, RelayMessage message, VersionVector after, boolean complete) {
    // Not of the kind that is dropped: it was owed already.
    Outgoing payment = Outgoing.answer(version, message, feed);
    if (payment.frameBytes() > maxFrameBytes) {
      return false;
    }
    VersionVector durable = null;
    synchronized (this) {
      if (feed.silent) {
        return true;
      }
      enqueue(payment);
      owing.remove(feed);
      feed.opening = false;
      feed.owedSince = null;
      if (complete) {
        durable = feed.heldDurable;
        feed.heldDurable = null;
      } else {
        owe(feed, after, -1);
      }
    }
    if (durable != null) {
      durable(feed, durable);
    }
    handOver();
    return true;
  }

  /** Takes note that a client that is owed something has what it has sent. */
  synchronized void clientHas(Feed feed, VersionVector sent) {
    VersionVector since = feed.owedSince;
    if (since != null) {
      feed.owedSince = since.merge(sent);
    }
  }

  /** The document was asked to pay, and has done what it could. */
  void asked() {
    synchronized (this) {
      asked = false;
    }
    handOver();
  }

  /** Forgets a channel: nothing more is sent for it but the answers that wait. */
  synchronized void silence(Feed feed) {
    feed.silent = true;
    feed.owedSince = null;
    feed.heldDurable = null;
    owing.remove(feed);
    remove(each -> each.feed == feed && each.kind != Kind.ANSWER);
  }

  private void owe(Feed feed, VersionVector since, long atFrame) {
    feed.owedSince = since;
    feed.owedAtFrame = atFrame;
    if (!ending) {
      owing.add(feed);
    }
  }

  private boolean isPayable(Feed feed) {
    // With nothing under way there is no frame to wait for: it is owed for being long.
    boolean idle = !sending && waiting.isEmpty();
    return hasRoomForPart() && (idle || framesTaken > feed.owedAtFrame);
  }

  /** Drops all edits that wait, and remembers since when their channels are owed. */
  private void conflate() {
    metrics.conflated();
    List<Outgoing> before = new ArrayList<>(waiting);
    for (Outgoing each : before) {
      if (each.kind == Kind.EDITS && each.feed != null && each.feed.owedSince == null) {
        owe(each.feed, each.vector, framesTaken);
      }
    }
    waiting = new ArrayDeque<>();
    bytes = 0;
    for (Outgoing each : before) {
      Feed feed = each.feed;
      VersionVector since = feed == null ? null : feed.owedSince;
      if (feed == null || since == null || isKept(each)) {
        enqueue(each);
      } else if (each.kind == Kind.DURABLE) {
        // It must not come before what it covers, and some of that may have been dropped.
        feed.heldDurable = each.vector;
      } else if (each.kind == Kind.PONG) {
        // It would claim that what has been dropped was sent.
        enqueue(each.correctedTo(since));
      }
    }
  }

  /** Returns whether a message may be sent as it is when edits before it are dropped. */
  private static boolean isKept(Outgoing each) {
    return each.kind == Kind.ANSWER || each.kind == Kind.RESEND || each.kind == Kind.PRESENCE;
  }

  // --- What goes out ---

  /** Sends {@code last} next, in the place of all that waits, and then calls {@code then}. */
  void finish(RelayMessage last, Runnable then) {
    Outgoing frame = Outgoing.answer(version, last, null);
    synchronized (this) {
      clear();
      enqueue(frame);
      ending = true;
    }
    whenEmpty(then);
  }

  /** Calls {@code then}, once, as soon as nothing waits, is being sent, or is owed. */
  void whenEmpty(Runnable then) {
    synchronized (this) {
      whenEmpty = then;
    }
    handOver();
  }

  /** The connection is gone: forgets everything. */
  synchronized void close() {
    closed = true;
    ending = true;
    clear();
  }

  /** Returns whether more waits than should, so that nothing may come in that asks for more. */
  synchronized boolean isCongested() {
    return congested;
  }

  /** Returns how much waits. */
  synchronized long waitingBytes() {
    return bytes;
  }

  /** Returns for how long the outlet has taken in nothing of the frame that it has; 0 for none. */
  synchronized long stalledNanos() {
    return sending ? ticker.getAsLong() - progressNanos : 0;
  }

  /** The outlet has taken in a piece of the frame. */
  synchronized void progressed() {
    progressNanos = ticker.getAsLong();
  }

  /** The outlet has taken in the frame. */
  void sent() {
    synchronized (this) {
      sending = false;
      framesTaken++;
    }
    handOver();
  }

  private void handOver() {
    if (handovers.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      Outgoing next = next();
      while (next != null) {
        byte[] frame = next.frame(version);
        metrics.sent(next.message, frame.length);
        outlet.send(frame);
        next = next();
      }
      tellOfRoom();
      seen = handovers.addAndGet(-seen);
    } while (seen != 0);
  }

  private synchronized @Nullable Outgoing next() {
    if (sending || closed) {
      return null;
    }
    Outgoing next = waiting.pollFirst();
    if (next != null) {
      bytes -= next.cost();
      sending = true;
      progressNanos = ticker.getAsLong();
    }
    return next;
  }

  /** Tells those who wait for the queue to become shorter. */
  private void tellOfRoom() {
    boolean room = false;
    Feed debtor = null;
    Runnable empty = null;
    synchronized (this) {
      if (congested && bytes <= maxBytes / 2) {
        congested = false;
        room = true;
      }
      if (!asked) {
        debtor = owing.stream().filter(this::isPayable).findFirst().orElse(null);
        asked = debtor != null;
      }
      if (waiting.isEmpty() && owing.isEmpty() && !sending && !closed) {
        empty = whenEmpty;
        whenEmpty = null;
      }
    }
    if (room) {
      roomAgain.run();
    }
    if (debtor != null) {
      debtor.pay.run();
    }
    if (empty != null) {
      empty.run();
    }
  }

  private boolean hasRoomForPart() {
    return bytes <= maxBytes / 4;
  }

  private void enqueue(Outgoing frame) {
    if (ending) {
      return;
    }
    waiting.addLast(frame);
    bytes += frame.cost();
    if (bytes > maxBytes) {
      congested = true;
    }
  }

  /**
   * Enqueues a message of which two of a kind and channel wait at most: the first keeps its place,
   * so that it goes out however fast others follow, and the newest stands behind all that it tells
   * of.
   */
  private void enqueueNewest(Outgoing newest) {
    Outgoing last = null;
    int count = 0;
    for (Outgoing each : waiting) {
      if (each.kind == newest.kind && each.feed == newest.feed) {
        count++;
        last = each;
      }
    }
    if (count == 2) {
      Outgoing replaced = last;
      remove(each -> each == replaced);
    }
    enqueue(newest);
  }

  private void remove(Predicate<Outgoing> which) {
    waiting.removeIf(
        each -> {
          boolean removed = which.test(each);
          bytes -= removed ? each.cost() : 0;
          return removed;
        });
  }

  private void clear() {
    waiting.clear();
    owing.clear();
    bytes = 0;
  }
}
