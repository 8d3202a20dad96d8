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
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weft relay}: runs a relay until it is told to stop. */
@Command(
    name = "relay",
    description =
        "Runs a relay, on this machine's loopback address unless told another, with an embedded store,"
            + " or, with --cluster, as one of several that share a PostgreSQL.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints one line, 'listening on ws://HOST:PORT', when clients can connect, and logs to standard"
          + " error. SIGTERM and SIGINT drain it: what clients wrote is stored, they are told, and it"
          + " exits 0.",
      "",
      "Each setting may also stand in the environment (--max-connections as"
          + " WEFT_RELAY_MAX_CONNECTIONS) or in the file that --config names (max-connections = 500);"
          + " what comes first of these holds.",
      "",
      "A cluster's ADDRESS is that of its PostgreSQL and, after a comma, that of its Redis, in one"
          + " word:",
      "",
      "  jdbc:postgresql://HOST[:PORT]/DATABASE[?user=USER&password=PASSWORD],",
      "  redis://HOST[:PORT]",
      "",
      "The database must exist; the relay makes its tables in it, in the schema weft. Redis may be"
          + " left out, or be away: what is typed at other relays then comes some tenths of a second"
          + " later. Without an ADDRESS it is taken from $$WEFT_CLUSTER, so that no password stands in"
          + " the list of processes; that of PostgreSQL may also be in ~/.pgpass."
    })
