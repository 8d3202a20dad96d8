package dev.weft.bench.load;

import dev.weft.bench.load.dialect.WeftDialect;
import dev.weft.bench.load.dialect.YDialect;
import dev.weft.bench.load.server.Cores;
import dev.weft.bench.load.server.WeftContender;
import dev.weft.bench.peers.NodePeers;
import dev.weft.bench.peers.NodePeers.MissingException;
import dev.weft.cli.CommandFailure;
import dev.weft.cli.JsonLine;
import dev.weft.protocol.RelayAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code weft load}: synthetic clients against a relay, and how long they wait. */
@Command(
    name = "load",
    description = "Has synthetic clients type, and prints how long they wait.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Clients type what recorded authors typed, in their rhythm, quicker or slower: the traces lie"
          + " in the folder that WEFT_TRACES names (default ../shared/traces). Every time is from"
          + " when something was due. docs/BENCHMARKS.md says what is measured, and how.",
      "Exits 1 if a client was lost, something did not arrive, or a bound was not kept."
    })
final class LoadCommand implements Callable<Integer> {
  private static final PopulationOptions.Usual USUAL = new PopulationOptions.Usual(10, 4, 1);

  @Spec private CommandSpec spec;

  @Option(
      names = "--relay",
      paramLabel = "URL",
      converter = Address.class,
      description =
          "A relay that is there (default: one is started, with a store on disk that is deleted"
              + " afterwards).")
  private @Nullable URI relay;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "The file of a token that the relay asks for.")
  private @Nullable Path token;

  @Mixin private PopulationOptions people;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "50",
      description =
          "Edits a second of all normal writers together, in the long run: few writers in a short time"
              + " make more or fewer, since people type in bursts (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "For how long it counts (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "3",
      description = "For how long is typed before that (default: ${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(
      names = "--save-every",
      paramLabel = "S",
      defaultValue = "5",
      description = "How often each writer saves, 0 for never (default: ${DEFAULT-VALUE}).")
  private double saveEvery;

  @Option(
      names = "--carets",
      paramLabel = "R",
      defaultValue = "10",
      description =
          "How often a second a writer shows its caret while it types, 0 for never (default:"
              + " ${DEFAULT-VALUE}).")
  private double carets;

  @Option(
      names = "--find",
      description =
          "Finds the most edits a second at which the p99 of all readers is below 100 ms, and"
              + " confirms it for --seconds.")
  private boolean find;

  @Option(
      names = "--beside",
      description =
          "Finds the same for Hocuspocus and y-websocket's server too, without carets, and weighs"
              + " all with idle connections. Needs Node 18 or newer.")
  private boolean beside;

  @Option(
      names = "--at-once",
      description =
          "Writers send each edit by itself, at once (default: those of half a round trip together,"
              + " as the library's client does).")
  private boolean atOnce;

  @Option(
      names = "--idle",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many idle connections --beside weighs with (default: ${DEFAULT-VALUE}).")
  private int idle;

  @Option(
      names = "--fairness",
      description =
          "Measures a hundred normal clients without and with a slow one and one that floods, and"
              + " exits 1 if their p99 grows to more than 1.5 times.")
  private boolean fairness;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "How often --fairness measures each; fewer than 20 say little (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Opens so many connections, on which nobody types, and weighs the relay.")
  private @Nullable Integer connections;

  @Option(
      names = "--apart",
      description = "With --connections: each opens a document of its own, not all the same.")
  private boolean apart;

  @Option(
      names = "--pin",
      negatable = true,
      description =
          "Gives a relay that is started and the clients a processor each (default: only with"
              + " --find and --beside).")
  private @Nullable Boolean pin;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      defaultValue = "${sys:java.io.tmpdir}",
      description = "On whose disk a relay's store is (default: ${DEFAULT-VALUE}).")
  private Path directory;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of all times (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Prints one JSON object instead of words.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailure {
    try {
      PopulationOptions.atLeast("--rate", rate, 0.1);
      PopulationOptions.atLeast("--seconds", seconds, 0.5);
      PopulationOptions.atLeast("--warm-up", warmUp, 0);
      PopulationOptions.atLeast("--save-every", saveEvery, 0);
      PopulationOptions.atLeast("--carets", carets, 0);
      PopulationOptions.atLeast("--rounds", rounds, 1);
      PopulationOptions.atLeast("--idle", idle, 1);
      return measure();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (NoSuchFileException e) {
      throw new CommandFailure("there is no " + e.getFile(), e);
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private int measure() throws IOException {
    long measurements =
        Stream.of(find, beside, fairness, connections != null).filter(each -> each).count();
    if (measurements > 1) {
      throw new IllegalArgumentException(
          "choose one of --find, --beside, --fairness and --connections");
    }
    if (find) {
      return find();
    } else if (beside) {
      return beside();
    } else if (fairness) {
      return fairness();
    }
    return connections == null ? load() : connections(connections);
  }

  private int load() throws IOException {
    Population population = people.population(USUAL, false);
    Typing typing = Typing.found(seed);
    LoadSettings settings = settings(population, typing, rate);
    try (Served served = serve(cores(false), population.connections())) {
      LoadOutcome outcome = served.run(settings, "load").runAndWeigh();
      LoadReport report = new LoadReport(served.title(), typing.title(), outcome);
      if (json) {
        report.printJson(out());
      } else {
        report.print(out());
      }
      Tally tally = outcome.tally();
      return tally.editsMissing + tally.savesUnanswered == 0
          ? CommandLine.ExitCode.OK
          : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private int find() throws IOException {
    Population population = people.population(Capacity.USUAL, false);
    Typing typing = Typing.found(seed);
    LoadSettings settings = settings(population, typing, rate);
    Cores cores = cores(true);
    try (Served served = serve(cores, population.connections())) {
      tell(cores, typing);
      Capacity capacity = new Capacity(served, settings, json ? null : out());
      capacity.warmUp();
      while (!capacity.search().isDone()) {
        capacity.step();
      }
      if (json) {
        JsonLine.print(
            out(),
            line -> {
              line.writeStringField("measurement", "find");
              line.writeBooleanField("pinned", cores.areApart());
              capacity.write(line);
            });
      } else {
        capacity.print(out());
      }
      return capacity.found() > 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private int beside() throws IOException {
    if (relay != null) {
      throw new IllegalArgumentException("--beside starts its servers itself: not with --relay");
    }
    Population population = people.population(Capacity.USUAL, false);
    Typing typing = Typing.found(seed);
    LoadSettings settings = settings(population, typing, rate);
    IdleConnections.requireRoom(Math.max(idle, population.connections()));
    Cores cores = cores(true);
    tell(cores, typing);
    Comparison comparison =
        new Comparison(
            cores,
            directory,
            node(),
            settings.with(settings.habits().withoutCarets()),
            idle,
            json ? null : out());
    Comparison.Result result = comparison.measure();
    if (json) {
      result.printJson(out(), cores);
    } else {
      result.print(out());
    }
    return result.isWhole() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private void tell(Cores cores, Typing typing) {
    if (!json) {
      out().println(cores.describe() + "; " + typing.title());
      out().flush();
    }
  }

  private static NodePeers node() throws IOException {
    try {
      return NodePeers.open(Stream.of(YDialect.values()).map(YDialect::title).toList());
    } catch (MissingException e) {
      throw new LoadFailure(e.sentence());
    }
  }

  private int fairness() throws IOException {
    Population population = people.population(FairnessMeasurement.USUAL, true);
    Typing typing = Typing.found(seed);
    LoadSettings settings =
        settings(population.disturbedBy(0, 0), typing, given("--rate") ? rate : 100);
    try (Served served = serve(cores(false), population.connections() + 2)) {
      FairnessMeasurement measurement = new FairnessMeasurement(served, settings, rounds);
      FairnessMeasurement.Result result = measurement.measure();
      if (json) {
        result.printJson(out());
      } else {
        result.print(out());
      }
      return result.isFair() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private int connections(int count) throws IOException {
    PopulationOptions.atLeast("--connections", count, 1);
    IdleConnections.requireRoom(count);
    try (Served served = serve(cores(false), count)) {
      IdleConnections.Result result =
          new IdleConnections(served, count, apart, nanos(seconds)).measure();
      if (json) {
        result.printJson(out());
      } else {
        result.print(out());
      }
    }
    return CommandLine.ExitCode.OK;
  }

  // --- What the options say ---

  private LoadSettings settings(Population population, Typing typing, double editsPerSecond) {
    return new LoadSettings(
        population,
        new Habits(nanos(saveEvery), carets, !atOnce, typing.rhythm(), typing.edits()),
        editsPerSecond,
        nanos(warmUp),
        nanos(seconds),
        seed);
  }

  private static Duration nanos(double ofSeconds) {
    return Duration.ofNanos((long) (ofSeconds * TimeUnit.SECONDS.toNanos(1)));
  }

  private boolean given(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  private Cores cores(boolean usuallyApart) throws IOException {
    boolean apartWanted = pin == null ? usuallyApart : pin;
    return apartWanted ? Cores.apart() : Cores.SHARED;
  }

  private Served serve(Cores cores, int most) throws IOException {
    if (relay != null) {
      return Served.elsewhere(relay, new WeftDialect(token()));
    }
    return Served.by(WeftContender.start(cores, directory, most));
  }

  private String token() throws IOException {
    return token == null ? "" : Files.readString(token, StandardCharsets.UTF_8).strip();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Reads a relay's address. */
  static final class Address implements ITypeConverter<URI> {
    @Override
    public URI convert(String value) {
      URI address;
      try {
        address = new URI(value);
      } catch (URISyntaxException e) {
        throw new TypeConversionException("'" + value + "' is no address: " + e.getReason());
      }
      if (!RelayAddress.isOne(address)) {
        throw new TypeConversionException(
            "a relay's address is ws://HOST:PORT, not '" + value + "'");
      }
      if (RelayAddress.isEncrypted(address)) {
        throw new TypeConversionException(
            "these clients do not speak TLS: give the relay's address as ws://HOST:PORT, not '"
                + value
                + "'");
      }
      return address;
    }
  }
}
