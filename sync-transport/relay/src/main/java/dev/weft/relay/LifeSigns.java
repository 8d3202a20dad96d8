package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
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
  private Timer.@Nullable Scheduled admissionLook;
  private Timer.@Nullable Scheduled lifeLook;

  LifeSigns(RelayHub hub, Session session, ReadGate gate) {
    this.hub = hub;
    this.session = session;
    this.gate = gate;
    this.times = hub.times();
    this.lastHeardNanos = hub.now();
  }

  synchronized void start() {
    if (!closed) {
      admissionLook = hub.after(times.hello(), this::requireAdmission);
      lifeLook = hub.after(times.idle(), this::requireLife);
    }
  }

  /** Something has come in. */
  synchronized void heard() {
    lastHeardNanos = hub.now();
  }

  /** Returns when something came last, by the hub's clock. May be called from any thread. */
  synchronized long lastHeardNanos() {
    return lastHeardNanos;
  }

  /** Hello was said. */
  synchronized void greeted() {
    greeted = true;
  }

  /** Hello was accepted. */
  synchronized void admitted() {
    admitted = true;
    admissionLook = cancel(admissionLook);
  }

  /** Watches no more, and leaves nothing behind that refers to the session. */
  synchronized void close() {
    closed = true;
    admissionLook = cancel(admissionLook);
    lifeLook = cancel(lifeLook);
  }

  private static Timer.@Nullable Scheduled cancel(Timer.@Nullable Scheduled look) {
    if (look != null) {
      look.cancel();
    }
    return null;
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
      lookAgain(times.idle().minusNanos(idle));
    }
  }

  private synchronized void lookAgain(Duration after) {
    if (!closed) {
      lifeLook = hub.after(after, this::requireLife);
    }
  }
}
