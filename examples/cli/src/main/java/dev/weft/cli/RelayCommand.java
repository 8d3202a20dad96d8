package dev.weft.cli;

import dev.weft.cluster.Cluster;
import dev.weft.cluster.ClusterAddress;
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
    description =
        "Runs a relay on this machine's loopback address, with an embedded store, or, with --cluster,"
            + " as one of several that share a PostgreSQL.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints one line, 'listening on ws://HOST:PORT', when clients can connect, and logs to standard"
          + " error. SIGTERM and SIGINT drain it: what clients wrote is stored, they are told, and it"
          + " exits 0.",
      "",
      "A cluster's ADDRESS is that of its PostgreSQL and, after a comma, that of its Redis:",
      "",
      "  jdbc:postgresql://HOST[:PORT]/DATABASE[?user=USER&password=PASSWORD],"
          + "redis://HOST[:PORT]",
      "",
      "The database must exist; the relay makes its tables in it, in the schema weft. Redis may be"
          + " left out, or be away: what is typed at other relays then comes some tenths of a second"
          + " later. Without an ADDRESS it is taken from $$WEFT_CLUSTER, so that no password stands in"
          + " the list of processes; that of PostgreSQL may also be in ~/.pgpass."
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

  @Option(
      names = "--cluster",
      paramLabel = "ADDRESS",
      arity = "0..1",
      fallbackValue = "",
      description = "Share the documents with the other relays of a cluster (see below).")
  private @Nullable String cluster;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    if (port < 0 || port > 65_535) {
      throw new ParameterException(
          spec.commandLine(), "--port must be from 0 to 65535, is " + port);
    }
    if (cluster != null && data != null) {
      throw new ParameterException(
          spec.commandLine(), "with --cluster documents are kept in its database, not in --data");
    }
    showProgress();
    try (StopSignal signal = StopSignal.install(DRAIN_WITHIN.plusSeconds(5))) {
      if (cluster != null) {
        serveInCluster(clusterAddress(cluster), signal);
      } else {
        serveAlone(signal);
      }
    }
    return CommandLine.ExitCode.OK;
  }

  private void serveAlone(StopSignal signal) throws CommandFailure, InterruptedException {
    Path directory = WeftHome.directory(data, "relay");
    try (ChangeStore store = SqliteChangeStore.open(directory, new SecureRandom())) {
      serve(RelayServer.builder().port(port).store(store).build(), signal);
    }
  }

  private ClusterAddress clusterAddress(String given) {
    String address = given.isEmpty() ? System.getenv("WEFT_CLUSTER") : given;
    if (address == null || address.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--cluster needs an address, or WEFT_CLUSTER must hold one");
    }
    try {
      return ClusterAddress.parse(address);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--cluster: " + e.getMessage(), e);
    }
  }

  private void serveInCluster(ClusterAddress address, StopSignal signal)
      throws InterruptedException {
    try (Cluster shared = Cluster.join(address)) {
      serve(
          RelayServer.builder()
              .port(port)
              .store(shared.store())
              .fanOut(shared.fanOut())
              .guarantee(shared::guarantee)
              .build(),
          signal);
    }
  }

  private void serve(RelayServer relay, StopSignal signal) throws InterruptedException {
    // A relay that cannot start has nothing to drain, and the reason is all that is to be read.
    relay.start();
    try (relay) {
      PrintWriter out = spec.commandLine().getOut();
      out.println("listening on ws://" + relay.uri().getAuthority());
      out.flush();
      signal.await();
      relay.drain(DRAIN_WITHIN);
    }
  }

  /** A relay's log is read by who runs it; it must be asked for before the first line of it. */
  private static void showProgress() {
    if (System.getProperty("weft.log") == null) {
      System.setProperty("weft.log", "INFO");
    }
  }
}
