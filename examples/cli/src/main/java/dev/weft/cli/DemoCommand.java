package dev.weft.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft demo}: two editors on one document, with everything that they need. */
@Command(
    name = "demo",
    description = "Two editors on one document, through a relay on this machine.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--headless",
      description =
          "Scripted editors instead of windows: they type at once, one goes offline and returns,"
              + " one saves. Exits 1 if their texts differ in the end.")
  private boolean headless;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    if (!headless) {
      spec.commandLine().getErr().println("weft: demo in windows is not there yet; use --headless");
      return CommandLine.ExitCode.USAGE;
    }
    try {
      new HeadlessDemo(spec.commandLine().getOut()).run();
    } catch (IOException e) {
      throw new CommandFailure("the demonstration finds no place for its files: " + e, e);
    }
    return CommandLine.ExitCode.OK;
  }
}
