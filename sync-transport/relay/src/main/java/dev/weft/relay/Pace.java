package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.RelayMessage;
import java.time.Duration;

/**
 * Keeps one connection to its allowance, and to that of the documents that it writes: who sends
 * more is read from more slowly, and told so; and who writes while the relay has too much to do is
 * asked to gather longer. Guarded by the session.
 */
final class Pace {
  private static final int WINDOW_MILLIS = 50;
  private static final int LASTS_MILLIS = 5_000;
  private static final long TOLD_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  private final RelayHub hub;
  private final SendQueue queue;
  private final ReadGate gate;
  private final TokenBucket messages;
  private final TokenBucket bytes;

  private long connectionTold;
  private long documentTold;
  private long loadTold;

  Pace(RelayHub hub, SendQueue queue, ReadGate gate) {
    this.hub = hub;
    this.queue = queue;
    this.gate = gate;
    long now = hub.now();
    this.messages = hub.bounds().allowances().messagesOfConnection(now);
    this.bytes = hub.bounds().allowances().bytesOfConnection(now);
    this.connectionTold = now - TOLD_EVERY_NANOS;
    this.documentTold = connectionTold;
    this.loadTold = connectionTold;
  }

  /** A message has come in. */
  void received(int length) {
    long now = hub.now();
    long debt = Math.max(messages.spend(1, now), bytes.spend(length, now));
    if (debt > 0) {
      gate.holdFor(debt);
      if (now - connectionTold >= TOLD_EVERY_NANOS) {
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
