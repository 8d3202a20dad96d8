package dev.weft.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.weft.bench.ForgetfulStore;
import dev.weft.cli.Weft;
import dev.weft.crdt.ReplicaId;
import dev.weft.relay.ConnectionCount;
import dev.weft.relay.RelayServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class LoadCommandTest {
  @TempDir private Path disk;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldTellHowLongEveryClassWaitsInEveryTier() throws IOException {
    int status =
        load(
            "--documents=2",
            "--clients=3",
            "--rate=60",
            "--warm-up=0.5",
            "--seconds=2",
            "--save-every=0.3",
            "--slow=2",
            "--slow-bandwidth=20000",
            "--cuts=2",
            "--cut-every=0.4",
            "--flood=1",
            "--json");

    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    Map<String, String> result = result();
    assertThat(number(result, "/documents")).isEqualTo(2);
    assertThat(number(result, "/connections")).isEqualTo(11);
    List<String> rows = new ArrayList<>();
    for (int row = 0; result.containsKey("/tiers/" + row + "/tier"); row++) {
      String at = "/tiers/" + row;
      rows.add(result.get(at + "/tier") + " " + result.get(at + "/class"));
      assertThat(number(result, at + "/samples")).isPositive();
      assertThat(number(result, at + "/p50Millis"))
          .isPositive()
          .isLessThanOrEqualTo(number(result, at + "/p95Millis"));
      assertThat(number(result, at + "/p95Millis"))
          .isLessThanOrEqualTo(number(result, at + "/p99Millis"));
      assertThat(number(result, at + "/p99Millis"))
          .isLessThanOrEqualTo(number(result, at + "/maxMillis") + 0.001);
    }
    assertThat(rows).contains("keystroke normal", "keystroke slow", "keystroke cut", "save normal");
    // Two readers of each edit, none of which is lost.
    assertThat(number(result, "/editsSentPerSecond")).isBetween(20.0, 180.0);
    assertThat(number(result, "/editsDeliveredPerSecond"))
        .isCloseTo(2 * number(result, "/editsSentPerSecond"), within(0.01));
    assertThat(number(result, "/editsMissing")).isZero();
    assertThat(number(result, "/editsPerMessage")).isGreaterThanOrEqualTo(1);
    assertThat(number(result, "/saves/fsynced")).isPositive();
    assertThat(number(result, "/cuts")).isPositive();
    assertThat(number(result, "/floodEdits")).isGreaterThan(100);
    assertThat(number(result, "/relayProcessors")).isPositive();
    assertThat(number(result, "/relayMicrosPerEdit")).isPositive();
    assertThat(number(result, "/relayResidentBytes")).isGreaterThan(10_000_000);
    assertThat(disk).isEmptyDirectory();
  }

  @Test
  void shouldPrintATableForPeople() {
    // A relay that has much to do leaves carets out, beside busy processes too.
    for (int run = 0; run == 0 || (run < 10 && rows("presence").isEmpty()); run++) {
      out.getBuffer().setLength(0);
      int status = load("--documents=1", "--clients=2", "--warm-up=0", "--seconds=1");
      assertThat(status).isZero();
    }

    assertThat(err.toString()).isEmpty();
    assertThat(rows("keystroke")).hasSize(1);
    assertThat(rows("presence")).hasSize(1);
    assertThat(out.toString()).contains("edits/s: ", "µs an edit", "throttles: ");
  }

  private List<String> rows(String tier) {
    return out.toString().lines().filter(line -> line.matches(tier + " +normal +\\d.*")).toList();
  }

  @Test
  void shouldCompareNormalClientsWithoutAndWithOthers() throws IOException {
    int status =
        load(
            "--fairness",
            "--documents=2",
            "--clients=3",
            "--writers=1",
            "--rate=60",
            "--rounds=1",
            "--warm-up=0.2",
            "--seconds=0.5",
            "--json");

    assertThat(err.toString()).isEmpty();
    Map<String, String> result = result();
    boolean fair = true;
    for (String where : List.of("sameDocument", "otherDocuments")) {
      double without = number(result, "/" + where + "/p99WithoutMillis");
      double with = number(result, "/" + where + "/p99WithMillis");
      double ratio = number(result, "/" + where + "/ratio");
      assertThat(without).isPositive();
      assertThat(ratio).isBetween(0.98 * with / without, 1.02 * with / without);
      fair &= ratio <= 1.5;
    }
    // Of the time that is counted it may have been told to be silent.
    assertThat(number(result, "/floodEdits")).isGreaterThan(100);
    // Whether a flood is too fast for it depends on what the relay is given of the processors.
    assertThat(number(result, "/floodThrottled")).isNotNegative();
    assertThat(result.get("/fair")).isEqualTo(Boolean.toString(fair));
    assertThat(status).isEqualTo(fair ? 0 : 1);
  }

  @Test
  void shouldWeighIdleConnections() throws IOException {
    int status = load("--connections=50", "--apart", "--seconds=0.5", "--json");

    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    Map<String, String> result = result();
    assertThat(number(result, "/connections")).isEqualTo(50);
    assertThat(number(result, "/documents")).isEqualTo(50);
    assertThat(number(result, "/residentBytes")).isGreaterThan(10_000_000);
    assertThat(number(result, "/heapBytes")).isGreaterThan(number(result, "/heapBytesBefore"));
  }

  @Test
  void shouldSayWhenTheRelayGoes() {
    String address;
    CompletableFuture<Integer> status;
    try (RelayServer relay =
        RelayServer.builder().store(new ForgetfulStore(new ReplicaId(1))).build()) {
      relay.start();
      address = "ws://127.0.0.1:" + relay.port();
      status =
          CompletableFuture.supplyAsync(
              () -> load("--relay=" + address, "--documents=1", "--clients=2", "--seconds=60"));
      awaitConnections(relay, 2);
    }

    assertThat(status.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .matches("weft: (cannot connect to|lost a client of) " + address + ": .+");
  }

  private static void awaitConnections(RelayServer relay, long count) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (relay.connectionsByVersion().values().stream().mapToLong(ConnectionCount::open).sum()
        < count) {
      assertThat(System.nanoTime()).as("deadline for connections").isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  /** In whichever of three ways the relay says it: by HTTP, by its protocol, or by closing. */
  @Test
  void shouldSayThatARelayIsFull() {
    try (RelayServer relay =
        RelayServer.builder().store(new ForgetfulStore(new ReplicaId(1))).connections(2).build()) {
      relay.start();
      String address = "ws://127.0.0.1:" + relay.port();
      for (int run = 0; run < 5; run++) {
        assertThat(load("--relay=" + address, "--connections=200", "--seconds=0.5")).isEqualTo(1);
      }
    }

    assertThat(err.toString().lines())
        .hasSize(5)
        .allMatch(
            line ->
                line.matches(
                    ".*asked for: (the server answered 'HTTP/1.1 503 .*', and not with a WebSocket"
                        + "|the server closed the connection without an answer \\(.*\\); it may be full"
                        + "|The relay takes no more connections\\.)"));
  }

  /** As of one that has more connections than it even answers. */
  @Test
  void shouldSayThatAServerClosesWithoutAnAnswer() throws IOException {
    CompletableFuture<Void> closing;
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      closing = CompletableFuture.runAsync(() -> closeEach(server));
      assertThat(
              load(
                  "--relay=ws://127.0.0.1:" + server.getLocalPort(),
                  "--connections=20",
                  "--seconds=0.5"))
          .isEqualTo(1);
    }
    closing.join();

    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .matches(".*: the server closed the connection without an answer \\(.+\\); it may be full");
  }

  private static void closeEach(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setSoLinger(true, 0);
        socket.close();
      }
    } catch (SocketException e) {
      assertThat(server.isClosed()).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldSayWhenThereIsNoRelay() {
    assertThat(load("--relay=ws://127.0.0.1:1", "--seconds=1")).isEqualTo(1);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .isEqualTo("weft: cannot connect to ws://127.0.0.1:1: Connection refused\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--rate=0 | --rate must be at least 0.1, is 0",
        "--seconds=0 | --seconds must be at least 0.5, is 0",
        "--documents=0 | --documents must be at least 1, is 0",
        "--clients=0 | --clients must be at least 1, is 0",
        "--writers=5 | --writers must be at most --clients, 4, is 5",
        "--slow=-1 | --slow must be at least 0, is -1",
        "--flood=-1 | --flood must be at least 0, is -1",
        "--relay=http://127.0.0.1:1 | a relay's address is ws://HOST:PORT",
        "--relay=wss://127.0.0.1:1 | these clients do not speak TLS",
        "--rate=much | 'much' is not a double",
        "--sloth | --sloth"
      })
  void shouldRefuseWhatMakesNoSense(String option, String reason) {
    assertThat(load(option)).isEqualTo(2);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines()).singleElement().asString().contains(reason);
  }

  @Test
  void shouldSayWhichFileIsMissing() {
    Path missing = disk.resolve("missing");

    assertThat(load("--relay=ws://127.0.0.1:1", "--token-file=" + missing)).isEqualTo(1);
    assertThat(load("--directory=" + missing)).isEqualTo(1);

    assertThat(err.toString().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("weft: there is no " + missing));
  }

  @Test
  void shouldRefuseTwoMeasurementsAtOnce() {
    assertThat(load("--fairness", "--connections=5")).isEqualTo(2);

    assertThat(err.toString()).contains("choose one of");
  }

  @Test
  void shouldSayWhenThereAreTooManyConnections() {
    assertThat(load("--connections=28001")).isEqualTo(1);

    assertThat(err.toString()).contains("at most 28000");
  }

  /** Returns the values of the one object that was printed, by their JSON pointers. */
  private Map<String, String> result() throws IOException {
    assertThat(out.toString().lines()).hasSize(1);
    Map<String, String> values = new LinkedHashMap<>();
    try (JsonParser json = new JsonFactory().createParser(out.toString())) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isScalarValue()) {
          values.put(json.getParsingContext().pathAsPointer().toString(), json.getText());
        }
      }
    }
    return values;
  }

  private static double number(Map<String, String> result, String pointer) {
    assertThat(result).containsKey(pointer);
    return Double.parseDouble(result.get(pointer));
  }

  private int load(String... arguments) {
    CommandLine weft = Weft.commandLine(new LoadCommand());
    weft.setOut(new PrintWriter(out, true));
    weft.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("load"));
    all.addAll(List.of(arguments));
    if (all.stream().noneMatch(argument -> argument.startsWith("--directory"))) {
      all.add("--directory=" + disk);
    }
    return weft.execute(all.toArray(String[]::new));
  }
}
