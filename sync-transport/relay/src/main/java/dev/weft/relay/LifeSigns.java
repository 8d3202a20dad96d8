package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches whether the far end of a session is alive: it says Hello in time and has it accepted, is
 * heard again and again, and takes in what it is sent. Thread-safe.
 */
final class LifeSigns {
  private static final Logger log = LoggerFactory.getLogger(LifeSigns.class);

  private final RelayHub hub;
  private final Session session;
  private final ReadGate gate;
  private final RelayTimes times;

  // Guarded by this.
  private boolean greeted;
  private boolean admitted;
  private boolean closed;
  private long lastHeardNanos;

  LifeSigns(RelayHub hub, Session session, ReadGate gate) {
    this.hub = hub;
    this.session = session;
    this.gate = gate;
    this.times = hub.times();
    this.lastHeardNanos = hub.now();
  }

  void start() {
    hub.after(times.hello(), this::requireAdmission);
    hub.after(times.idle(), this::requireLife);
  }

  /** A frame has come in. */
  synchronized void heard() {
    lastHeardNanos = hub.now();
  }

  /** Hello was said. */
  synchronized void greeted() {
    greeted = true;
  }

  /** Hello was accepted. */
  synchronized void admitted() {
    admitted = true;
  }

  /** Watches no more. */
  synchronized void close() {
    closed = true;
  }

  private void requireAdmission() {
    String reason;
    synchronized (this) {
      if (admitted || closed) {
        return;
      }
      reason = greeted ? "The token could not be checked within " : "No Hello came within ";
    }
    session.refuse(
        Refusal.forNow(Codes.HELLO_TIMEOUT, reason + Sentences.of(times.hello()) + ".", 0));
  }

  /** Looks whether the connection is alive, and when to look again. */
  private void requireLife() {
    long idle;
    long stalled = session.queue().stalledNanos();
    boolean held = gate.isHeld();
    synchronized (this) {
      if (closed) {
        return;
      }
      // While it is the relay that does not read, silence says nothing about the client.
      idle = held ? 0 : hub.now() - lastHeardNanos;
    }
    if (stalled >= times.stall().toNanos()) {
      log.info("{} cut: it takes nothing in", session);
      session.abort();
    } else if (idle >= times.idle().toNanos()) {
      session.refuse(
          Refusal.forNow(
              Codes.IDLE_TIMEOUT, "Nothing was heard for " + Sentences.of(times.idle()) + ".", 0));
    } else {
      hub.after(times.idle().minusNanos(idle), this::requireLife);
    }
  }
}
