package dev.weft.bench.latency;

import dev.weft.bench.ForgetfulStore;
import dev.weft.bench.ScratchDirectory;
import dev.weft.crdt.ReplicaId;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.WorkspaceStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Clients, each with a connection of its own, in groups around documents: two write and two read.
 * One client alone writes to a reader beside it, and there both have a store on disk; of more, each
 * has one that keeps nothing, since so many disks are not in one machine. Confined to one thread.
 */
final class Crowd implements AutoCloseable {
  static final int GROUP_SIZE = 4;
  static final int WRITERS = 2;
  private static final Duration CONNECT_WITHIN = Duration.ofMinutes(2);

  /** How many are closed at the same time; each waits for its connection to end. */
  private static final int CLOSED_AT_ONCE = 16;

  private final URI relay;
  private final Path disk;
  private final SecureRandom random = new SecureRandom();
  private final List<Group> groups = new ArrayList<>();
  private final List<Participant> participants = new ArrayList<>();
  private final List<ScratchDirectory> directories = new ArrayList<>();

  private Crowd(URI relay, Path disk) {
    this.relay = relay;
    this.disk = disk;
  }

  /**
   * Connects clients to a relay, and returns when all have what is there before anybody types.
   *
   * @param name begins the names of the documents
   * @param disk where a client alone and its reader have their stores
   * @param latencies tells by a document's number where its times are noted
   */
  static Crowd connect(
      URI relay, String name, int clients, Path disk, IntFunction<Latencies> latencies)
      throws IOException {
    Crowd crowd = new Crowd(relay, disk);
    try {
      if (clients == 1) {
        crowd.add(document(name, 0), 2, 1, latencies.apply(0));
      } else {
        for (int number = 0; number < clients / GROUP_SIZE; number++) {
          crowd.add(document(name, number), GROUP_SIZE, WRITERS, latencies.apply(number));
        }
      }
      crowd.awaitPages();
      return crowd;
    } catch (IOException | RuntimeException e) {
      crowd.close();
      throw e;
    }
  }

  /** Returns the id of a document. */
  static DocumentId document(String name, int number) {
    return new DocumentId(name + "-" + number);
  }

  private void add(DocumentId document, int size, int writers, Latencies latencies)
      throws IOException {
    List<Participant> members = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Participant member = new Participant(relay, document, store(writers == 1), random.nextLong());
      participants.add(member);
      members.add(member);
    }
    groups.add(new Group(members, writers, latencies));
  }

  private WorkspaceStore store(boolean onDisk) throws IOException {
    if (!onDisk) {
      return new ForgetfulStore(ReplicaId.random(random));
    }
    ScratchDirectory directory = new ScratchDirectory(disk);
    directories.add(directory);
    return SqliteChangeStore.open(directory.path(), random);
  }

  private void awaitPages() throws IOException {
    groups.forEach(Group::writePage);
    if (!Waiting.until(CONNECT_WITHIN, () -> groups.stream().allMatch(Group::hasPage))) {
      long missing = groups.stream().filter(group -> !group.hasPage()).count();
      throw new IOException(
          missing
              + " of "
              + groups.size()
              + " documents have not reached all their clients within "
              + CONNECT_WITHIN.toSeconds()
              + " s: "
              + participants.get(0).text());
    }
  }

  List<Group> groups() {
    return groups;
  }

  /** Returns how many write. */
  int writers() {
    return groups.stream().mapToInt(Group::writerCount).sum();
  }

  /** Returns how many keystrokes readers have not seen, and saves have no receipt. */
  int missing() {
    return groups.stream().mapToInt(Group::missing).sum();
  }

  @Override
  public void close() throws IOException {
    ExecutorService closing = Executors.newFixedThreadPool(CLOSED_AT_ONCE);
    participants.forEach(participant -> closing.execute(participant::close));
    closing.shutdown();
    try {
      if (!closing.awaitTermination(CONNECT_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("the clients did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (ScratchDirectory directory : directories) {
      directory.close();
    }
  }
}
