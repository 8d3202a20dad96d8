package dev.weft.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.DesktopEditor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MeasurementsTest {
  private static final String SMALL_TRACE =
      """
      {"startContent": "ab", "endContent": "acxb!", "txns": [
        {"patches": [[1, 0, "c"]]}, {"patches": [[2, 0, "xyz"]]},
        {"patches": [[3, 2, ""], [4, 0, "!"]]}]}
      """;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldMergeEveryAttackInThreeSizes() {
    assertThat(run("attack", "--changes=400")).isZero();

    assertThat(out.toString().lines().filter(line -> line.startsWith("same place, any order")))
        .hasSize(3);
    assertThat(out.toString().lines()).hasSize(1 + 3 * 12);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void shouldPrintPercentilesOfEveryKindOfKeystroke() {
    assertThat(run("worst-case", "--spans=500", "--replicas=7", "--keystrokes=900")).isZero();

    assertThat(out.toString().lines().filter(line -> line.strip().startsWith("keystroke")))
        .hasSize(4);
    assertThat(out.toString().lines().filter(line -> line.contains("garbage: "))).hasSize(4);
  }

  @Test
  void shouldMeasureEveryPartOfTheStoreAndLeaveNothingBehind() throws IOException {
    Path trace = smallTrace();
    Path disk = Files.createDirectory(folder.resolve("disk"));

    int status =
        run(
            "store",
            "--trace=" + trace,
            "--directory=" + disk,
            "--rounds=1",
            "--warm-up=1",
            "--seconds=1",
            "--openings=2");

    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(out.toString())
        .contains(
            "keystrokes (the", "durability (the", "opening (the", "size (the", "mvstore (the");
    assertThat(disk).isEmptyDirectory();
  }

  @Test
  void shouldTellLatenciesOfClientsBesideAFlood() throws IOException {
    Path disk = Files.createDirectory(folder.resolve("disk"));

    int status =
        run(
            "latency",
            "--clients=8",
            "--whole-clients=4",
            "--flood=none,same",
            "--flood-pace=200",
            "--seconds=1",
            "--save-every=1",
            "--settle=0",
            "--warm-up=0",
            "--directory=" + disk);

    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(out.toString()).contains("8 clients, flood: none", "8 clients, flood: same, ");
    assertThat(out.toString()).doesNotContain("FAILED");
    assertThat(disk).isEmptyDirectory();
  }

  @Test
  void shouldCountWhatOneClientSendsWithItsStoreOnDisk() throws IOException {
    int status =
        run(
            "wire",
            "--trace=" + smallTrace(),
            "--library=weft",
            "--edits=4",
            "--pace=50",
            "--round-trip=4");

    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(out.toString().lines().filter(line -> line.strip().startsWith("Weft"))).hasSize(2);
  }

  @Test
  void shouldTellHowLongKeysTakeInWindowIfThereIsADisplay() throws IOException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    boolean display = DesktopEditor.whyNoWindow().isEmpty();

    int status =
        run(
            "window",
            "--length=2000",
            "--authors=1",
            "--rate=40",
            "--own-rate=40",
            "--keys=70",
            "--warm-up=10",
            // Other tests run meanwhile, which would leave the relay and the author nothing.
            "--beside",
            "--directory=" + disk);

    if (display) {
      assertThat(err.toString()).isEmpty();
      assertThat(status).isZero();
      assertThat(out.toString())
          .contains("at first, while Java compiles: 10 keys", "then: 70 keys");
      assertThat(disk).isEmptyDirectory();
    } else {
      assertThat(status).isNotZero();
      assertThat(err.toString()).contains("the measurement needs a display");
    }
  }

  @Test
  void shouldRefuseClientsThatAreNoWholeGroups() {
    assertThat(run("latency", "--clients=4,6")).isEqualTo(2);

    assertThat(err.toString()).startsWith("--clients must be 1 or a multiple of 4, is 6");
  }

  @Test
  void shouldRefuseMoreEditsThanATraceHas() throws IOException {
    assertThat(run("wire", "--trace=" + smallTrace(), "--edits=5")).isEqualTo(2);

    assertThat(err.toString()).startsWith("--edits must be at most 4");
  }

  @Test
  void shouldRefuseNumbersOutOfRange() {
    assertThat(run("attack", "--changes=0")).isEqualTo(2);

    assertThat(err.toString()).startsWith("--changes must be at least 1, is 0");
  }

  @Test
  void shouldRefuseToRunWithoutMeasurement() {
    assertThat(run()).isEqualTo(2);

    assertThat(err.toString()).startsWith("a measurement is missing");
  }

  private Path smallTrace() throws IOException {
    Path trace = folder.resolve("small.json.gz");
    try (OutputStream file = new GZIPOutputStream(Files.newOutputStream(trace))) {
      file.write(SMALL_TRACE.getBytes(StandardCharsets.UTF_8));
    }
    return trace;
  }

  private int run(String... arguments) {
    CommandLine command = Measurements.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
