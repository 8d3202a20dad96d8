package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.loopback.LoopbackRelay;
import dev.weft.client.SyncStatus;
import dev.weft.store.SqliteChangeStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentCommandsTest {
  private static LoopbackRelay relay;

  @TempDir private Path folder;
  private final CommandRun weft = new CommandRun();

  @BeforeAll
  static void startRelay() throws IOException {
    relay = LoopbackRelay.start();
  }

  @AfterAll
  static void stopRelay() throws IOException {
    relay.close();
  }

  @Test
  void shouldPrintExactlyTheText() {
    assertThat(edit("insert", "exact", "0", "zwei\nZeilen 😀")).isZero();
    assertThat(edit("delete", "exact", "0", "5")).isZero();
    assertThat(edit("insert", "exact", "6", ",")).isZero();
    assertThat(weft.out()).isEmpty();

    assertThat(weft.run("cat", "exact", atRelay(), store("reader"))).isZero();

    assertThat(weft.out()).isEqualTo("Zeilen, 😀");
    assertThat(weft.err()).isEmpty();
  }

  @Test
  void shouldSayThatEditorOrCommandHasStore() {
    Path taken = folder.resolve("taken");
    try (var store = SqliteChangeStore.open(taken, new SecureRandom())) {
      assertThat(store.documents()).isEmpty();
      assertThat(weft.run("cat", "notes", atRelay(), store("taken"))).isEqualTo(1);
      assertThat(weft.run("insert", "notes", "0", "x", atRelay(), store("taken"))).isEqualTo(1);
      assertThat(weft.run("outbox", store("taken"))).isEqualTo(1);
    }

    assertThat(weft.err().lines())
        .hasSize(3)
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("weft: the store in ")
                    .contains(" is in use by ")
                    .endsWith(": an editor or another command has it open"));
    assertThat(weft.out()).isEmpty();
  }

  @Test
  void shouldPrintReceiptOfSave() {
    assertThat(edit("insert", "saved", "0", "x", "--save")).isZero();

    assertThat(weft.out()).matches("saved saved: receipt \\S+, FSYNCED, version [0-9a-f]{16}:1\n");
  }

  @Test
  void shouldSayWhyASaveWasNotAcknowledgedInTime() {
    SyncStatus status =
        new SyncStatus(
            SyncStatus.Connection.LIVE,
            "",
            null,
            SyncStatus.Freshness.FRESH,
            Duration.ZERO,
            SyncStatus.Saves.SAVING,
            null,
            null,
            Set.of(SyncStatus.Degradation.RELAY_STORE_UNAVAILABLE),
            "",
            0,
            0,
            0,
            1);

    assertThat(DocumentEdit.unacknowledged(status))
        .isEqualTo(
            "no acknowledgement within 30 s (live, saving, the relay cannot store at the moment)");
  }

  @Test
  void shouldPrintStoredTextWhereRelayCannotBeReached() throws IOException {
    assertThat(edit("insert", "away", "0", "kept")).isZero();

    assertThat(weft.run("cat", "away", nowhere(), store("author"))).isZero();

    assertThat(weft.out()).isEqualTo("kept");
    assertThat(weft.err())
        .startsWith("weft: this is the text on this device, ws://127.0.0.1:")
        .endsWith("cannot say if there is more: the relay cannot be reached: connection refused\n");
  }

  @Test
  void shouldMergeEditsOfCopiedStore() throws IOException {
    assertThat(edit("insert", "copied", "0", "one")).isZero();
    Path copy = copyOfStore("copy");
    assertThat(edit("insert", "copied", "3", " two")).isZero();
    assertThat(weft.run("insert", "copied", "3", " 2", nowhere(), store("copy"))).isZero();

    assertThat(weft.run("cat", "copied", atRelay(), store(copy.getFileName().toString()))).isZero();

    assertThat(weft.out()).matches("(?s).*(one two 2|one 2 two)");
  }

  /** As where a whole machine was put back to an earlier state: nothing here tells. */
  @Test
  void shouldShowWhatIsHereAlthoughTheRelayRefusesIt() throws IOException {
    assertThat(edit("insert", "forked", "0", "one")).isZero();
    Path rolledBack = copyOfStore("rolled-back");
    assertThat(edit("insert", "forked", "3", " two")).isZero();
    seal(rolledBack);
    assertThat(weft.run("insert", "forked", "3", " 2", nowhere(), store("rolled-back"))).isZero();

    assertThat(weft.run("cat", "forked", atRelay(), store("rolled-back"))).isEqualTo(1);

    assertThat(weft.out()).endsWith("one 2");
    assertThat(weft.err())
        .contains(
            "weft: the relay refuses this: The relay has other changes under the same replica id:"
                + " two devices write as one, as a machine and its restored backup do; what this"
                + " device has is kept");
  }

  private Path copyOfStore(String name) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve("author"))) {
      for (Path file : files) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  /** Writes the seal that closing the store would have left. */
  private static void seal(Path store) throws IOException {
    StringBuilder seal = new StringBuilder();
    new TreeMap<>(Files.readAttributes(store.resolve("weft.db"), "unix:ino,ctime,size"))
        .forEach((name, value) -> seal.append(name).append('=').append(value).append('\n'));
    Files.writeString(store.resolve("weft.seal"), seal);
  }

  @Test
  void shouldGiveUpSoonOnRelayThatDoesNotAnswer() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      long started = System.nanoTime();
      String address = "--relay=ws://127.0.0.1:" + mute.getLocalPort();

      assertThat(weft.run("insert", "mute", "0", "x", address, store("author"))).isZero();

      assertThat(weft.out()).startsWith("queued on this device, nothing is lost: ");
      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .isLessThan(Workspace.CONNECT_PATIENCE.plusSeconds(10));
    }
  }

  @Test
  void shouldRefuseEditOutsideOfText() {
    assertThat(edit("insert", "short", "5", "x")).isEqualTo(1);
    assertThat(edit("delete", "short", "0", "1")).isEqualTo(1);
    assertThat(edit("delete", "short", "0", "2147483647")).isEqualTo(1);

    assertThat(weft.out()).isEmpty();
    assertThat(weft.err().lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith("weft: nothing was changed: "));
  }

  @Test
  void shouldRefuseStoreThatIsInUse() throws IOException {
    Path directory = Files.createDirectories(folder.resolve("author"));
    try (SqliteChangeStore held = SqliteChangeStore.open(directory, new SecureRandom())) {
      assertThat(weft.run("cat", "doc", atRelay(), store("author"))).isEqualTo(1);

      assertThat(weft.out()).isEmpty();
      assertThat(weft.err().lines())
          .singleElement()
          .asString()
          .startsWith("weft: the store in " + held.directory() + " is in use by ");
    }
  }

  @Test
  void shouldSayThatStoreCannotBeCreated() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThat(weft.run("cat", "doc", atRelay(), "--store=" + file.resolve("store"))).isEqualTo(1);

    assertThat(weft.err().lines())
        .singleElement()
        .asString()
        .startsWith("weft: cannot create the directory " + file.resolve("store") + ": ");
  }

  @Test
  void shouldRefuseWrongUsage() {
    assertThat(weft.run("cat")).isEqualTo(2);
    assertThat(weft.run("cat", "a/b")).isEqualTo(2);
    assertThat(weft.run("cat", "doc", "--relay", "http://example.org")).isEqualTo(2);
    assertThat(weft.run("cat", "doc", "--at", "0:1")).isEqualTo(2);
    assertThat(weft.run("cat", "doc", "--at", "")).isEqualTo(2);
    assertThat(weft.run("insert", "doc", "first", "text")).isEqualTo(2);
    assertThat(weft.run("insert", "doc", "0")).isEqualTo(2);

    assertThat(weft.out()).isEmpty();
    assertThat(weft.err().lines())
        .containsExactly(
            "weft: Missing required parameter: 'DOC' (try 'weft cat --help')",
            "weft: Invalid value for positional parameter at index 0 (DOC): a document id consists"
                + " of letters A-Z and a-z, digits and . _ ~ -, id=\"a/b\""
                + " (try 'weft cat --help')",
            "weft: Invalid value for option '--relay': a relay's address is ws://HOST:PORT or"
                + " wss://HOST:PORT, not 'http://example.org' (try 'weft cat --help')",
            "weft: Invalid value for option '--at': a replica id is 16 hexadecimal digits,"
                + " text=\"0\" (try 'weft cat --help')",
            "weft: Invalid value for option '--at': a version is REPLICA:NEXT pairs, this is empty"
                + " (try 'weft cat --help')",
            "weft: Invalid value for positional parameter at index 1 (INDEX): 'first' is not an int"
                + " (try 'weft insert --help')",
            "weft: Missing required parameter: 'TEXT' (try 'weft insert --help')");
  }

  private int edit(String command, String document, String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = command;
    all[1] = document;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    all[all.length - 2] = atRelay();
    all[all.length - 1] = store("author");
    return weft.run(all);
  }

  private static String atRelay() {
    return "--relay=" + relay.uri();
  }

  /** The address of a port that is so low that nobody is given it. */
  private static String nowhere() {
    return "--relay=ws://127.0.0.1:1";
  }

  private String store(String name) {
    return "--store=" + folder.resolve(name);
  }
}
