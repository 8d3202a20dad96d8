package dev.weft.cluster;

import dev.weft.relay.FanOut;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the relay compares its open documents with the store: at an interval, which is short
 * while announcements do not come, and soon when something is known to be missing. However many
 * documents are open, the store is asked no more than so often in a second. Thread-safe.
 */
final class CatchUps {
  /** While announcements come, this is only for those that are lost on the way. */
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  /** While they do not come, this is how far behind a reader is. */
  private static final Duration INTERVAL_WITHOUT_ANNOUNCEMENTS = Duration.ofMillis(300);

  private static final int MAX_PER_SECOND = 1_000;
  private static final Duration MIN_MISSED_PAUSE = Duration.ofMillis(50);
  private static final Duration MAX_MISSED_PAUSE = Duration.ofSeconds(1);

  private final ScheduledExecutorService scheduler;
  private final RandomGenerator random;
  private final Set<Watch> watches = new HashSet<>();
  private boolean announcementsCome;

  /**
   * Creates the schedule of no documents, while no announcements come.
   *
   * @param random used under a lock
   */
  CatchUps(ScheduledExecutorService scheduler, RandomGenerator random) {
    this.scheduler = scheduler;
    this.random = random;
  }

  /** Begins to call {@code listener}: at once for the first time. */
  synchronized Watch watch(FanOut.Listener listener) {
    Watch watch = new Watch(listener);
    watches.add(watch);
    watch.schedule(0);
    return watch;
  }

  /** Says whether announcements come. */
  synchronized void announcementsCome(boolean come) {
    if (announcementsCome == come) {
      return;
    }
    announcementsCome = come;
    if (!come) {
      // What was to come in some seconds is now awaited sooner.
      for (Watch watch : List.copyOf(watches)) {
        watch.schedule(intervalNanos());
      }
    }
  }

  private long intervalNanos() {
    Duration interval = announcementsCome ? INTERVAL : INTERVAL_WITHOUT_ANNOUNCEMENTS;
    long paced = TimeUnit.SECONDS.toNanos(watches.size()) / MAX_PER_SECOND;
    long nanos = Math.max(interval.toNanos(), paced);
    return random.nextLong(nanos / 2, nanos + nanos / 2);
  }

  /** One document's place in the schedule. */
  final class Watch {
    private final FanOut.Listener listener;
    private final Backoff backoff = new Backoff(MIN_MISSED_PAUSE, MAX_MISSED_PAUSE, random);
    private @Nullable ScheduledFuture<?> next;
    private boolean missed;

    Watch(FanOut.Listener listener) {
      this.listener = listener;
    }

    /** Something is known to be missing, and was not in the store yet: looks again soon. */
    void missed() {
      synchronized (CatchUps.this) {
        if (!missed) {
          missed = true;
          schedule(backoff.nextNanos());
        }
      }
    }

    /** Announcements may have been missed: looks at once. */
    void now() {
      synchronized (CatchUps.this) {
        schedule(0);
      }
    }

    /** Does not call the listener any more, except where it is being called. */
    void end() {
      synchronized (CatchUps.this) {
        watches.remove(this);
        if (next != null) {
          next.cancel(false);
        }
      }
    }

    private void schedule(long delayNanos) {
      if (!watches.contains(this)) {
        return;
      }
      if (next != null) {
        next.cancel(false);
      }
      next = scheduler.schedule(this::run, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void run() {
      synchronized (CatchUps.this) {
        if (!missed) {
          backoff.reset();
        }
        missed = false;
        schedule(intervalNanos());
      }
      Callbacks.run(listener::catchUp);
    }
  }
}
