package dev.weft.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.bench.peers.Repetition.Timing;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResultTest {
  private static final Timing TIMING = new Timing(5, 2, 3_000, 1_000, 10, 20);

  static Stream<Result> results() {
    return Stream.of(
        Result.timed(Library.YJS, Metric.LOCAL, null, TIMING, Result.TEXT_OWN_ORDER, null),
        Result.timed(
            Library.WEFT, Metric.LOAD, "whole", TIMING, Result.TEXT_AS_RECORDED, "a \"note\""),
        Result.sized(Library.LORO, 1L << 33, Result.TEXT_NOT_TOLD, "all of it"),
        Result.notMeasured(Library.GAP_BUFFER, Metric.BULK, "why"),
        Result.failed(Library.AUTOMERGE_JS, Metric.EDIT, "what"));
  }

  @ParameterizedTest
  @MethodSource("results")
  void shouldReadWhatItWrites(Result result) throws IOException {
    assertThat(Result.parse(result.toLine())).isEqualTo(result);
  }

  @Test
  void shouldRefuseWhatIsNoResult() {
    assertThatThrownBy(() -> Result.parse("hello")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Result.parse("{\"library\":\"yjs\"}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nothing that is known");
  }

  @Test
  void shouldCompareMediansOfOneStep() {
    Ratios ratios = new Ratios();
    Result own = Result.timed(Library.WEFT, Metric.LOCAL, null, TIMING, "", null);
    Timing whole = new Timing(5, 2, 3_000, 1_000, 20, 20);
    Result other = Result.timed(Library.YJS, Metric.LOCAL, null, whole, "", null);

    assertThat(ratios.ratio(other)).isEmpty();
    assertThat(ratios.ratio(own)).hasValue(1);
    assertThat(ratios.ratio(other)).hasValue(0.5);
    ratios.begin();
    assertThat(ratios.ratio(other)).isEmpty();
  }
}
