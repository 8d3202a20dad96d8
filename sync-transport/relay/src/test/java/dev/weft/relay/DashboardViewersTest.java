package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who begins to look at the dashboard, and when the meters are read for it, step by step. */
class DashboardViewersTest {
  private static final Duration MOMENT = Duration.ofMillis(1);

  @TempDir Path directory;

  private final List<String> told = new ArrayList<>();

  private Dashboard dashboard(SteppedHub hub) {
    return new Dashboard(hub.hub, hub.meters, "page", Dashboard.INTERVAL);
  }

  private FigureStream viewer() {
    return new FigureStream(
        (last, bytes, callback) -> {
          told.add(text(bytes));
          callback.succeeded();
        },
        Callback.NOOP);
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }

  /** A page that is loaded again and again, or a script. */
  @Test
  void shouldReadMetersNoMoreOftenHoweverManyBeginToLook() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Dashboard dashboard = dashboard(hub);
      for (int i = 0; i < 5_000; i++) {
        FigureStream viewer = viewer();
        assertThat(dashboard.join(viewer)).isTrue();
        dashboard.leave(viewer);
        hub.advance(MOMENT);
      }

      assertThat(dashboard.samplings()).isEqualTo(3);
      assertThat(told).hasSize(5_000);
      assertThat(told.get(1_999)).isEqualTo(told.get(0)).isNotEqualTo(told.get(2_000));
    }
  }

  @Test
  void shouldTellWhoComesBetweenWhatIsNewestAndTheNextInTime() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Dashboard dashboard = dashboard(hub);
      FigureStream first = viewer();
      dashboard.join(first);
      dashboard.leave(first);
      hub.advance(Dashboard.INTERVAL.minus(MOMENT));
      FigureStream second = viewer();
      dashboard.join(second);
      dashboard.join(viewer());
      assertThat(dashboard.samplings()).isOne();
      assertThat(told).hasSize(3).containsOnly(told.get(0));

      hub.advance(MOMENT);

      assertThat(dashboard.samplings()).isEqualTo(2);
      assertThat(told).hasSize(5);
      hub.advance(Dashboard.INTERVAL);
      assertThat(dashboard.samplings()).isEqualTo(3);
    }
  }

  @Test
  void shouldTellNothingOldWhenSomethingHasHappenedWhileNobodyLooked() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Dashboard dashboard = dashboard(hub);
      FigureStream first = viewer();
      dashboard.join(first);
      dashboard.leave(first);
      dashboard.tell();
      assertThat(dashboard.samplings()).isOne();

      dashboard.join(viewer());

      assertThat(dashboard.samplings()).isEqualTo(2);
    }
  }

  @Test
  void shouldKeepSoManySamplesOfAMinuteHoweverOftenTheyAreTaken() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Lately.Keeper keeper = new Lately.Keeper();
      Lately lately = keeper.add(Sample.of(hub.meters, 0));
      assertThat(lately.before()).isNull();
      for (long millis = 100; millis <= 200_000; millis += 100) {
        lately = keeper.add(Sample.of(hub.meters, Duration.ofMillis(millis).toNanos()));

        assertThat(keeper.size()).isLessThanOrEqualTo(Lately.Keeper.MAX);
        assertThat(lately.seconds())
            .isBetween(Math.min(millis / 1_000.0, 60), Math.min(millis / 1_000.0, 61));
      }
    }
  }
}
