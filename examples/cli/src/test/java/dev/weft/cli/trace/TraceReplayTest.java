package dev.weft.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.trace.TraceReplay.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TraceReplayTest {
  private static final OptionalInt ONCE = OptionalInt.of(1);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void shouldReplaySequenceThatStartsFromText(Mode mode) throws Exception {
    Trace trace =
        read(
            """
            {"startContent": "a😀b", "endContent": "x😀😀", "txns": [
              {"patches": [[3, 0, "😀"], [2, 1, ""]]}, {"patches": [[0, 1, "x"]]}]}
            """);

    ReplayResult result = TraceReplay.replay(trace, mode, ONCE);

    assertThat(result.matches()).contains(true);
    assertThat(result.characters()).isEqualTo(3);
    assertThat(result.runs()).isEqualTo(1);
    assertThat(result.encodedBytes()).isPositive();
    assertThat(result.minMillis()).isLessThanOrEqualTo(result.medianMillis());
  }

  @ParameterizedTest
  @EnumSource
  void shouldBreakTiesByAgentNumber(Mode mode) throws Exception {
    Trace trace =
        read(
            """
            {"kind": "concurrent", "numAgents": 3, "endContent": "😀bc!", "txns": [
              {"parents": [], "agent": 2, "patches": [[0, 0, "c"]]},
              {"parents": [], "agent": 1, "patches": [[0, 0, "b"]]},
              {"parents": [], "agent": 0, "patches": [[0, 0, "😀"]]},
              {"parents": [0, 1, 2], "agent": 1, "patches": [[3, 0, "!"]]}]}
            """);

    assertThat(TraceReplay.replay(trace, mode, ONCE).matches()).contains(true);
  }

  @ParameterizedTest
  @EnumSource(names = "RELAY", mode = EnumSource.Mode.EXCLUDE)
  void shouldLetAgentOfEventGraphWorkOnTwoBranches(Mode mode) throws Exception {
    Trace trace =
        read(
            """
            {"endContent": "=<1><2>", "txns": [
              {"agent": "a", "seqStart": 0, "span": [0, 1], "parents": [], "ops": [[0, 0, "="]]},
              {"agent": "a", "seqStart": 4, "span": [1, 4], "parents": [0], "ops": [[1, 0, "<2>"]]},
              {"agent": "a", "seqStart": 1, "span": [4, 7], "parents": [0],
               "ops": [[1, 0, "<1>"]]}]}
            """);

    assertThat(TraceReplay.replay(trace, mode, ONCE).matches()).contains(true);
  }

  @Test
  void shouldSayWhereTextDiffers() throws Exception {
    Trace trace = read("{\"endContent\": \"abd\", \"txns\": [{\"patches\": [[0, 0, \"abc\"]]}]}");

    ReplayResult result = TraceReplay.replay(trace, Mode.LOCAL, ONCE);

    assertThat(result.matches()).contains(false);
    assertThat(result.difference())
        .contains("the texts part at index 2: expected \"d\", actual \"c\"");
  }

  @Test
  void shouldMatchNothingWhereTraceDoesNotTellItsText() throws Exception {
    Trace trace = read("{\"txns\": [{\"patches\": [[0, 0, \"abc\"]]}]}");

    ReplayResult result = TraceReplay.replay(trace, Mode.LOCAL, ONCE);

    assertThat(result.matches()).isEmpty();
    assertThat(result.sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void shouldReplayTraceWithoutTransactions() throws Exception {
    Trace trace = read("{\"startContent\": \"abc\", \"endContent\": \"abc\", \"txns\": []}");

    for (Mode mode : Mode.values()) {
      assertThat(TraceReplay.replay(trace, mode, ONCE).matches()).contains(true);
    }
  }

  @Test
  void shouldRefusePatchOutsideOfItsText() throws Exception {
    Trace basic = read("{\"txns\": [{\"patches\": []}, {\"patches\": [[1, 2, \"\"]]}]}");
    Trace astral =
        read("{\"txns\": [{\"patches\": [[0, 0, \"😀\"]]}, {\"patches\": [[1, 2, \"\"]]}]}");

    assertThatThrownBy(() -> TraceReplay.replay(basic, Mode.LOCAL, ONCE))
        .isInstanceOf(TraceFormatException.class)
        .hasMessageStartingWith("trace.json: txns[1] does not fit the text at its parents: ");
    assertThatThrownBy(() -> TraceReplay.replay(astral, Mode.LOCAL, ONCE))
        .isInstanceOf(TraceFormatException.class)
        .hasMessage(
            "trace.json: txns[1] does not fit the text at its parents: "
                + "a patch at character 1 that deletes 2, in a text of 1");
  }

  @Test
  void shouldRefuseAgentThatForgetsWhatItWrote() throws Exception {
    Trace trace =
        read(
            """
            {"kind": "concurrent", "txns": [
              {"parents": [], "agent": 0, "patches": [[0, 0, "a"]]},
              {"parents": [], "agent": 1, "patches": [[0, 0, "b"]]},
              {"parents": [1], "agent": 0, "patches": [[0, 0, "c"]]}]}
            """);

    assertThatThrownBy(() -> TraceReplay.replay(trace, Mode.LIVE, ONCE))
        .isInstanceOf(TraceFormatException.class)
        .hasMessage(
            "trace.json: txns[2] does not build on txns[0] of the same agent,"
                + " so no one replica can have made both");
  }

  private Trace read(String json) throws IOException {
    return TraceReader.read(Files.writeString(folder.resolve("trace.json"), json));
  }
}
