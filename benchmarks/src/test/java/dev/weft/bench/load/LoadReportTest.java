package dev.weft.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.bench.load.dialect.Edits;
import dev.weft.bench.load.net.Network;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a run is said to have been. */
class LoadReportTest {
  private static final Duration LENGTH = Duration.ofSeconds(10);
  private static final String WHY = "people type in bursts";

  private static String printed(Rhythm rhythm, long editsSent) {
    Tally tally = new Tally();
    tally.editsSent = editsSent;
    StringWriter out = new StringWriter();
    report(rhythm, tally, new Tally()).print(new PrintWriter(out));
    return out.toString();
  }

  private static LoadReport report(Rhythm rhythm, Tally tally, Tally floodTally) {
    Population population =
        new Population(10, 4, 1, Network.DIRECT, 0, Network.DIRECT, 0, Duration.ZERO, 0, false);
    Habits habits = new Habits(Duration.ZERO, 0, true, rhythm, Edits.letters(1));
    LoadSettings settings = new LoadSettings(population, habits, 200, Duration.ZERO, LENGTH, 1);
    LoadOutcome outcome =
        new LoadOutcome(
            settings,
            tally,
            floodTally,
            LENGTH,
            OptionalDouble.empty(),
            0,
            OptionalLong.empty(),
            OptionalLong.empty());
    return new LoadReport("a relay", "letters", outcome);
  }

  @Test
  void shouldTellWhoWasAskedForLess() {
    Tally flood = new Tally();
    flood.throttled(ClientClass.FLOOD, "too-fast");
    LoadReport report = report(Rhythm.of(1), new Tally(), flood);
    StringWriter words = new StringWriter();
    StringWriter json = new StringWriter();

    report.print(new PrintWriter(words));
    report.printJson(new PrintWriter(json));

    assertThat(words.toString()).contains("throttles: flood 1 too-fast; refusals: none;");
    assertThat(json.toString()).contains("\"throttles\":{\"flood\":{\"too-fast\":1}}");
  }

  @Test
  void shouldSayWhyTheRateIsNotWhatWasWanted() {
    Rhythm bursts = Rhythm.of(9, 1);

    assertThat(printed(bursts, 1_670)).contains("\nrate: 167.0 edits/s, not 200.0, for " + WHY);
    assertThat(printed(bursts, 2_330)).contains("\nrate: 233.0 edits/s, not 200.0, for " + WHY);
    assertThat(printed(bursts, 1_950)).doesNotContain(WHY);
    assertThat(printed(Rhythm.of(1), 1_670)).doesNotContain(WHY);
  }
}
