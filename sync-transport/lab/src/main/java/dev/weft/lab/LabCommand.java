package dev.weft.lab;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code weft lab} command: plays schedules of faults, and says which broke a promise. */
@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Plays clients, relays, disks and a network under seeded faults, in virtual time, and checks"
          + " after every step that every promise holds. Equal seeds give equal runs.",
      "Exit status: 0 if every schedule passed, 1 if one did not, 2 for wrong usage."
    })
final class LabCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many schedules to play (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "The first schedule's seed (default: 1); without --seeds, the only one's.")
  private @Nullable Long seed;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Plays one schedule, from a file, as --print writes it.")
  private @Nullable Path file;

  @Option(
      names = "--only",
      paramLabel = "STEP",
      split = ",",
      description =
          "Only these steps of one schedule, by their numbers, which count from 0 and which --log"
              + " and --print tell.")
  private @Nullable Set<Integer> only;

  @Option(names = "--log", description = "Tells all that happens in one schedule, step by step.")
  private boolean log;

  @Option(names = "--print", description = "Prints one schedule, for a file, and plays nothing.")
  private boolean print;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many schedules to play at once (default: one for each core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  private PrintWriter out = new PrintWriter(PrintWriter.nullWriter());

  @Override
  public Integer call() throws IOException, InterruptedException {
    out = spec.commandLine().getOut();
    boolean several = spec.commandLine().getParseResult().hasMatchedOption("--seeds");
    boolean one = file != null || (seed != null && !several);
    if (file != null && (seed != null || several)) {
      throw wrong("--file says which schedule it is: leave out --seed and --seeds");
    }
    requirePositive("--seeds", seeds);
    requirePositive("--threads", threads);
    if ((log || print || only != null) && !one) {
      throw wrong("--only, --log and --print are for one schedule: name it with --seed or --file");
    }
    if (log && print) {
      throw wrong("--print plays nothing that --log could tell of: leave one of them out");
    }
    try (Laboratory laboratory = new Laboratory()) {
      return one ? playOne(laboratory.simulation()) : playMany(laboratory.simulation());
    }
  }

  private void requirePositive(String option, int value) {
    if (value < 1) {
      throw wrong(option + " must be at least 1, is " + value);
    }
  }

  private ParameterException wrong(String reason) {
    return new ParameterException(spec.commandLine(), reason);
  }

  private Schedule chosen() {
    Schedule schedule;
    try {
      schedule = file != null ? ScheduleFile.read(file) : Schedule.of(first());
    } catch (IllegalArgumentException e) {
      throw wrong(file + " is no schedule: " + e.getMessage());
    } catch (IOException e) {
      throw wrong("cannot read the schedule " + file + " (" + e + ")");
    }
    Set<Integer> steps = only;
    return steps == null ? schedule : only(schedule, steps);
  }

  private Schedule only(Schedule schedule, Set<Integer> steps) {
    Set<Integer> missing = new TreeSet<>(steps);
    schedule.steps().forEach(step -> missing.remove(step.number()));
    if (!missing.isEmpty()) {
      throw wrong("--only: this schedule has no step " + missing + "; --print shows those it has");
    }
    return schedule.only(steps::contains);
  }

  private long first() {
    return seed == null ? 1 : seed;
  }

  private int playOne(Simulation simulation) {
    Schedule schedule = chosen();
    if (print) {
      out.print(ScheduleFile.write(schedule));
      out.flush();
      return 0;
    }
    Simulation.Outcome outcome = simulation.play(schedule, log ? out : null);
    Falsehood failure = outcome.failure();
    if (failure != null) {
      out.println(Campaign.describe(outcome));
      failure.printStackTrace(out);
    }
    out.printf("the run's digest is %016x%n", outcome.digest());
    return summarise(outcome.tally(), 1, failure == null ? 0 : 1);
  }

  private int playMany(Simulation simulation) throws InterruptedException {
    Campaign.Result result = new Campaign(simulation, threads).play(first(), seeds);
    result.failures().forEach(failure -> out.println(Campaign.describe(failure)));
    return summarise(result.tally(), seeds, result.failures().size());
  }

  private int summarise(Tally tally, int played, int failed) {
    out.println((played - failed) + " passed, " + failed + " failed");
    out.print(tally);
    out.flush();
    return failed == 0 ? 0 : 1;
  }
}
