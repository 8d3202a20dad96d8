package dev.weft.lab.day;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code game-day} command: plays a day, and writes the report. */
@Command(
    name = "game-day",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs a relay and four clients as processes, with real sockets and files, kills, freezes and"
          + " upgrades them, spoils their links and fills their disks, and tells what people would"
          + " have seen and whether every promise was kept.",
      "The seed gives the faults; how the processes meet is the machine's choice.",
      "Exit status: 0 if every promise was kept, 1 if one was not, 2 for wrong usage."
    })
final class GameDayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "5",
      description = "For how long faults are injected (default: ${DEFAULT-VALUE}; 0.5 is short).")
  private double minutes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "What the faults follow from (default: any; it is printed).")
  private @Nullable Long seed;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      defaultValue = "game-day.html",
      description = "Where the report is written (default: ${DEFAULT-VALUE}).")
  private Path report;

  @Option(
      names = "--keep",
      description =
          "Keeps the stores, the logs and what the clients reported, as it does on failure.")
  private boolean keep;

  @Option(
      names = "--own-mounts",
      hidden = true,
      description = "This process has a mount name space of its own: it may mount small disks.")
  private boolean ownMounts;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new GameDayCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!(minutes > 0 && minutes <= 24 * 60)) {
      throw new ParameterException(spec.commandLine(), "--minutes must be positive, a day at most");
    }
    PrintWriter out = spec.commandLine().getOut();
    long chosen = seed == null ? new SecureRandom().nextInt(1_000_000) : seed;
    Path directory = GameDay.newDirectory();
    GameDay running = new GameDay(chosen, minutes, ownMounts, directory, out);
    Thread interrupted = new Thread(running::close, "end of the processes");
    Runtime.getRuntime().addShutdownHook(interrupted);
    boolean passed = false;
    try {
      Day day = running.play();
      passed = day.passed();
      Measures measures = new Measures(day);
      Files.writeString(report, new ReportPage(day, measures).html(), StandardCharsets.UTF_8);
      summarise(out, day, measures);
    } finally {
      Runtime.getRuntime().removeShutdownHook(interrupted);
      boolean kept = keep || !passed;
      running.close(kept);
      if (kept) {
        out.println("stores and logs are kept in " + directory);
      }
      out.flush();
    }
    return passed ? 0 : 1;
  }

  private void summarise(PrintWriter out, Day day, Measures measures) {
    for (Verdict verdict : day.verdicts()) {
      if (!verdict.kept()) {
        out.println("BROKEN: " + verdict.promise() + ": " + verdict.details());
      }
    }
    measures.tiers().forEach(tier -> out.println(tier.name() + ": " + tier.latencies().describe()));
    long kept = day.verdicts().stream().filter(Verdict::kept).count();
    out.printf(
        "%d of %d promises kept, all well %.1f s after the last fault; report: %s%n",
        kept,
        day.verdicts().size(),
        (day.settledMicros() - day.healedMicros()) / 1e6,
        report.toAbsolutePath());
  }
}
