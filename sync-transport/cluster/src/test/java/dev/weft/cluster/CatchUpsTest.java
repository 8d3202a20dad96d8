package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.relay.FanOut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CatchUpsTest {
  private final SteppedScheduler scheduler = new SteppedScheduler();
  private final CatchUps catchUps = new CatchUps(scheduler, new Random(1));

  @Test
  void shouldLookAtOnceAndThenAtShortIntervalsWhileNoAnnouncementsCome() {
    Counter counter = new Counter();
    catchUps.watch(counter);

    scheduler.runDue();
    assertThat(counter.calls).isEqualTo(1);

    scheduler.advance(Duration.ofSeconds(30));
    assertThat(counter.calls).isBetween(90, 120);
  }

  @Test
  void shouldLookSeldomWhileAnnouncementsCome() {
    Counter counter = new Counter();
    catchUps.announcementsCome(true);
    catchUps.watch(counter);
    scheduler.runDue();

    scheduler.advance(Duration.ofSeconds(60));
    assertThat(counter.calls).isBetween(9, 21);
  }

  @Test
  void shouldLookSoonerWhenAnnouncementsStop() {
    Counter counter = new Counter();
    catchUps.announcementsCome(true);
    catchUps.watch(counter);
    scheduler.runDue();
    assertThat(counter.calls).isEqualTo(1);

    catchUps.announcementsCome(false);
    scheduler.advance(Duration.ofMillis(450));

    assertThat(counter.calls).isGreaterThan(1);
  }

  @Test
  void shouldLookEverLaterWhenTheSameStaysMissing() {
    Counter counter = new Counter();
    catchUps.announcementsCome(true);
    CatchUps.Watch watch = catchUps.watch(counter);
    scheduler.runDue();
    for (int millis : new int[] {50, 100, 200, 400, 800, 1_000, 1_000}) {
      int before = counter.calls;
      watch.missed();
      watch.missed();
      scheduler.advance(Duration.ofMillis(millis / 2 - 1));
      assertThat(counter.calls).isEqualTo(before);
      scheduler.advance(Duration.ofMillis(millis / 2 + 1));
      assertThat(counter.calls).isEqualTo(before + 1);
    }

    // Nothing was missing when it looked next.
    scheduler.advance(Duration.ofSeconds(8));
    int before = counter.calls;
    watch.missed();
    scheduler.advance(Duration.ofMillis(50));
    assertThat(counter.calls).isEqualTo(before + 1);
  }

  @Test
  void shouldLookNoMoreWhenItHasEnded() {
    Counter counter = new Counter();
    CatchUps.Watch watch = catchUps.watch(counter);
    scheduler.runDue();

    watch.end();
    watch.now();
    watch.missed();
    scheduler.advance(Duration.ofSeconds(10));

    assertThat(counter.calls).isEqualTo(1);
  }

  @Test
  void shouldKeepToItsPaceHoweverManyAreOpen() {
    List<Counter> counters = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      Counter counter = new Counter();
      counters.add(counter);
      catchUps.watch(counter);
    }
    scheduler.runDue();
    scheduler.advance(Duration.ofSeconds(10));
    int before = counters.stream().mapToInt(counter -> counter.calls).sum();

    scheduler.advance(Duration.ofSeconds(30));

    int calls = counters.stream().mapToInt(counter -> counter.calls).sum() - before;
    assertThat(calls).isBetween(25_000, 36_000);
  }

  private static final class Counter implements FanOut.Listener {
    int calls;

    @Override
    public void received(List<Change> changes) {
      throw new AssertionError("nothing is announced here");
    }

    @Override
    public void catchUp() {
      calls++;
    }
  }
}
