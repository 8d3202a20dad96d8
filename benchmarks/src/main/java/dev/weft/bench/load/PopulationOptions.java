package dev.weft.bench.load;

import dev.weft.bench.load.net.Network;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who is there, and what lies between them and the server. */
final class PopulationOptions {
  @Option(
      names = "--documents",
      paramLabel = "N",
      description = "How many documents (default: 10; with --find, --beside 50, --fairness 5).")
  private @Nullable Integer documents;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "How many normal clients have each open (default: 4; with --fairness 20).")
  private @Nullable Integer clients;

  @Option(
      names = "--writers",
      paramLabel = "N",
      description = "How many of these write; the others read (default: 1; with --fairness 2).")
  private @Nullable Integer writers;

  @Option(
      names = "--latency",
      paramLabel = "MS",
      defaultValue = "0",
      description = "Of normal clients' network, each way (default: ${DEFAULT-VALUE}).")
  private double latency;

  @Option(
      names = "--jitter",
      paramLabel = "MS",
      defaultValue = "0",
      description = "Up to how much longer that takes at times (default: ${DEFAULT-VALUE}).")
  private double jitter;

  @Option(
      names = "--slow",
      paramLabel = "N",
      defaultValue = "0",
      description = "So many more read over a bad network (default: ${DEFAULT-VALUE}).")
  private int slow;

  @Option(
      names = "--slow-bandwidth",
      paramLabel = "BYTES",
      defaultValue = "2000",
      description = "Its bytes a second, each way (default: ${DEFAULT-VALUE}).")
  private int slowBandwidth;

  @Option(
      names = "--slow-latency",
      paramLabel = "MS",
      defaultValue = "150",
      description = "Its latency, each way (default: ${DEFAULT-VALUE}).")
  private double slowLatency;

  @Option(
      names = "--slow-jitter",
      paramLabel = "MS",
      defaultValue = "50",
      description = "Its jitter, each way (default: ${DEFAULT-VALUE}).")
  private double slowJitter;

  @Option(
      names = "--cuts",
      paramLabel = "N",
      defaultValue = "0",
      description = "So many more read and lose their connection at times (default: 0).")
  private int cuts;

  @Option(
      names = "--cut-every",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "How often each loses it, on average (default: ${DEFAULT-VALUE}).")
  private double cutEvery;

  @Option(
      names = "--flood",
      paramLabel = "N",
      defaultValue = "0",
      description = "So many more send as fast as they can (default: ${DEFAULT-VALUE}).")
  private int flood;

  /** What is usual where the options do not say it. */
  record Usual(int documents, int clients, int writers) {}

  /**
   * Returns who is there.
   *
   * @throws IllegalArgumentException if an option is out of its bounds
   */
  Population population(Usual usual, boolean firstApart) {
    int all = value(clients, usual.clients);
    int writing = value(writers, Math.min(all, usual.writers));
    atLeast("--documents", value(documents, usual.documents), 1);
    atLeast("--clients", all, 1);
    atLeast("--writers", writing, 1);
    if (writing > all) {
      throw new IllegalArgumentException(
          "--writers must be at most --clients, " + all + ", is " + writing);
    }
    atLeast("--latency", latency, 0);
    atLeast("--jitter", jitter, 0);
    atLeast("--slow", slow, 0);
    atLeast("--slow-bandwidth", slowBandwidth, 100);
    atLeast("--slow-latency", slowLatency, 0);
    atLeast("--slow-jitter", slowJitter, 0);
    atLeast("--cuts", cuts, 0);
    atLeast("--cut-every", cutEvery, 0.1);
    atLeast("--flood", flood, 0);
    return new Population(
        value(documents, usual.documents),
        all,
        writing,
        new Network(0, nanos(latency), nanos(jitter)),
        slow,
        slowNetwork(),
        cuts,
        Duration.ofNanos((long) (cutEvery * TimeUnit.SECONDS.toNanos(1))),
        flood,
        firstApart);
  }

  private Network slowNetwork() {
    return new Network(slowBandwidth, nanos(slowLatency), nanos(slowJitter));
  }

  private static int value(@Nullable Integer given, int usual) {
    return given == null ? usual : given;
  }

  private static long nanos(double millis) {
    return (long) (millis * TimeUnit.MILLISECONDS.toNanos(1));
  }

  /** Requires an option to be no less than it may. */
  static void atLeast(String option, double value, double least) {
    if (!(value >= least)) {
      throw new IllegalArgumentException(
          option + " must be at least " + plain(least) + ", is " + plain(value));
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
