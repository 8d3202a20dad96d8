package dev.weft.bench.latency;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;

/**
 * How many processors who kept busy, on average over a time.
 *
 * @param clients the process of all clients but the neighbour
 * @param relay the relay's
 * @param flood the neighbour's
 * @param machine all of the machine's, whoever used them
 */
record ProcessorUse(double clients, double relay, double flood, double machine) {

  /** Reads the clocks at the beginning, and again at the end. Not thread-safe. */
  static final class Meter {
    private final OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Used used;
    private final long beginNanos = System.nanoTime();
    private final Duration clientsBefore;
    private final Duration relayBefore;
    private final Duration floodBefore;

    Meter(Used used) {
      this.used = used;
      clientsBefore = clients();
      relayBefore = used.relay();
      floodBefore = used.flood();
      // What it returns next is the average since now.
      double unused = system.getCpuLoad();
    }

    ProcessorUse read() {
      double nanos = System.nanoTime() - beginNanos;
      return new ProcessorUse(
          clients().minus(clientsBefore).toNanos() / nanos,
          used.relay().minus(relayBefore).toNanos() / nanos,
          used.flood().minus(floodBefore).toNanos() / nanos,
          system.getCpuLoad() * Runtime.getRuntime().availableProcessors());
    }

    private static Duration clients() {
      Optional<Duration> own = ProcessHandle.current().info().totalCpuDuration();
      return own.orElse(Duration.ZERO);
    }
  }

  /** Tells how much time of processors other processes have used. */
  interface Used {
    Duration relay();

    Duration flood();
  }
}
