package dev.weft.relay;

import com.google.common.primitives.Bytes;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The relay's figures for all who look at the dashboard. The meters are read once for all of them,
 * and only while somebody looks; who comes between hears what was read last. Thread-safe.
 */
final class Dashboard {
  /** How often figures are told. */
  static final Duration INTERVAL = Duration.ofSeconds(2);

  /** How many may look at a time. */
  static final int MAX_VIEWERS = 16;

  /** Whoever loses the connection is to come again after so many milliseconds. */
  private static final byte[] BEGINS = "retry: 2000\ndata: ".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] ENDS = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] GOODBYE =
      "event: goodbye\ndata: {}\n\n".getBytes(StandardCharsets.US_ASCII);

  private final RelayHub hub;
  private final MeterRegistry meters;
  private final String page;
  private final Duration interval;
  private final long begunNanos;

  // Guarded by this.
  private final Lately.Keeper samples = new Lately.Keeper();
  private final Set<FigureStream> viewers = new LinkedHashSet<>();
  private Timer.@Nullable Scheduled next;

  /** The figures that were told last, while nothing is known to have happened since; or none. */
  private byte @Nullable [] newest;

  private long newestNanos;
  private int samplings;
  private boolean over;

  /**
   * Creates a dashboard that nobody looks at.
   *
   * @param page names the page that the figures are for
   * @param interval how often figures are told
   */
  Dashboard(RelayHub hub, MeterRegistry meters, String page, Duration interval) {
    this.hub = hub;
    this.meters = meters;
    this.page = page;
    this.interval = interval;
    this.begunNanos = hub.now();
  }

  /** Returns whether one more may look. */
  synchronized boolean hasRoom() {
    return !over && viewers.size() < MAX_VIEWERS;
  }

  /** Gives a stream the figures from now on; returns false, and does not, if too many look. */
  synchronized boolean join(FigureStream viewer) {
    if (!hasRoom()) {
      return false;
    }
    if (viewer.isEnding()) {
      // It has left already, before it came.
      return true;
    }
    viewers.add(viewer);
    byte[] known = newest;
    long oldNanos = interval.toNanos() - (hub.now() - newestNanos);
    if (known == null || oldNanos <= 0) {
      tell();
      return true;
    }
    // However many begin to look, the meters are read no more often than for one.
    if (next == null) {
      next = hub.after(Duration.ofNanos(oldNanos), this::tell);
    }
    viewer.give(known);
    return true;
  }

  /** Forgets a stream that has ended. */
  synchronized void leave(FigureStream viewer) {
    viewers.remove(viewer);
    if (viewers.isEmpty()) {
      stop();
    }
  }

  private void stop() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  /** Tells the figures now, if anybody looks: something has happened. */
  synchronized void tell() {
    stop();
    if (over || viewers.isEmpty()) {
      newest = null;
      return;
    }
    samplings++;
    long now = hub.now();
    byte[] figures =
        Figures.json(
            hub, samples.add(Sample.of(meters, now)), page, Duration.ofNanos(now - begunNanos));
    byte[] told = event(figures);
    newest = told;
    newestNanos = now;
    next = hub.after(interval, this::tell);
    // One that fails leaves meanwhile.
    List.copyOf(viewers).forEach(viewer -> viewer.give(told));
  }

  private static byte[] event(byte[] figures) {
    return Bytes.concat(BEGINS, figures, ENDS);
  }

  /** Tells all who look that the relay stops, and takes nobody any more. */
  synchronized void end() {
    over = true;
    stop();
    List.copyOf(viewers).forEach(viewer -> viewer.end(GOODBYE));
  }

  /** Returns how often the meters were read. */
  synchronized int samplings() {
    return samplings;
  }

  /** Returns how many look. */
  synchronized int viewers() {
    return viewers.size();
  }
}
