package dev.weft.bench;

import dev.weft.bench.latency.LatencyMeasurement;
import dev.weft.bench.window.WindowMeasurement;
import dev.weft.bench.wire.WireMeasurement;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What JMH has no form for: heap, growth, single worst keystrokes, the store, attacks and what goes
 * through a relay. {@code benchmarks/run} runs it when it is given the name of one.
 */
@Command(
    name = "benchmarks/run",
    description =
        "Measures heap, growth, worst cases, the store, attacks, latency, bytes on the wire, and keys in"
            + " a window.",
    mixinStandardHelpOptions = true,
    subcommands = {
      HeapMeasurement.class,
      GrowthMeasurement.class,
      WorstCaseMeasurement.class,
      StoreMeasurement.class,
      AttackMeasurement.class,
      LatencyMeasurement.class,
      WireMeasurement.class,
      WindowMeasurement.class
    })
public final class Measurements implements Runnable {
  @Spec private CommandSpec spec;

  private Measurements() {}

  public static void main(String[] args) {
    CommandLine command = commandLine();
    command.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    System.exit(command.execute(args));
  }

  /** The measurements, ready to execute; it does not exit the process. */
  static CommandLine commandLine() {
    CommandLine command = new CommandLine(new Measurements());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setExecutionExceptionHandler(
        (failure, at, parsed) -> {
          if (failure instanceof IOException) {
            at.getErr().println(failure.getMessage());
          } else {
            failure.printStackTrace(at.getErr());
          }
          return CommandLine.ExitCode.SOFTWARE;
        });
    return command;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a measurement is missing");
  }

  /** Requires an option to be at least 1. */
  public static void requirePositive(CommandSpec spec, String option, int value) {
    if (value < 1) {
      throw new ParameterException(spec.commandLine(), option + " must be at least 1, is " + value);
    }
  }

  /** Requires an option to be at least 0. */
  public static void requireNotNegative(CommandSpec spec, String option, int value) {
    if (value < 0) {
      throw new ParameterException(
          spec.commandLine(), option + " must not be negative, is " + value);
    }
  }
}
