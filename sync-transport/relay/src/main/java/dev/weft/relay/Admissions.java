package dev.weft.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All whose tokens were asked about, so that they can be asked about again: on the relay's timer, a
 * few at a time, so that neither it nor an authenticator that asks another server is overrun.
 * Thread-safe: a lock that is never held while calling out.
 */
final class Admissions {
  /** How many are asked about again at the same time, and without a pause. */
  static final int AT_ONCE = 64;

  static final Duration PAUSE = Duration.ofMillis(10);

  private final RelayHub hub;

  // Guarded by this.
  private final Set<Admission> open = new LinkedHashSet<>();
  private final Set<Admission> due = new LinkedHashSet<>();
  private int asked;
  private boolean scheduled;

  Admissions(RelayHub hub) {
    this.hub = hub;
  }

  /** Takes one in, whose token is about to be asked about. */
  synchronized void add(Admission admission) {
    open.add(admission);
  }

  /** Forgets one that is over. */
  synchronized void remove(Admission admission) {
    open.remove(admission);
  }

  /** Returns how many there are. */
  synchronized int size() {
    return open.size();
  }

  /**
   * Asks about tokens again.
   *
   * @param name of whose bearers; null for all
   */
  void recheck(@Nullable String name) {
    List<Admission> concerned;
    synchronized (this) {
      concerned = new ArrayList<>(open);
    }
    concerned.removeIf(each -> name != null && !each.mayBe(name));
    synchronized (this) {
      due.addAll(concerned);
    }
    goOn(Duration.ZERO);
  }

  private synchronized void goOn(Duration after) {
    if (!scheduled && !due.isEmpty() && asked < AT_ONCE) {
      scheduled = true;
      var unused = hub.after(after, this::ask);
    }
  }

  private void ask() {
    synchronized (this) {
      scheduled = false;
    }
    for (int i = 0; i < AT_ONCE; i++) {
      Admission next = next();
      if (next == null) {
        return;
      }
      next.recheck(this::answered);
    }
    goOn(PAUSE);
  }

  private synchronized @Nullable Admission next() {
    if (due.isEmpty() || asked == AT_ONCE) {
      return null;
    }
    Admission next = due.iterator().next();
    due.remove(next);
    asked++;
    return next;
  }

  private void answered() {
    synchronized (this) {
      asked--;
    }
    goOn(PAUSE);
  }
}
