package dev.weft.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.loopback.LoopbackRelay;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** {@code weft export} and {@code weft import}, and what one writes and the other reads. */
@ResourceLock(Resources.SYSTEM_OUT)
class InterchangeTest {
  private static LoopbackRelay relay;

  @TempDir private Path folder;

  @BeforeAll
  static void startRelay() throws IOException {
    relay = LoopbackRelay.start();
  }

  @AfterAll
  static void stopRelay() throws IOException {
    relay.close();
  }

  @Test
  void shouldBringADocumentWithItsHistoryIntoAnother() throws Exception {
    TextDocument ada = TextDocument.create(new ReplicaId(0xada));
    TextDocument ben = TextDocument.create(new ReplicaId(0xbe));
    ada.insert(0, "warp 😀");
    ben.merge(ada);
    ben.insert(0, "weft and ");
    ada.delete(4, 7);
    ada.merge(ben);
    Path file = Files.write(folder.resolve("saved.weft"), ada.snapshot());

    CommandRun imported = run("import", "history", file.toString());
    assertThat(imported.out())
        .isEqualTo("imported 13 characters with the history of 2 writers into history\n");
    Path again = Files.write(folder.resolve("again.weft"), bytesOf("export", "history"));

    TextDocument read = TextDocument.load(new ReplicaId(1), Files.readAllBytes(again));
    assertThat(read.text()).isEqualTo("weft and warp");
    assertThat(read.version()).isEqualTo(ada.version());
    String at = "--at=" + VersionVector.of(new ReplicaId(0xada), 7);
    assertThat(run("cat", "history", at).out()).isEqualTo("warp 😀");
    // It is the same history: what is new in it is merged, as often as it comes.
    ada.insert(0, "> ");
    Files.write(file, ada.snapshot());
    assertThat(run("import", "history", file.toString()).out()).startsWith("imported");
    assertThat(run("cat", "history").out()).isEqualTo("> weft and warp");
    assertThat(run("import", "history", file.toString()).out())
        .isEqualTo("history had all of " + file + " already\n");
  }

  @Test
  void shouldBringPlainTextInAndOut() throws Exception {
    Path file = Files.writeString(folder.resolve("note.txt"), "{\"a\": 1}\r\n\ttext 😀");
    CommandRun imported = run("import", "plain", file.toString());

    assertThat(imported.out()).isEqualTo("imported 17 characters of text into plain\n");
    assertThat(run("export", "plain", "--format", "text").out()).isEqualTo(Files.readString(file));
    assertThat(run("import", "plain", file.toString(), 1).err())
        .startsWith("weft: nothing was imported: plain is not empty, and ")
        .endsWith("does not hold its history; import it into a new document\n");
  }

  @Test
  void shouldBringATraceInAndOut() throws Exception {
    String json =
        """
        {"txns": [
          {"agent": "ada", "seqStart": 0, "span": [0, 2], "parents": [], "ops": [[0, 0, "a😀"]]},
          {"agent": "ben", "seqStart": 0, "span": [2, 3], "parents": [0], "ops": [[1, 0, "b"]]},
          {"agent": "ada", "seqStart": 2, "span": [3, 4], "parents": [1, 2], "ops": [[0, 1, ""]]}
        ], "endContent": "😀b"}
        """;
    Path file = folder.resolve("trace.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(json.getBytes(UTF_8));
    }
    assertThat(run("import", "trace", file.toString()).out())
        .startsWith("imported 2 characters, a");
    assertThat(run("import", "trace", file.toString()).out())
        .isEqualTo("trace had all of " + file + " already\n");
    Path like = Files.writeString(folder.resolve("like.json"), json.replace("a😀", "b😀"));
    assertThat(run("import", "trace", like.toString(), 1).err())
        .contains("nothing was imported: trace is not empty, and ");
    CommandRun exported = run("export", "trace", "--format", "trace");
    Path again = Files.writeString(folder.resolve("again.json"), exported.out());

    assertThat(exported.err()).isEmpty();
    CommandRun replayed = new CommandRun();
    assertThat(replayed.run("replay", again.toString(), "--json")).isZero();
    assertThat(replayed.out()).contains("\"matches\":true", "\"events\":4");
    String broken = exported.out().replace("\"endContent\":\"😀", "\"endContent\":\"x");
    Path other = Files.writeString(folder.resolve("broken.json"), broken);
    assertThat(run("import", "broken", other.toString(), 1).err())
        .endsWith("broken.json: its endContent is not what its edits end with\n");
  }

