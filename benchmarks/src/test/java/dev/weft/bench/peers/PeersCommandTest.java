package dev.weft.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.cli.Weft;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PeersCommandTest {
  private static final String SEQUENTIAL =
      """
      {"startContent": "ab", "endContent": "a\uD83D\uDE00xb!", "txns": [
        {"patches": [[1, 0, "\uD83D\uDE00"]]}, {"patches": [[2, 0, "xyz"]]},
        {"patches": [[3, 2, ""], [4, 0, "!"]]}]}
      """;

  private static final String CONCURRENT =
      """
      {"kind": "concurrent", "numAgents": 2, "endContent": "hello world", "txns": [
        {"parents": [], "agent": 0, "patches": [[0, 0, "hello"]]},
        {"parents": [0], "agent": 0, "patches": [[5, 0, " "]]},
        {"parents": [0], "agent": 1, "patches": [[0, 1, "h"]]},
        {"parents": [1, 2], "agent": 1, "patches": [[6, 0, "world"]]}]}
      """;

  private static final String EVENT_GRAPH =
      """
      {"endContent": "1ab2", "txns": [
        {"agent": "ada", "seqStart": 0, "span": [0, 2], "parents": [], "ops": [[0, 0, "ab"]]},
        {"agent": "ada", "seqStart": 2, "span": [2, 3], "parents": [1], "ops": [[0, 0, "1"]]},
        {"agent": "bob", "seqStart": 0, "span": [3, 4], "parents": [1], "ops": [[2, 0, "2"]]}]}
      """;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldMeasureEveryLibraryByEveryMetricOnEveryKindOfTrace() throws IOException {
    requireNode();
    List<String> arguments = new ArrayList<>(List.of("--json", "--repeat=1", "--warm-up=0"));
    arguments.add(trace("sequential.json", SEQUENTIAL));
    arguments.add(trace("concurrent.json", CONCURRENT));
    arguments.add(trace("graph.json", EVENT_GRAPH));

    int status = peers(arguments.toArray(String[]::new));

    assertThat(err.toString()).isEmpty();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("{")
                    .endsWith("}")
                    .doesNotContain("\"failed\"")
                    .containsAnyOf("\"text\":\"as recorded\"", "\"notMeasured\""));
    // A gap buffer has no history: bulk, load, edit and size are not measured, and that is said.
    assertThat(lines.stream().filter(line -> line.contains("notMeasured"))).hasSize(3 * 4);
    for (Library library : Library.values()) {
      for (Metric metric : Metric.values()) {
        assertThat(lines)
            .filteredOn(
                line ->
                    line.contains("\"metric\":\"" + metric + "\",\"library\":\"" + library + "\""))
            .as("%s of %s", metric, library)
            .hasSizeGreaterThanOrEqualTo(3);
      }
    }
    assertThat(status).isZero();
  }

  @Test
  void shouldPrintOneTableForEachMetric() throws IOException {
    String trace = trace("short.json", SEQUENTIAL);

    assertThat(peers(trace, "--peer=gap-buffer", "--repeat=1", "--warm-up=0")).isZero();

    for (Metric metric : Metric.values()) {
      assertThat(out.toString().lines()).anyMatch(line -> line.startsWith(metric + ": "));
    }
    assertThat(out.toString().lines()).anyMatch(line -> line.matches("short +Weft +.* 1\\.00.*"));
    assertThat(err.toString().lines())
        .containsExactly("weft peers: short, Weft", "weft peers: short, gap buffer");
  }

  @Test
  void shouldReportWrongTextAsFailureOfLibrary() throws IOException {
    String trace = trace("wrong.json", SEQUENTIAL.replace("xb!", "xb?"));

    assertThat(peers(trace, "--peer=gap-buffer", "--metric=local", "--json")).isEqualTo(1);

    assertThat(out.toString().lines())
        .hasSize(2)
        .allMatch(line -> line.contains("\"failed\":\"its text, of 6 units, is not the trace's"));
  }

  @Test
  void shouldRefuseUnknownMetricInOneSentence() {
    assertThat(peers("--metric=local,loud")).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "weft: --metric: 'loud' is none of [local, remote, bulk, load, edit, size]"
                + " (try 'weft peers --help')");
  }

  @Test
  void shouldRefuseUnknownPeer() {
    assertThat(peers("--peer=word")).isEqualTo(2);

    assertThat(err.toString()).contains("--peer: 'word' is none of [weft, gap-buffer, ");
  }

  @Test
  void shouldRefuseNumbersOutOfRange() {
    assertThat(peers("--repeat=0")).isEqualTo(2);
    assertThat(peers("--warm-up=-1")).isEqualTo(2);
    assertThat(peers("--limit=0")).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "weft: --repeat must be at least 1, is 0 (try 'weft peers --help')",
            "weft: --warm-up must be at least 0, is -1 (try 'weft peers --help')",
            "weft: --limit must be at least 0.001, is 0 (try 'weft peers --help')");
  }

  @Test
  void shouldNameTraceThatIsMissing() {
    assertThat(peers("no-such-trace")).isEqualTo(1);

    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("weft: no trace ")
        .contains("no-such-trace.json.gz", "WEFT_TRACES");
  }

  private int peers(String... arguments) {
    CommandLine weft = Weft.commandLine(new PeersCommand());
    weft.setOut(new PrintWriter(out, true));
    weft.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("peers"));
    all.addAll(List.of(arguments));
    return weft.execute(all.toArray(String[]::new));
  }

  private String trace(String name, String json) throws IOException {
    return Files.writeString(folder.resolve(name), json).toString();
  }

  /** Ends the test where there is no Node; where CI is set, its absence is a failure. */
  private static void requireNode() {
    boolean present;
    try {
      present = new ProcessBuilder("node", "--version").start().onExit().join().exitValue() == 0;
    } catch (IOException e) {
      present = false;
    }
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(present, "there is no node on the PATH");
    }
    assertThat(present).as("node is on the PATH").isTrue();
  }
}
