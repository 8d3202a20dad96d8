package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.PendingSave;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.WorkspaceStore;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft log}, {@code weft outbox} and {@code weft dead-letters}. */
class StoreCommandsTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final DocumentId POEM = new DocumentId("poem");

  @TempDir private Path folder;

  @Test
  void shouldSayThatThereIsNoStore() {
    for (String[] command :
        List.of(
            new String[] {"log", "notes"},
            new String[] {"outbox"},
            new String[] {"dead-letters"})) {
      CommandRun run = run(1, command);
      assertThat(run.err()).isEqualTo("weft: there is no store in " + store() + " yet\n");
      assertThat(run.out()).isEmpty();
    }
  }

  @Test
  void shouldShowWhatTheStoreHolds() throws Exception {
    ReplicaId own;
    try (WorkspaceStore store = SqliteChangeStore.open(store(), new Random(1))) {
      own = store.replicaId(NOTES);
      TextDocument ann = TextDocument.create(own);
      TextDocument ben = TextDocument.create(new ReplicaId(0xbe));
      ben.insert(0, "read ");
      ann.merge(ben);
      ann.insert(5, "and ");
      ann.insert(9, "write");
      store.append(NOTES, Change.parse(ann.changesSince(VersionVector.EMPTY)), Durability.WRITTEN);
      store.advanceRelayDurable(NOTES, ben.version());
      store.putPendingSave(NOTES, new PendingSave("save-1", ann.version()));
    }

    assertThat(run(0, "log", "notes").out())
        .matches(
            "00000000000000be 0\\.\\.5  \\d+ bytes  of another, at the relay\n"
                + own
                + " 0\\.\\.9  \\d+ bytes  of this device\n"
                + "version .+\n");
    assertThat(run(1, "log", "other").err())
        .isEqualTo("weft: the store holds nothing of document other\n");
    assertThat(run(0, "outbox").out())
        .matches("notes: 9 changes of \\d+ bytes wait, and save save-1\n");
    assertThat(run(0, "dead-letters").out()).isEqualTo("there are no dead letters\n");

    try (WorkspaceStore store = SqliteChangeStore.open(store(), new Random(2))) {
      store.advanceRelayDurable(NOTES, store.version(NOTES));
      store.removePendingSave(NOTES, "save-1");
    }
    assertThat(run(0, "outbox").out()).isEqualTo("nothing waits for a relay\n");
  }

  @Test
  void shouldListExportRetryAndDiscardDeadLetters() throws Exception {
    List<Change> refused;
    try (WorkspaceStore store = SqliteChangeStore.open(store(), new Random(1))) {
      TextDocument ann = TextDocument.create(store.replicaId(POEM));
      ann.insert(0, "kept, ");
      store.append(POEM, Change.parse(ann.ownChangesSince(0)), Durability.WRITTEN);
      ann.insert(6, "refused");
      refused = Change.parse(ann.ownChangesSince(6));
      store.append(POEM, refused, Durability.WRITTEN);
      Instant when = Instant.parse("2001-02-03T04:05:06.789Z");
      store.putDeadLetter(POEM, "too-large", "No.\u001b[31m\nReally.", when, refused);
      ann.insert(13, " on");
      store.append(POEM, Change.parse(ann.ownChangesSince(13)), Durability.WRITTEN);
    }

    assertThat(run(0, "dead-letters").out())
        .isEqualTo(
            "1  poem  7 changes, refused 2001-02-03T04:05:06.789Z (by this machine's clock):"
                + " too-large: No.\ufffd[31m\ufffdReally.\n");
    assertThat(run(0, "outbox").out())
        .matches("poem: 16 changes of \\d+ bytes wait; held back by dead letter 1\n");

    Path file = folder.resolve("letter.weft");
    assertThat(run(0, "dead-letters", "export", "1", file.toString()).out())
        .isEqualTo("wrote dead letter 1 of document poem to " + file + "\n");
    assertThat(Change.parse(Files.readAllBytes(file))).isEqualTo(refused);
    assertThat(run(1, "dead-letters", "export", "1", file.toString()).err())
        .isEqualTo("weft: " + file + " exists already; name a new file\n");
    assertThat(run(1, "dead-letters", "retry", "7").err())
        .isEqualTo("weft: there is no dead letter 7; `weft dead-letters` lists them\n");
    assertThat(run(2, "dead-letters", "discard").err()).contains("NUMBER");

    assertThat(run(0, "dead-letters", "discard", "1").out())
        .isEqualTo("discarded dead letter 1: 10 changes taken out of document poem\n");
    assertThat(run(0, "outbox").out()).startsWith("poem: 6 changes ");
    assertThat(run(0, "cat", "poem", "--relay", nobody()).out()).isEqualTo("kept, ");

    try (WorkspaceStore store = SqliteChangeStore.open(store(), new Random(2))) {
      store.putDeadLetter(POEM, "read-only", "You may only read.", Instant.EPOCH, refused);
    }
    assertThat(run(0, "dead-letters", "retry", "2").out())
        .isEqualTo(
            "dead letter 2 is in the outbox again; the next command that connects delivers document"
                + " poem\n");
    assertThat(run(0, "dead-letters").out()).isEqualTo("there are no dead letters\n");
  }

  @Test
  void shouldSayThatTheEditIsLostWhenTheStoreIsDeletedMeanwhile() throws Exception {
    assertThat(run(0, "insert", "notes", "0", "x", "--relay", nobody()).out()).startsWith("queued");
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<CommandRun> editing =
          CompletableFuture.supplyAsync(
              () ->
                  run(
                      1,
                      "insert",
                      "notes",
                      "0",
                      "typed",
                      "--relay",
                      "ws://127.0.0.1:" + mute.getLocalPort()));
      try (Socket connected = mute.accept()) {
        // The command waits for a relay that says nothing.
        assertThat(connected.isConnected()).isTrue();
        Files.move(store(), folder.resolve("gone"));
        assertThat(editing.get(60, TimeUnit.SECONDS).err())
            .contains("weft: the edit is lost, for this device could not keep it: the store ")
            .contains("was deleted, moved or replaced while it was open");
        assertThat(editing.get().out()).doesNotContain("nothing is lost");
      }
    }
  }

  private CommandRun run(int status, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--store", store().toString()));
    CommandRun run = new CommandRun();
    int ended = run.run(all.toArray(String[]::new));
    assertThat(ended).as(run.out() + run.err()).isEqualTo(status);
    return run;
  }

  private Path store() {
    return folder.resolve("store");
  }

  /** The address of a port that is so low that nobody is given it. */
  private static String nobody() {
    return "ws://127.0.0.1:1";
  }
}
