package dev.weft.cli;

import dev.weft.crdt.EventRange;
import dev.weft.store.RepairReport;
import dev.weft.store.StoreCheck;
import dev.weft.store.StoreRepair;
import dev.weft.store.StoreReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft store}: looks after the files of a store that nobody has open. */
@Command(
    name = "store",
    description = "Verifies a store, and recovers what can be read of a damaged one.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {StoreCommand.Check.class, StoreCommand.Repair.class})
final class StoreCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** Prints a sentence, in which something damaged may be quoted: no control character passes. */
  private static void quote(PrintWriter out, String label, String sentence) {
    out.println(label + sentence.replaceAll("\\p{Cntrl}", "?"));
  }

  /** {@code weft store check}: verifies, and changes nothing. */
  @Command(
      name = "check",
      description = "Verifies every record of a store, and changes nothing.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "Prints a line for each document, and one that begins with 'problem:' for each problem.",
        "Exits 1 if there is a problem; also if the store is in use, or there is none, and then",
        "prints nothing but the reason, on standard error."
      })
  static final class Check implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The store's directory.")
    private Path directory;

    @Override
    public Integer call() throws CommandFailure {
      StoreReport report = StoreCheck.run(directory);
      PrintWriter out = spec.commandLine().getOut();
      for (StoreReport.Document document : report.documents()) {
        out.printf(
            "document %s: %d events of %d replicas, %d bytes%n",
            document.document(), document.events(), document.replicas(), document.bytes());
      }
      report.problems().forEach(problem -> quote(out, "problem: ", problem));
      out.flush();
      if (!report.isSound()) {
        throw new CommandFailure(
            "the store in "
                + directory
                + " is damaged; `weft store repair "
                + directory
                + "` recovers what can be read");
      }
      return CommandLine.ExitCode.OK;
    }
  }

  /** {@code weft store repair}: recovers what can be read, and keeps the damaged file. */
  @Command(
      name = "repair",
      description = "Recovers what can be read of a damaged store.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "The damaged database stays in the directory, as weft.db.damaged-N. What builds on lost",
        "changes is kept as dead letters. A store that is sound is left as it is."
      })
  static final class Repair implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The store's directory.")
    private Path directory;

    @Override
    public Integer call() {
      RepairReport report = StoreRepair.run(directory);
      PrintWriter out = spec.commandLine().getOut();
      report.problems().forEach(problem -> quote(out, "problem: ", problem));
      report.documents().forEach(document -> print(out, document));
      report.unreadable().forEach(what -> quote(out, "not read: ", what));
      Path setAside = report.setAside();
      out.println(
          setAside == null
              ? "the store is sound, nothing was changed"
              : "the store is sound now; the damaged one is " + setAside);
      out.flush();
      return CommandLine.ExitCode.OK;
    }

    private static void print(PrintWriter out, RepairReport.Document document) {
      out.printf("document %s: %d events%n", document.document(), document.events());
      for (EventRange range : document.missing()) {
        out.printf(
            "document %s: missing of replica %s: %d to %d%n",
            document.document(), range.replica(), range.start(), range.end() - 1);
      }
      if (document.lost() > 0) {
        out.printf(
            "document %s: %,d of the missing events were not known to be at the relay: they are lost"
                + " unless another device has them%n",
            document.document(), document.lost());
      } else if (!document.missing().isEmpty()) {
        out.printf(
            "document %s: all that is missing comes back from the relay%n", document.document());
      }
      if (document.waiting() > 0) {
        out.printf(
            "document %s: %d changes do not fit and are kept as dead letters%n",
            document.document(), document.waiting());
      }
    }
  }
}
