package dev.weft.lab.day;

import dev.weft.client.FaultyProxy;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One who types, with a device: a store, a link, and a process at a time. Confined to a thread. */
final class Person implements AutoCloseable {
  private static final Duration OPEN_WITHIN = Duration.ofSeconds(60);
  private static final Duration ENDED_WITHIN = Duration.ofSeconds(30);

  private final String name;
  private final DocumentId document;
  private final Path store;
  private final Path directory;
  private final FaultyProxy link;
  private final long seed;
  private final List<ClientRun> runs = new ArrayList<>();
  private @Nullable DayProcess process;

  /**
   * Creates somebody, whose client does not run.
   *
   * @param directory for what is not on the device's disk
   */
  Person(
      String name, DocumentId document, Path store, Path directory, FaultyProxy link, long seed) {
    this.name = name;
    this.document = document;
    this.store = store;
    this.directory = directory;
    this.link = link;
    this.seed = seed;
  }

  String name() {
    return name;
  }

  DocumentId document() {
    return document;
  }

  FaultyProxy link() {
    return link;
  }

  Path store() {
    return store;
  }

  List<ClientRun> runs() {
    return runs;
  }

  ClientRun lastRun() {
    return runs.get(runs.size() - 1);
  }

  /** Starts the client on the store; returns when it shows its text. */
  void start() throws IOException {
    ClientRun run = new ClientRun();
    runs.add(run);
    process =
        DayProcess.start(
            name,
            Typist.class,
            directory.resolve(name + ".log"),
            line -> {
              keep(line);
              Line.parse(line).ifPresent(run::add);
            },
            List.of(
                link.uri().toString(),
                store.toString(),
                document.value(),
                Long.toString(seed + runs.size())));
    long unused = DayProcess.await(run.opened, OPEN_WITHIN, name + " opens the text");
  }

  /** What it reports is kept as well, for who has to find out what happened. */
  private void keep(String line) {
    try {
      Files.writeString(
          directory.resolve(name + ".jsonl"),
          line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DayProcess running() {
    DayProcess running = process;
    if (running == null) {
      throw new IllegalStateException(name + " has not been started");
    }
    return running;
  }

  void freeze(boolean frozen) throws IOException, InterruptedException {
    running().freeze(frozen);
  }

  /** Kills the client, and looks what its store holds: in a copy, so that nothing is touched. */
  void kill() throws IOException, InterruptedException {
    ClientRun run = lastRun();
    if (!running().isAlive()) {
      throw new IOException(name + "'s client has ended by itself");
    }
    run.endedMicros = Line.nowMicros();
    run.killed = true;
    running().kill();
    Path copy = Files.createTempDirectory(directory, "copy");
    copy(store, copy);
    try (SqliteChangeStore left = SqliteChangeStore.open(copy, new SecureRandom())) {
      run.held = run.held.merge(left.version(document));
    }
    delete(copy);
  }

  /** Has the person save and type no more. */
  void rest() {
    running().tell("rest");
  }

  /** Asks what is shown. */
  CompletableFuture<Line> tell() {
    CompletableFuture<Line> answer = lastRun().ask();
    running().tell("tell");
    return answer;
  }

  /** Closes the client in good order. */
  void end() throws IOException, InterruptedException {
    ClientRun run = lastRun();
    run.endedMicros = Line.nowMicros();
    running().tell("end");
    OptionalInt status = running().awaitEnd(ENDED_WITHIN);
    if (status.isEmpty() || status.getAsInt() != 0) {
      throw new IOException(name + "'s client ended so: " + status);
    }
  }

  /** Returns what all its stores were known to hold at any time. */
  VersionVector held() {
    return runs.stream().map(run -> run.held).reduce(VersionVector.EMPTY, VersionVector::merge);
  }

  @Override
  public void close() {
    DayProcess.killQuietly(process);
    link.close();
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }
}