final class RelayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** The command as it was called: it says what is wrong, and has the output. */
  @SuppressWarnings("NullAway.Init")
  private CommandSpec called;

  /** Where the options of this command are from. */
  @SuppressWarnings("NullAway.Init")
  private RelaySettings settings;

  @RelaySettings.OfThisRun
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Takes settings that are not given here from a file (default: $$WEFT_RELAY_CONFIG, or"
              + " none).")
  private @Nullable Path config;

  @RelaySettings.OfThisRun
  @Option(
      names = "--print-config",
      description = "Prints all settings, with where each is from, as a file for --config.")
  private boolean printConfig;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      defaultValue = "127.0.0.1",
      description = "The name or address to listen on (default: ${DEFAULT-VALUE}).")
  private String host;

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
      description =
          "Share the documents with the other relays of a cluster, by its PostgreSQL and Redis"
              + " (default: alone, with --data).")
  private @Nullable String cluster;

  @Mixin private AdmissionOptions admission;

  @Option(
      names = "--insecure",
      description =
          "Let everybody who can reach the relay read and write everything, on an address that is"
              + " not this machine's own.")
  private boolean insecure;

  @Option(
      names = "--origins",
      paramLabel = "ORIGIN",
      split = ",",
      description =
          "From where web pages may use the relay, https://HOST[:PORT] each, or * for all (default:"
              + " from its own address).")
  private List<String> origins = List.of();

  @Option(
      names = "--operations",
      paramLabel = "[HOST:]PORT",
      description =
          "Tell figures at an address of their own: /metrics, and / to look at (default: at the"
              + " relay's, if it lets everybody on this machine in; else nowhere).")
  private @Nullable String operations;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "10000",
      description = "The most connections (default: ${DEFAULT-VALUE}).")
  private int maxConnections;

  @Option(
      names = "--max-per-address",
      paramLabel = "N",
      description =
          "The most connections of one address, or of one IPv6 network (/64); a tenth of it may come"
              + " anew each second (default: 1000; all where only this machine can connect).")
  private @Nullable Integer maxPerAddress;

  @Option(
      names = "--proxies",
      paramLabel = "ADDRESS",
      split = ",",
      description =
          "Through which proxies clients come, ADDRESS or ADDRESS/BITS each: these say whose a"
              + " request is, by X-Forwarded-For (default: none).")
  private List<String> proxies = List.of();

  @Option(
      names = "--max-documents",
      paramLabel = "N",
      defaultValue = "10000",
      description = "The most documents in memory (default: ${DEFAULT-VALUE}).")
  private int maxDocuments;

  @Option(
      names = "--drain-within",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How many seconds stopping in good order may take (default: ${DEFAULT-VALUE}).")
  private int drainSeconds;

  @Option(
      names = "--drain-notice",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description =
          "How many seconds before that /health/ready says that it is about to stop, for who spreads"
              + " clients over relays to notice (default: ${DEFAULT-VALUE}).")
  private int noticeSeconds;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    requireValues();
    Map<String, String> environment = System.getenv();
    String named = environment.get("WEFT_RELAY_CONFIG");
    Path file = config != null || named == null || named.isEmpty() ? config : Path.of(named);
    RelaySettings settings = RelaySettings.read(spec, environment, file);
    return completedBy(settings).run();
  }

  /** Returns the same command with what the command line does not say taken from elsewhere. */
  private RelayCommand completedBy(RelaySettings settings) {
    List<String> arguments = spec.commandLine().getParseResult().originalArgs();
    int own = arguments.indexOf(spec.name()) + 1;
    RelayCommand completed = new RelayCommand();
    try {
      new CommandLine(completed)
          .setDefaultValueProvider(settings)
          .parseArgs(arguments.subList(own, arguments.size()).toArray(String[]::new));
    } catch (ParameterException e) {
      // What is wrong is to be told by the command that was called.
      String reason =
          settings.withOrigins(String.valueOf(e.getMessage()), spec.commandLine().getParseResult());
      throw new ParameterException(spec.commandLine(), reason, e);
    }
    completed.called = spec;
    completed.settings = settings;
    return completed;
  }

  private void requireValues() {
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (RelaySettings.needsValue(option) && option.stringValues().contains("")) {
        throw new ParameterException(
            spec.commandLine(), option.longestName() + " must not be empty");
      }
    }
  }

  private int run() throws CommandFailure, InterruptedException {
    requireSound();
    if (printConfig) {
      settings.print(spec, called, called.commandLine().getOut());
      return CommandLine.ExitCode.OK;
    }
    showProgress();
    try (StopSignal signal = StopSignal.install(stopWithin())) {
      if (cluster != null) {
        serveInCluster(clusterAddress(cluster), signal);
      } else {
        serveAlone(signal);
      }
    }
    return CommandLine.ExitCode.OK;
  }

  /** Requires what can be known of the settings without a look at what they name. */
  private void requireSound() {
    requireWithin("--port", port, 0, 65_535);
    requireWithin("--max-connections", maxConnections, 1, 1_000_000);
    if (maxPerAddress != null) {
      requireWithin("--max-per-address", maxPerAddress, 1, 1_000_000);
    }
    requireWithin("--max-documents", maxDocuments, 1, 1_000_000);
    requireWithin("--drain-within", drainSeconds, 1, 3_600);
    requireWithin("--drain-notice", noticeSeconds, 0, 3_600);
    if (cluster != null && data != null) {
      throw wrong("with --cluster documents are kept in its database, not in --data");
    }
    withoutAdmission();
  }

  private ParameterException wrong(String reason) {
    CommandLine command = called.commandLine();
    return new ParameterException(command, settings.withOrigins(reason, command.getParseResult()));
  }

  private void requireWithin(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw wrong(option + " must be from " + least + " to " + most + ", is " + value);
    }
  }

  private Duration drainWithin() {
    return Duration.ofSeconds(drainSeconds);
  }

  private Duration stopWithin() {
    return drainWithin().plusSeconds(noticeSeconds + 5L);
  }

  private RelayServer.Builder relay() throws CommandFailure {
    RelayServer.Builder relay = withoutAdmission();
    try {
      admission.applyTo(relay);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
    return relay;
  }

  private RelayServer.Builder withoutAdmission() {
    RelayServer.Builder relay =
        RelayServer.builder()
            .host(host)
            .port(port)
            .insecure(insecure)
            .connections(maxConnections)
            .documents(maxDocuments);
    try {
      relay.origins(origins);
    } catch (IllegalArgumentException e) {
      throw wrong("--origins: " + e.getMessage());
    }
    if (maxPerAddress != null) {
      relay.connectionsPerAddress(maxPerAddress);
    }
    try {
      relay.proxies(proxies);
    } catch (IllegalArgumentException e) {
      throw wrong("--proxies: " + e.getMessage());
    }
    if (operations != null) {
      int colon = operations.lastIndexOf(':');
      String where = colon < 0 ? "127.0.0.1" : operations.substring(0, colon);
      if (where.isEmpty()) {
        throw wrong("--operations must be [HOST:]PORT, is '" + operations + "'");
      }
      relay.operations(where, operationsPort(operations.substring(colon + 1)));
    }
    return relay;
  }

  private int operationsPort(String written) {
    try {
      int number = Integer.parseInt(written);
      requireWithin("--operations", number, 0, 65_535);
      return number;
    } catch (NumberFormatException e) {
      throw wrong("--operations must be [HOST:]PORT, is '" + operations + "'");
    }
  }

  private void serveAlone(StopSignal signal) throws CommandFailure, InterruptedException {
    Path directory = WeftHome.directory(data, "relay");
    try (ChangeStore store = SqliteChangeStore.open(directory, new SecureRandom())) {
      serve(relay().store(store).build(), signal);
    }
  }

  private ClusterAddress clusterAddress(String given) {
    String address = given.isEmpty() ? System.getenv("WEFT_CLUSTER") : given;
    if (address == null || address.isEmpty()) {
      throw wrong("--cluster needs an address, or WEFT_CLUSTER must hold one");
    }
    try {
      return ClusterAddress.parse(address);
    } catch (IllegalArgumentException e) {
      throw wrong("--cluster: " + e.getMessage());
    }
  }

  private void serveInCluster(ClusterAddress address, StopSignal signal)
      throws CommandFailure, InterruptedException {
    try (Cluster shared = Cluster.join(address)) {
      serve(
          relay()
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
      PrintWriter out = called.commandLine().getOut();
      out.println("listening on " + relay.uri().resolve("/").toString().replaceFirst("/$", ""));
      out.flush();
      signal.await();
      if (noticeSeconds > 0) {
        relay.leave();
        Thread.sleep(Duration.ofSeconds(noticeSeconds).toMillis());
      }
      relay.drain(drainWithin());
    }
  }

  /** A relay's log is read by who runs it; it must be asked for before the first line of it. */
  private static void showProgress() {
    if (System.getProperty("weft.log") == null) {
      System.setProperty("weft.log", "INFO");
    }
  }
}