  @Test
  void shouldQueueWhatIsImportedWithoutARelay() throws Exception {
    Path file = Files.writeString(folder.resolve("note.txt"), "kept");
    CommandRun weft = new CommandRun();
    String store = "--store=" + folder.resolve("store");
    assertThat(weft.run("import", "away", file.toString(), nowhere(), store)).isZero();
    assertThat(weft.out())
        .startsWith("imported 4 characters of text into away\n")
        .contains("if the relay has a text of that name", "queued on this device, nothing is lost");
    assertThat(run("cat", "away").out()).isEqualTo("kept");
    CommandRun elsewhere = new CommandRun();
    String other = "--store=" + folder.resolve("other");
    assertThat(elsewhere.run("cat", "away", "--relay=" + relay.uri(), other)).isZero();
    assertThat(elsewhere.out()).isEqualTo("kept");
  }

  @Test
  void shouldRefuseFilesThatAreNothing() throws Exception {
    TextDocument document = TextDocument.create(new ReplicaId(5));
    document.insert(0, "one");
    VersionVector early = document.version();
    document.insert(3, "two");
    byte[] damaged = document.snapshot();
    damaged[damaged.length / 2] ^= 1;
    Path part = Files.write(folder.resolve("part"), document.changesSince(early));
    Path bad = Files.write(folder.resolve("bad"), damaged);
    Path latin = Files.write(folder.resolve("latin"), new byte[] {'a', (byte) 0xe4, 'b'});

    assertThat(run("import", "none", folder.resolve("absent").toString(), 1).err())
        .contains("absent: no such file");
    assertThat(run("import", "none", part.toString(), 1).err())
        .contains("holds only later changes of a document");
    assertThat(run("import", "none", bad.toString(), 1).err()).contains("malformed data");
    assertThat(run("import", "none", latin.toString(), 1).err())
        .contains("is neither a document of weft nor a trace nor text in UTF-8");
    Path empty = Files.createFile(folder.resolve("empty"));
    assertThat(run("import", "none", empty.toString(), 1).err())
        .endsWith("empty: is empty, there is nothing to import\n");
    Path zipped = folder.resolve("note.txt.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write("a note".getBytes(UTF_8));
    }
    assertThat(run("import", "none", zipped.toString(), 1).err())
        .contains("note.txt.gz: is gzipped and holds no trace, unpack it first", "not valid JSON");
    Path cut = Files.writeString(folder.resolve("cut.json"), "{\"txns\": [{\"patches\": [[0,");
    assertThat(run("import", "none", cut.toString(), 1).err()).contains("cut.json: not valid JSON");
    CommandRun read = run("cat", "none");
    assertThat(read.out()).isEmpty();
    assertThat(read.err())
        .isEqualTo("weft: neither the relay nor this device has anything of none\n");
    CommandRun wrong = new CommandRun();
    assertThat(wrong.run("export", "none", "--format", "pdf")).isEqualTo(2);
    assertThat(wrong.err()).contains("'pdf'", "weft, text, trace");
  }

  /** The address of a port that is so low that nobody is given it. */
  private static String nowhere() {
    return "--relay=ws://127.0.0.1:1";
  }

  private byte[] bytesOf(String command, String document) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, UTF_8));
    try {
      CommandRun unused = run(command, document);
    } finally {
      System.setOut(before);
    }
    return bytes.toByteArray();
  }

  private CommandRun run(String command, String document, String... arguments) {
    return run(0, command, document, arguments);
  }

  private CommandRun run(String command, String document, String argument, int status) {
    return run(status, command, document, argument);
  }

  private CommandRun run(int status, String command, String document, String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = command;
    all[1] = document;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    all[all.length - 2] = "--relay=" + relay.uri();
    all[all.length - 1] = "--store=" + folder.resolve("store");
    CommandRun weft = new CommandRun();
    assertThat(weft.run(all)).as(weft.err()).isEqualTo(status);
    return weft;
  }
}
