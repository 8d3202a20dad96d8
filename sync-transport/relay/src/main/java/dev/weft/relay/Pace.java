package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.RelayMessage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to its allowance, and to that of the documents that it writes: who sends
 * more is read from more slowly, and told so; and who writes while the relay has too much to do is
 * asked to gather longer. Guarded by the session.
 */
final class Pace {
  /**
   * From how many bytes on a piece of a message costs no more than they do. What a link brings at
   * once is as long, and what it cuts shorter on purpose would be work without bound.
   */
  private static final int LONG_PIECE_BYTES = 1_024;

  private static final int WINDOW_MILLIS = 50;
  private static final int LASTS_MILLIS = 5_000;
  private static final long TOLD_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  private static final Logger log = LoggerFactory.getLogger(Pace.class);

  private final RelayHub hub;
  private final Session session;
  private final SendQueue queue;
  private final ReadGate gate;
  private final ConnectionAllowance allowance;

  /** Whether the client has heard Welcome, before which it is told nothing else. */
  private boolean welcomed;

  /** What was spent already of the bytes of the message under way. */
  private int spentBytes;

  private long connectionTold;
  private long documentTold;
  private long loadTold;

  /**
   * Creates the pace of a connection.
   *
   * @param session whose the connection is, for the log
   * @param shared what it may send together with others; null for an allowance of its own
   */
  Pace(
      RelayHub hub,
      Session session,
      SendQueue queue,
      ReadGate gate,
      @Nullable ConnectionAllowance shared) {
    this.hub = hub;
    this.session = session;
    this.queue = queue;
    this.gate = gate;
    long now = hub.now();
    this.allowance =
        shared == null ? new ConnectionAllowance(hub.bounds().allowances(), now) : shared;
    this.connectionTold = now - TOLD_EVERY_NANOS;
    this.documentTold = connectionTold;
    this.loadTold = connectionTold;
  }

  /** The client has been welcomed. */
  void welcomed() {
    welcomed = true;
  }

  /** A message has come in. */
  void received(int length) {
    int rest = Math.max(0, length - spentBytes);
    spentBytes = 0;
    spend(1, rest);
  }

  /** A piece of a message has come in, with which that has not ended. */
  void receivedPiece(int length) {
    spentBytes += length;
    spend(length < LONG_PIECE_BYTES ? 1 : 0, length);
  }

  /** Something has come in that is of the transport and no message. */
  void receivedControl() {
    spend(1, 0);
  }

  private void spend(int messages, int bytes) {
    long now = hub.now();
    long debt = allowance.spend(messages, bytes, now);
    if (debt > 0) {
      gate.holdFor(debt);
      if (allowance.excess().isToldNow(now)) {
        log.warn(
            "{} has sent more than it may for {} s, and is read from more slowly",
            session,
            allowance.excess().seconds());
      }
      if (welcomed && now - connectionTold >= TOLD_EVERY_NANOS) {
        connectionTold = now;
        tell(0, WINDOW_MILLIS, Codes.TOO_FAST, "This connection sends more than it may.");
      }
    }
  }

  /** It is for a document, which all its writers share. */
  void passed(Channel channel, int length) {
    long now = hub.now();
    long debt = channel.document.spend(length, now);
    if (debt > 0) {
      gate.holdFor(debt);
      if (allowance.excess().isToldNow(now)) {
        log.warn(
            "document {}: {} and all others who write it have together sent more than they may for"
                + " {} s, and are read from more slowly",
            channel.document.id(),
            session,
            allowance.excess().seconds());
      }
      if (now - documentTold >= TOLD_EVERY_NANOS) {
        documentTold = now;
        tell(
            channel.number,
            WINDOW_MILLIS,
            Codes.TOO_FAST,
            "All who write this document together send more than they may.");
      }
    }
  }

  /** It brings keystrokes. */
  void edits() {
    long now = hub.now();
    if (now - loadTold < TOLD_EVERY_NANOS) {
      return;
    }
    int window = hub.load().keystrokeWindowMillis();
    if (window > 0) {
      loadTold = now;
      hub.metrics().shed(RelayMetrics.Shed.KEYSTROKE_FREQUENCY);
      tell(0, window, Codes.OVERLOADED, "The relay has much to do.");
    }
  }

  private void tell(int channel, int windowMillis, String code, String reason) {
    hub.metrics().throttled(code);
    queue.answer(new RelayMessage.Throttle(channel, windowMillis, LASTS_MILLIS, code, reason));
  }
}
