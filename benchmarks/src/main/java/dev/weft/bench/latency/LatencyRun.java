package dev.weft.bench.latency;

import dev.weft.bench.RelayProcess;
import dev.weft.bench.ScratchDirectory;
import dev.weft.bench.latency.Scenario.FloodAt;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Measures one case, with a relay that is started for it. Clients and their readers are in this
 * process, so that one clock tells both ends; the relay and the neighbour have processes of their
 * own. Not thread-safe.
 */
final class LatencyRun {
  private static final String WARM_UP = "warm-up";
  private static final String DOCUMENT = "document";
  private static final String LEAN = "lean";
  private static final String NEIGHBOUR = "neighbour";

  /** Two documents, whose clients type much faster than people do, and save as often. */
  private static final int WARM_UP_CLIENTS = 2 * Crowd.GROUP_SIZE;

  private static final double WARM_UP_KEYSTROKES_PER_SECOND = 250;
  private static final Duration WARM_UP_SAVE_EVERY = Duration.ofMillis(50);

  private static final Duration BEGIN_AFTER = Duration.ofMillis(200);
  private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(60);

  private final Scenario scenario;
  private final Conditions conditions;

  /** Of the document that the neighbour types into, or of all if it types into none of them. */
  private final Latencies first = new Latencies();

  private final Latencies others;

  LatencyRun(Scenario scenario, Conditions conditions) {
    this.scenario = scenario;
    this.conditions = conditions;
    this.others = scenario.flood() == FloodAt.SAME ? new Latencies() : first;
  }

  /**
   * What came out.
   *
   * @param first the times of the document that the neighbour types into, if it does into one of
   *     them; else of all
   * @param others the times of the other documents, if the first has its own
   * @param floodKeystrokesPerSecond how fast the neighbour typed
   * @param missing how many keystrokes readers had not seen, and saves had no receipt, a minute
   *     after the last
   * @param savesRefused how many saves failed
   */
  record Outcome(
      Latencies first,
      Latencies others,
      ProcessorUse use,
      double floodKeystrokesPerSecond,
      int missing,
      int savesRefused) {}

  Outcome measure() throws IOException {
    try (ScratchDirectory directory = new ScratchDirectory(conditions.disk());
        RelayProcess relay = RelayProcess.start(directory.path())) {
      warmUp(relay);
      int clients = Math.min(scenario.clients(), conditions.wholeClients());
      try (Crowd crowd =
              Crowd.connect(
                  relay.uri(),
                  DOCUMENT,
                  clients,
                  conditions.disk(),
                  number -> number == 0 ? first : others);
          LeanCrowd lean =
              LeanCrowd.connect(
                  relay.uri(),
                  LEAN,
                  scenario.clients() - clients,
                  Crowd.GROUP_SIZE,
                  Crowd.WRITERS)) {
        if (scenario.flood() == FloodAt.NONE) {
          return measure(crowd, lean, relay, null);
        }
        String document = scenario.flood() == FloodAt.SAME ? DOCUMENT : NEIGHBOUR;
        try (Flood flood =
            Flood.start(
                relay.uri(), Crowd.document(document, 0), conditions.floodKeystrokesPerSecond())) {
          return measure(crowd, lean, relay, flood);
        }
      }
    }
  }

  /** A relay and clients that have just started are not those that people use. */
  private void warmUp(RelayProcess relay) throws IOException {
    if (conditions.warmUp().isZero()) {
      return;
    }
    Latencies ignored = new Latencies();
    try (Crowd crowd =
        Crowd.connect(
            relay.uri(), WARM_UP, WARM_UP_CLIENTS, conditions.disk(), number -> ignored)) {
      TypingPlan plan =
          TypingPlan.of(
              crowd.writers(),
              WARM_UP_KEYSTROKES_PER_SECOND,
              WARM_UP_SAVE_EVERY,
              conditions.warmUp(),
              conditions.seed());
      long begin = System.nanoTime();
      Typist typist = new Typist(crowd.groups(), plan, begin);
      typist.announce(begin);
      typist.type();
      if (!Waiting.until(ARRIVE_WITHIN, () -> crowd.missing() == 0)) {
        throw new IOException("what was typed to warm up did not arrive");
      }
    }
  }

  private Outcome measure(Crowd crowd, LeanCrowd lean, RelayProcess relay, @Nullable Flood flood)
      throws IOException {
    List<Writers> writers = new ArrayList<>(crowd.groups());
    writers.addAll(lean.groups());
    TypingPlan plan =
        TypingPlan.of(
            writers.stream().mapToInt(Writers::writerCount).sum(),
            conditions.keystrokesPerSecond(),
            conditions.saveEvery(),
            conditions.settle().plus(conditions.length()),
            conditions.seed());
    long begin = System.nanoTime() + BEGIN_AFTER.toNanos();
    long countFrom = begin + conditions.settle().toNanos();
    Typist typist = new Typist(writers, plan, begin);
    typist.announce(countFrom);
    CompletableFuture<Void> typing = CompletableFuture.runAsync(typist::type, LatencyRun::start);
    Waiting.untilNanos(countFrom);
    ProcessorUse.Meter meter = new ProcessorUse.Meter(used(relay, flood));
    typing.join();
    ProcessorUse use = meter.read();
    boolean unused = Waiting.until(ARRIVE_WITHIN, () -> crowd.missing() + lean.missing() == 0);
    lean.requireAlive();
    int missing = crowd.missing() + lean.missing();
    double floodKeystrokesPerSecond = flood == null ? 0 : flood.stop();
    requireConvergence(crowd);
    return new Outcome(
        first,
        others,
        use,
        floodKeystrokesPerSecond,
        missing,
        crowd.groups().stream().mapToInt(Group::savesRefused).sum());
  }

  private static void start(Runnable task) {
    new Thread(task, "typist").start();
  }

  private static ProcessorUse.Used used(RelayProcess relay, @Nullable Flood flood) {
    return new ProcessorUse.Used() {
      @Override
      public Duration relay() {
        return relay.processorTime().orElse(Duration.ZERO);
      }

      @Override
      public Duration flood() {
        return flood == null ? Duration.ZERO : flood.processorTime().orElse(Duration.ZERO);
      }
    };
  }

  private static void requireConvergence(Crowd crowd) throws IOException {
    if (!Waiting.until(
        ARRIVE_WITHIN, () -> crowd.groups().stream().allMatch(Group::hasConverged))) {
      throw new IOException(
          "not every client has every change " + ARRIVE_WITHIN.toSeconds() + " s after the last");
    }
  }
}
