package dev.weft.cli;

import dev.weft.cli.trace.DivergedException;
import dev.weft.cli.trace.TraceFormatException;
import dev.weft.client.OutboxFullException;
import dev.weft.relay.RelayStartException;
import dev.weft.relay.UnusableFileException;
import dev.weft.store.StoreException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code weft} command. Its exit status is 0 on success, 1 when the thing asked for failed or
 * did not match, and 2 for wrong usage; an error is one sentence on standard error.
 */
@Command(
    name = "weft",
    description = "Collaborative text editing: relays, editors, stores, traces and simulations.",
    mixinStandardHelpOptions = true,
    versionProvider = Weft.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Weft implements Runnable {
  @Spec private CommandSpec spec;

  private Weft() {}

  public static void main(String[] args) {
    run(commandLine(), args);
  }

  /**
   * Runs the command with a subcommand in it that brings what nothing else needs, and so stands
   * elsewhere: {@code peers}, {@code load} or {@code lab}.
   */
  public static void main(String[] args, Callable<Integer> brought) {
    run(commandLine(brought), args);
  }

  private static void run(CommandLine weft, String[] args) {
    // Results are UTF-8 whatever the locale: scripts compare bytes.
    weft.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    weft.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    int status;
    try {
      status = weft.execute(args);
    } catch (Error e) {
      status = failed(e, weft);
    }
    if (status == CommandLine.ExitCode.OK && weft.getOut().checkError()) {
      complain(weft, "standard output takes nothing more: what was asked for is not all there");
      status = CommandLine.ExitCode.SOFTWARE;
    }
    StopSignal.exit(status);
  }

  /** The whole command, ready to execute; it does not exit the process. */
  static CommandLine commandLine() {
    CommandLine weft = commandLineHere();
    weft.addSubcommand(new PeersElsewhere());
    weft.addSubcommand(new LoadElsewhere());
    weft.addSubcommand(new LabElsewhere());
    return weft;
  }

  /** The whole command with a subcommand in it that stands elsewhere, ready to execute. */
  public static CommandLine commandLine(Callable<Integer> brought) {
    CommandLine weft = commandLineHere();
    weft.addSubcommand(brought);
    return weft;
  }

  private static CommandLine commandLineHere() {
    CommandLine weft = new CommandLine(new Weft());
    weft.addSubcommand(new DemoCommand());
    weft.addSubcommand(new RelayCommand());
    weft.addSubcommand(new TokenCommand());
    weft.addSubcommand(new EditCommand());
    weft.addSubcommand(new CatCommand());
    weft.addSubcommand(new InsertCommand());
    weft.addSubcommand(new DeleteCommand());
    weft.addSubcommand(new LogCommand());
    weft.addSubcommand(new OutboxCommand());
    weft.addSubcommand(new DeadLettersCommand());
    weft.addSubcommand(new ExportCommand());
    weft.addSubcommand(new ImportCommand());
    weft.addSubcommand(new StoreCommand());
    weft.addSubcommand(new ReplayCommand());
    weft.addSubcommand(new ConformCommand());
    // A text such as -hello is not to be taken for -h and more.
    weft.setPosixClusteredShortOptionsAllowed(false);
    weft.setParameterExceptionHandler(Weft::wrongUsage);
    weft.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
    return weft;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static int wrongUsage(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    String reason = wrong.getMessage();
    if (wrong instanceof UnmatchedArgumentException unmatched && command.getParent() == null) {
      reason = "unknown command or option '" + unmatched.getUnmatched().get(0) + "'";
    }
    complain(
        command,
        reason
            + hint(wrong, args)
            + " (try '"
            + command.getCommandSpec().qualifiedName()
            + " --help')");
    return CommandLine.ExitCode.USAGE;
  }

  /** Tells who gives a text that begins with - how to say that it is no option. */
  private static String hint(ParameterException wrong, String[] args) {
    CommandSpec spec = wrong.getCommandLine().getCommandSpec();
    boolean lacksText =
        wrong instanceof UnmatchedArgumentException
            || (wrong instanceof MissingParameterException missing
                && missing.getMissing().stream().noneMatch(ArgSpec::isOption));
    if (!lacksText || spec.positionalParameters().isEmpty()) {
      return "";
    }
    for (String arg : args) {
      if (arg.equals("--")) {
        return "";
      } else if (arg.matches("-.+") && spec.findOption(arg.split("=", 2)[0]) == null) {
        return "; put -- before '" + arg + "' if that is no option";
      }
    }
    return "";
  }

  private static int failed(Throwable failure, CommandLine command) {
    boolean expected =
        failure instanceof CommandFailure
            || failure instanceof StoreException
            || failure instanceof OutboxFullException
            || failure instanceof RelayStartException
            || failure instanceof UnusableFileException
            || failure instanceof TraceFormatException
            || failure instanceof DivergedException;
    complain(
        command,
        expected
            ? String.valueOf(failure.getMessage())
            : "unexpected failure, a defect: " + failure + " (WEFT_DEBUG=1 shows where)");
    if (System.getenv("WEFT_DEBUG") != null) {
      failure.printStackTrace(command.getErr());
      command.getErr().flush();
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static void complain(CommandLine command, String sentence) {
    PrintWriter err = command.getErr();
    err.println("weft: " + sentence);
    err.flush();
  }

  /** Stands for {@code peers}, which the launcher starts from the benchmarks' class path. */
  @Command(
      name = "peers",
      description = "Measures this library and its peers on recorded traces, side by side.")
  private static final class PeersElsewhere implements Callable<Integer> {
    @Parameters(hidden = true, arity = "0..*")
    private List<String> ignored;

    @Override
    public Integer call() throws CommandFailure {
      throw new CommandFailure("peers is part of the benchmarks: run it as ./weft peers");
    }
  }

  /** Stands for {@code load}, which the launcher starts from the benchmarks' class path. */
  @Command(name = "load", description = "Has synthetic clients type, and tells how long they wait.")
  private static final class LoadElsewhere implements Callable<Integer> {
    @Unmatched private List<String> ignored = new ArrayList<>();

    @Override
    public Integer call() throws CommandFailure {
      throw new CommandFailure("load is part of the benchmarks: run it as ./weft load");
    }
  }

  /** Stands for {@code lab}, which the launcher starts from the class path of the tests. */
  @Command(
      name = "lab",
      description = "Plays clients, relays, disks and a network under seeded faults.")
  private static final class LabElsewhere implements Callable<Integer> {
    @Parameters(hidden = true, arity = "0..*")
    private List<String> ignored;

    @Override
    public Integer call() throws CommandFailure {
      throw new CommandFailure("lab is part of the tests: run it as ./weft lab");
    }
  }

  /** Reads the version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Weft.class.getPackage().getImplementationVersion();
      return new String[] {"weft " + (version == null ? "(not packaged)" : version)};
    }
  }
}
