package dev.weft.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MeasurementsTest {
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
  void shouldRefuseNumbersOutOfRange() {
    assertThat(run("attack", "--changes=0")).isEqualTo(2);

    assertThat(err.toString()).startsWith("--changes must be at least 1, is 0");
  }

  @Test
  void shouldRefuseToRunWithoutMeasurement() {
    assertThat(run()).isEqualTo(2);

    assertThat(err.toString()).startsWith("a measurement is missing");
  }

  private int run(String... arguments) {
    CommandLine command = Measurements.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
