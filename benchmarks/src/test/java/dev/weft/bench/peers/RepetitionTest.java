package dev.weft.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.bench.peers.Repetition.Timing;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RepetitionTest {
  @Test
  void shouldTakeTheMiddleRunForMedian() {
    assertThat(Repetition.summary(runs(5, 1, 9), 2)).isEqualTo(new Timing(3, 2, 5, 1, 10, 10));
  }

  @Test
  void shouldTakeTheMeanOfTheMiddleTwoOfAnEvenNumber() {
    assertThat(Repetition.summary(runs(8, 2, 100, 4), 0).medianNanos()).isEqualTo(6);
  }

  @Test
  void shouldTellOfTheRunThatGotFurthestWhereAllWereStopped() {
    List<Run> stopped = List.of(new Run(30, 4, 10), new Run(31, 6, 10), new Run(29, 5, 10));

    assertThat(Repetition.summary(stopped, 0)).isEqualTo(new Timing(3, 0, 31, 31, 6, 10));
  }

  @Test
  void shouldRunAsOftenAsAskedAndWarmUpNotAtAll() throws Exception {
    AtomicInteger runs = new AtomicInteger();

    Timing timing =
        new Repetition(0, OptionalInt.of(3)).time(() -> new Run(runs.incrementAndGet(), 1, 1));

    assertThat(timing).isEqualTo(new Timing(3, 0, 2, 1, 1, 1));
  }

  @Test
  void shouldRepeatQuickRunsUpToTheMost() throws Exception {
    Timing timing = new Repetition(0, OptionalInt.empty()).time(() -> new Run(7, 1, 1), () -> 0);

    assertThat(timing.runs()).isEqualTo(Repetition.MOST_RUNS);
  }

  @Test
  void shouldRepeatSlowRunsNoOftenerThanItMust() throws Exception {
    AtomicLong now = new AtomicLong();

    Timing timing =
        new Repetition(0, OptionalInt.empty())
            .time(
                () -> {
                  now.addAndGet(TimeUnit.SECONDS.toNanos(Repetition.ENOUGH_SECONDS));
                  return new Run(7, 1, 1);
                },
                now::get);

    assertThat(timing.runs()).isEqualTo(Repetition.LEAST_RUNS);
  }

  private static List<Run> runs(long... nanos) {
    return Arrays.stream(nanos).mapToObj(time -> new Run(time, 10, 10)).toList();
  }
}
