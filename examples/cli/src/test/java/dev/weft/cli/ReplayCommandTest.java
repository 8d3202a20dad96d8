package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
  @TempDir private Path folder;
  private Path trace;
  private final CommandRun weft = new CommandRun();

  @BeforeEach
  void writeTrace() throws IOException {
    trace =
        Files.writeString(
            folder.resolve("trace.json"),
            "{\"endContent\": \"ac\", \"txns\": [{\"patches\": [[0, 0, \"abc\"], [1, 1, \"\"]]}]}");
  }

  @Test
  void shouldPrintOneJsonObject() {
    assertThat(weft.run("replay", trace.toString(), "--mode", "local", "--repeat=2", "--json"))
        .isZero();

    assertThat(weft.out())
        .matches(
            "\\{\"trace\":\"trace.json\",\"mode\":\"local\",\"events\":4,\"transactions\":1,"
                + "\"medianMillis\":\\d+\\.\\d{3},\"minMillis\":\\d+\\.\\d{3},\"characters\":2,"
                + "\"sha256\":\"[0-9a-f]{64}\",\"matches\":true,\"encodedBytes\":\\d+\\}\n");
    assertThat(weft.err()).isEmpty();
  }

  @Test
  void shouldSayNullWhereTraceHasNoEndContent() throws IOException {
    Files.writeString(trace, "{\"txns\": []}");

    assertThat(weft.run("replay", trace.toString(), "--json")).isZero();

    assertThat(weft.out()).contains("\"mode\":\"live\"").contains("\"matches\":null");
  }

  @Test
  void shouldExitWithOneWhenTextDiffers() throws IOException {
    Files.writeString(trace, "{\"endContent\": \"x\", \"txns\": []}");

    assertThat(weft.run("replay", trace.toString())).isEqualTo(1);

    assertThat(weft.out())
        .contains("NOT the trace's: the texts part at index 0: expected \"x\", actual the end");
  }

  @Test
  void shouldNameUnreadableTraceInOneSentence() {
    assertThat(weft.run("replay", folder.resolve("none").toString(), "--json")).isEqualTo(1);

    assertThat(weft.out()).isEmpty();
    assertThat(weft.err()).isEqualTo("weft: " + folder.resolve("none") + ": no such file\n");
  }

  @Test
  void shouldRefuseWrongUsage() {
    assertThat(weft.run("replay")).isEqualTo(2);
    assertThat(weft.run("replay", trace.toString(), "--mode", "fast")).isEqualTo(2);
    assertThat(weft.run("replay", trace.toString(), "--repeat", "0")).isEqualTo(2);

    assertThat(weft.err().lines())
        .containsExactly(
            "weft: Missing required parameter: 'TRACE' (try 'weft replay --help')",
            "weft: Invalid value for option '--mode': 'fast' is none of"
                + " [local, remote, bulk, load, live, relay] (try 'weft replay --help')",
            "weft: --repeat must be at least 1, is 0 (try 'weft replay --help')");
  }

  @Test
  void shouldCountHistoriesThatConform() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("histories.json"),
            """
            [{"endContent": "", "txns": []}, {"endContent": "x", "txns": []}, {"txns": []}]
            """);

    assertThat(weft.run("conform", file.toString())).isEqualTo(1);

    assertThat(weft.out()).isEqualTo("1 passed, 2 failed\n");
    assertThat(weft.err().lines())
        .containsExactly(
            "histories.json[1] (live): the texts part at index 0: expected \"x\", actual the end",
            "histories.json[2]: has no endContent to compare with");
  }

  @Test
  void shouldPrintConformanceAsJson() throws IOException {
    Path file =
        Files.writeString(folder.resolve("h.json"), "[{\"endContent\": \"\", \"txns\": []}]");

    assertThat(weft.run("conform", file.toString(), "--json")).isZero();

    assertThat(weft.out())
        .isEqualTo("{\"file\":\"h.json\",\"passed\":1,\"failed\":0,\"failures\":[]}\n");
  }
}
