package dev.weft.bench.wire;

import dev.weft.bench.ChildProcess;
import dev.weft.bench.RelayProcess;
import dev.weft.bench.ScratchDirectory;
import dev.weft.bench.peers.NodePeers;
import dev.weft.cli.trace.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has the beginning of a trace typed through one library's server, which, as its clients, has a
 * process of its own, and counts what goes over the wire. Not thread-safe.
 */
final class WireRun {
  /** How long is waited for what follows the handshake, or the last keystroke. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private final Script script;
  private final String trace;
  private final Path prepared;
  private final int edits;
  private final @Nullable NodePeers node;

  /**
   * Prepares.
   *
   * @param trace the name of the script's trace
   * @param prepared the script as Node reads it
   * @param edits how many of it are typed
   * @param node what runs the libraries from npm; null if none is measured
   */
  WireRun(Script script, String trace, Path prepared, int edits, @Nullable NodePeers node) {
    this.script = script;
    this.trace = trace;
    this.prepared = prepared;
    this.edits = edits;
    this.node = node;
  }

  /**
   * What went over the wire while it was typed.
   *
   * @param authorToServer what the author sent
   * @param serverToAuthor what the author was sent
   * @param serverToReader what the reader was sent
   * @param readerToServer what the reader sent
   * @param opening how many bytes went over both connections before
   */
  record Result(
      Traffic authorToServer,
      Traffic serverToAuthor,
      Traffic serverToReader,
      Traffic readerToServer,
      long opening) {}

  Result measure(WireLibrary library, WireCase how) throws IOException {
    if (library == WireLibrary.WEFT) {
      try (ScratchDirectory directory =
              new ScratchDirectory(Path.of(System.getProperty("java.io.tmpdir")));
          RelayProcess relay = RelayProcess.start(directory.path())) {
        return measure(library, how, relay.uri().getPort());
      }
    }
    try (ChildProcess server =
        ChildProcess.start(
            library.title(), requireNode().command("wire-server.mjs", List.of(library.script())))) {
      return measure(library, how, Integer.parseInt(server.readLine()));
    }
  }

  private Result measure(WireLibrary library, WireCase how, int serverPort) throws IOException {
    try (CountingProxy author = new CountingProxy(serverPort, how.delay());
        CountingProxy reader = new CountingProxy(serverPort, how.delay());
        ChildProcess clients = clients(library, how, author.port(), reader.port())) {
      clients.readLine();
      settle();
      Result before = read(author, reader);
      clients.writeLine("go");
      String written = clients.readLine();
      String read = clients.readLine();
      settle();
      Result after = read(author, reader);
      requireText(library, written);
      requireText(library, read);
      return new Result(
          after.authorToServer.since(before.authorToServer),
          after.serverToAuthor.since(before.serverToAuthor),
          after.serverToReader.since(before.serverToReader),
          after.readerToServer.since(before.readerToServer),
          before.opening);
    }
  }

  private ChildProcess clients(WireLibrary library, WireCase how, int authorPort, int readerPort)
      throws IOException {
    String edit = Integer.toString(edits);
    String pace = Integer.toString(how.keystrokesPerSecond());
    String author = Integer.toString(authorPort);
    String reader = Integer.toString(readerPort);
    if (library == WireLibrary.WEFT) {
      return ChildProcess.startJvm(
          WireClients.class, List.of(), List.of(trace, edit, pace, author, reader));
    }
    long flush = library == WireLibrary.HOCUSPOCUS_BATCHING ? how.delay().toMillis() : 0;
    return ChildProcess.start(
        library.title(),
        requireNode()
            .command(
                "wire.mjs",
                List.of(
                    library.script(),
                    Long.toString(flush),
                    prepared.toString(),
                    edit,
                    pace,
                    author,
                    reader)));
  }

  private NodePeers requireNode() {
    if (node == null) {
      throw new AssertionError("Node is there where it is needed");
    }
    return node;
  }

  private static Result read(CountingProxy author, CountingProxy reader) {
    return new Result(
        author.toServer(),
        author.toClient(),
        reader.toClient(),
        reader.toServer(),
        author.toServer().total()
            + author.toClient().total()
            + reader.toServer().total()
            + reader.toClient().total());
  }

  private void requireText(WireLibrary library, String digest) throws IOException {
    if (!digest.equals(Digest.of(expected()))) {
      throw new IOException(library.title() + ": the text is not the trace's after " + edits);
    }
  }

  /** Returns the text after the edits that are typed. */
  private String expected() {
    StringBuilder text = new StringBuilder(script.trace().startContent());
    for (int edit = 0; edit < edits; edit++) {
      text.replace(script.start(edit), script.end(edit), script.inserted(edit));
    }
    return text.toString();
  }

  private static void settle() {
    try {
      TimeUnit.MILLISECONDS.sleep(SETTLE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
