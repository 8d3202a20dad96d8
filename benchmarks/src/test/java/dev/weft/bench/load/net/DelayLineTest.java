package dev.weft.bench.load.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DelayLineTest {
  private static final int LATENCY = 1_000;
  private static final int JITTER = 500;

  @Test
  void shouldKeepEachPieceForTheLatencyAndNoLonger() {
    DelayLine<String> line = new DelayLine<>(new Network(0, LATENCY, 0), new Random(1));

    assertThat(line.add("a", 10)).isEqualTo(10 + LATENCY);
    assertThat(line.poll(10 + LATENCY - 1)).isNull();
    assertThat(line.poll(10 + LATENCY)).isEqualTo("a");
    assertThat(line.poll(10 + LATENCY)).isNull();
  }

  @Test
  void shouldVaryByTheJitterAndKeepTheOrder() {
    DelayLine<Integer> line = new DelayLine<>(new Network(0, LATENCY, JITTER), new Random(1));
    long last = 0;
    int late = 0;
    for (int i = 0; i < 1_000; i++) {
      long now = i * 10L;
      long due = line.add(i, now);
      assertThat(due).isGreaterThanOrEqualTo(last).isBetween(now + LATENCY, now + LATENCY + JITTER);
      late += due - now > LATENCY + JITTER / 2 ? 1 : 0;
      last = due;
    }
    assertThat(late).isPositive();
    for (int i = 0; i < 1_000; i++) {
      assertThat(line.poll(last)).isEqualTo(i);
    }
  }
}
