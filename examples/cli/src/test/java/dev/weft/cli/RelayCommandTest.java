package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The relay as its operator meets it: a process that is started, killed and told to stop. */
class RelayCommandTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;
  private final CommandRun weft = new CommandRun();

  @Test
  void shouldStillHaveSavedTextAfterKill() throws Exception {
    try (RelayProcess relay = RelayProcess.start(folder.resolve("relay"))) {
      int status = weft.run("insert", "doc", "0", "hello", "--save", at(relay), store("author"));
      relay.kill();

      assertThat(status).isZero();
      assertThat(weft.out()).startsWith("saved doc: receipt ").contains(", FSYNCED, version ");
    }
    try (RelayProcess relay = RelayProcess.start(folder.resolve("relay"))) {
      CommandRun reader = new CommandRun();

      assertThat(reader.run("cat", "doc", at(relay), store("reader"))).isZero();
      assertThat(reader.out()).isEqualTo("hello");
      assertThat(reader.err()).isEmpty();
    }
  }

  @Test
  void shouldDeliverWhatWasQueuedWithNextCommandThatConnects() throws Exception {
    Path data = folder.resolve("relay");
    String address;
    try (RelayProcess relay = RelayProcess.start(data)) {
      address = at(relay);
    }
    assertThat(weft.run("insert", "doc", "0", "queued", address, store("author"))).isZero();
    assertThat(weft.out())
        .isEqualTo(
            "queued on this device, nothing is lost:"
                + " the relay cannot be reached: connection refused\n");
    assertThat(weft.run("insert", "other", "0", "unsaved", "--save", address, store("author")))
        .isEqualTo(1);
    assertThat(weft.err())
        .isEqualTo(
            "weft: not saved yet: the edit and the save are queued on this device, nothing is lost,"
                + " and the next command that connects delivers them:"
                + " the relay cannot be reached: connection refused\n");

    try (RelayProcess relay = RelayProcess.start(data)) {
      assertThat(weft.run("cat", "doc", at(relay), store("author"))).isZero();
      CommandRun reader = new CommandRun();
      assertThat(reader.run("cat", "doc", at(relay), store("reader"))).isZero();
      assertThat(reader.run("cat", "other", at(relay), store("reader"))).isZero();

      assertThat(reader.out()).isEqualTo("queued" + "unsaved");
      assertThat(reader.err()).isEmpty();
    }
  }

  @Test
  void shouldDrainAndExitWithZeroOnSigterm() throws Exception {
    try (RelayProcess relay = RelayProcess.start(folder.resolve("relay"))) {
      assertThat(weft.run("insert", "doc", "0", "typed", at(relay), store("author"))).isZero();

      assertThat(relay.terminate()).isZero();
    }
    try (RelayProcess relay = RelayProcess.start(folder.resolve("relay"))) {
      CommandRun reader = new CommandRun();
      assertThat(reader.run("cat", "doc", at(relay), store("reader"))).isZero();
      assertThat(reader.out()).isEqualTo("typed");
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void shouldSayThatItIsAboutToStopBeforeItTakesNobodyMore() throws Exception {
    try (RelayProcess relay =
        RelayProcess.start(
            Weft.class,
            "relay",
            "--port=0",
            "--data=" + folder.resolve("relay"),
            "--drain-notice=6")) {
      assertThat(readiness(relay)).isEqualTo("ready");
      CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(relay::terminate);
      while (readiness(relay).equals("ready")) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }

      assertThat(readiness(relay)).isEqualTo("draining");
      assertThat(weft.run("insert", "doc", "0", "x", "--save", at(relay), store("author")))
          .isZero();
      assertThat(ended.join()).isZero();
    }
  }

  @Test
  void shouldTakeAnAddressOfIpv6WithTheBracketsOfAnUrl() throws Exception {
    try (RelayProcess relay =
        RelayProcess.start(
            Weft.class,
            "relay",
            "--host=[::1]",
            "--port=0",
            "--operations=[::1]:0",
            "--data=" + folder.resolve("relay"))) {
      assertThat(relay.uri()).isEqualTo("ws://[::1]:" + relay.port());
    }
  }

  private static String readiness(RelayProcess relay) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + relay.port() + "/health/ready");
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body().strip();
  }

  @Test
  void shouldNameProcessThatHoldsStore() throws Exception {
    Path data = folder.resolve("relay");
    try (RelayProcess relay = RelayProcess.start(data)) {
      assertThat(weft.run("relay", "--port", "0", "--data", data.toString())).isEqualTo(1);

      assertThat(weft.out()).isEmpty();
      assertThat(weft.err().lines())
          .singleElement()
          .asString()
          .startsWith("weft: the store in " + data.toRealPath() + " is in use by process ")
          .contains(String.valueOf(relay.pid()));
    }
  }

  @Test
  void shouldSayThatPortIsInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      assertThat(weft.run("relay", "--port", port, "--data", folder.resolve("r").toString()))
          .isEqualTo(1);

      assertThat(weft.out()).isEmpty();
      assertThat(weft.err())
          .isEqualTo(
              "weft: cannot listen on 127.0.0.1:"
                  + port
                  + ": another program has that port; stop it, or choose another port\n");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldSayInPlainWordsThatNoDirectoryCanBeMade() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(weft.run("relay", "--port", "0", "--data", "/proc/none/data")).isEqualTo(1);
    assertThat(weft.run("relay", "--port", "0", "--data", file.resolve("data").toString()))
        .isEqualTo(1);

    assertThat(weft.err().lines())
        .containsExactly(
            "weft: cannot create the directory /proc/none/data: none can be made in /proc",
            "weft: cannot create the directory " + file.resolve("data") + ": Not a directory");
  }

  @Test
  void shouldRefuseWrongUsage() {
    assertThat(weft.run("relay", "--port", "70000")).isEqualTo(2);
    assertThat(weft.run("relay", "--port", "http")).isEqualTo(2);
    String secret = "jdbc:mysql://host/weft?password=secret";
    assertThat(weft.run("relay", "--cluster", secret)).isEqualTo(2);
    String data = folder.resolve("relay").toString();
    assertThat(weft.run("relay", "--cluster", "jdbc:postgresql:weft", "--data", data)).isEqualTo(2);

    assertThat(weft.err().lines())
        .containsExactly(
            "weft: --port must be from 0 to 65535, is 70000 (try 'weft relay --help')",
            "weft: Invalid value for option '--port': 'http' is not an int"
                + " (try 'weft relay --help')",
            "weft: --cluster: the address of the database must be of the"
                + " form jdbc:postgresql://HOST[:PORT]/DATABASE[?user=USER&password=PASSWORD]"
                + " (try 'weft relay --help')",
            "weft: with --cluster documents are kept in its database, not in --data"
                + " (try 'weft relay --help')");
  }

  @Test
  void shouldRefuseLimitsOfAddressesAndProxiesThatAreNone() {
    assertThat(weft.run("relay", "--max-per-address", "0")).isEqualTo(2);
    assertThat(weft.run("relay", "--proxies", "10.0.0.0/8,proxy.example")).isEqualTo(2);

    assertThat(weft.err().lines())
        .containsExactly(
            "weft: --max-per-address must be from 1 to 1000000, is 0 (try 'weft relay --help')",
            "weft: --proxies: an address is IPv4 or IPv6, with /BITS behind it for all that begin"
                + " alike, is proxy.example (try 'weft relay --help')");
  }

  @Test
  void shouldSayThatDatabaseOfClusterCannotBeReached() {
    // Nobody is given a port so low.
    String place = "127.0.0.1:1/weft";
    String address = "jdbc:postgresql://" + place + "?password=secret,redis://:secret@localhost";
    assertThat(weft.run("relay", "--port", "0", "--cluster", address)).isEqualTo(1);

    assertThat(weft.out()).isEmpty();
    assertThat(weft.err().lines())
        .singleElement()
        .asString()
        .startsWith("weft: cannot open the database: PostgreSQL at " + place)
        .contains("cannot be reached")
        .doesNotContain("secret");
  }

  private static String at(RelayProcess relay) {
    return "--relay=" + relay.uri();
  }

  private String store(String name) {
    return "--store=" + folder.resolve(name);
  }
}
