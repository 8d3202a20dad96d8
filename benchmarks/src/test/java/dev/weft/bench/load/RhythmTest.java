package dev.weft.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RhythmTest {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  @TempDir private Path folder;

  @Test
  void shouldCountEditsOfEachSecondAndLeaveOutLongPauses() {
    int[] counts = Rhythm.perSecond(new long[] {100, 100, 100, 102, 9_000, 9_000});

    assertThat(counts).containsExactly(3, 0, 1, 0, 0, 2);
  }

  @Test
  void shouldMakeAsManyEditsASecondAsAreWanted() {
    Rhythm.Clock clock = Rhythm.of(7, 0, 0, 1, 12, 3).clock(40, new Random(1));
    long last = 0;
    for (int edit = 0; edit < 40_000; edit++) {
      long due = clock.nextNanos();
      assertThat(due).isGreaterThanOrEqualTo(last);
      last = due;
    }
    assertThat(last / SECOND).isBetween(999.0, 1_001.0);
  }

  @Test
  void shouldKeepBursts() {
    // Nine of ten edits fall into a half of the time.
    Rhythm.Clock clock = Rhythm.of(9, 1).clock(10, new Random(1));
    int[] halves = new int[2];
    for (int edit = 0; edit < 10_000; edit++) {
      halves[(int) (clock.nextNanos() / (SECOND / 2)) % 2]++;
    }
    assertThat(Math.max(halves[0], halves[1])).isBetween(8_980, 9_020);
  }

  @Test
  void shouldReadWhenATraceWasTyped() throws IOException {
    Path trace = folder.resolve("trace.json");
    Files.writeString(
        trace,
        """
        {"startContent": "", "endContent": "ab", "txns": [
          {"time": "2021-05-12T04:01:04.000Z", "patches": [[0, 0, "a"]]},
          {"time": "2021-05-12T04:01:05.000Z", "patches": [[1, 0, "b"]]}]}
        """);

    assertThat(Rhythm.recorded(trace).clock(2, new Random(1)).nextNanos())
        .isLessThan((long) SECOND / 2);
  }

  @Test
  void shouldRefuseATraceThatDoesNotTell() throws IOException {
    Path trace = folder.resolve("trace.json");
    Files.writeString(trace, "{\"txns\": [{\"patches\": [[0, 0, \"a\"]]}]}");

    assertThatThrownBy(() -> Rhythm.recorded(trace))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not tell when it was typed");
  }
}
