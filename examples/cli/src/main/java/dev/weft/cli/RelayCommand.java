package dev.weft.cli;

import dev.weft.relay.RelayServer;
import dev.weft.store.ChangeStore;
import dev.weft.store.SqliteChangeStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weft relay}: runs a relay until it is told to stop. */
@Command(
    name = "relay",
    description = "Runs a relay on this machine's loopback address, with an embedded store.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints one line, 'listening on ws://HOST:PORT', when clients can connect, and logs to",
      "standard error. SIGTERM and SIGINT drain it: what clients wrote is stored, they are told, and",
      "it exits 0."
    })
final class RelayCommand implements Callable<Integer> {
  private static final Duration DRAIN_WITHIN = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "P",
      defaultValue = "" + WorkspaceOptions.DEFAULT_PORT,
      description = "The port, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where documents are kept (default: relay in $$WEFT_HOME or ~/.weft).")
  private @Nullable Path data;

  @Option(names = "--cluster", hidden = true, arity = "0..*", description = "Not there yet.")
  private String @Nullable [] cluster;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    if (cluster != null) {
      err.println("weft: relay --cluster is not there yet");
      return CommandLine.ExitCode.USAGE;
    }
    if (port < 0 || port > 65_535) {
      throw new ParameterException(
          spec.commandLine(), "--port must be from 0 to 65535, is " + port);
    }
    showProgress();
    Path directory = WeftHome.directory(data, "relay");
    try (StopSignal signal = StopSignal.install(DRAIN_WITHIN.plusSeconds(5));
        ChangeStore store = SqliteChangeStore.open(directory, new SecureRandom());
        RelayServer relay = RelayServer.builder().port(port).store(store).build()) {
      relay.start();
      PrintWriter out = spec.commandLine().getOut();
      out.println("listening on ws://" + relay.uri().getAuthority());
      out.flush();
      signal.await();
      relay.drain(DRAIN_WITHIN);
    }
    return CommandLine.ExitCode.OK;
  }

  /** A relay's log is read by who runs it; it must be asked for before the first line of it. */
  private static void showProgress() {
    if (System.getProperty("weft.log") == null) {
      System.setProperty("weft.log", "INFO");
    }
  }
}
