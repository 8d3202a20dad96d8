package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay that dies after it has kept a save and before it has said so. */
class SaveThroughCrashTest {
  private static final DocumentId NOTES = new DocumentId("notes");

  /** A port at which nobody listens: the first reserved one. */
  private static final String UNREACHABLE = "ws://127.0.0.1:1";

  @TempDir private Path directory;

  @Test
  void shouldHaveOneEffectAndAReceiptWhenTheRelayDiesBetweenCommitAndAcknowledgement()
      throws Exception {
    Path data = directory.resolve("relay");
    CommandRun weft = new CommandRun();
    CompletableFuture<Integer> insert;
    int port;
    try (RelayProcess dying = RelayProcess.start(DyingRelay.class, data.toString())) {
      port = dying.port();
      insert =
          CompletableFuture.supplyAsync(
              () ->
                  weft.run(
                      "insert",
                      NOTES.value(),
                      "0",
                      "exactly once",
                      "--save",
                      "--relay",
                      dying.uri(),
                      "--store",
                      directory.resolve("ann").toString()));
      assertThat(dying.exitStatus()).isEqualTo(DyingRelay.EXIT_STATUS);
    }
    try (SqliteChangeStore store = SqliteChangeStore.open(data, new SecureRandom())) {
      assertThat(store.version(NOTES).size()).as("committed").isOne();
    }
    assertThat(insert).as("not acknowledged").isNotDone();

    try (RelayProcess relay = RelayProcess.start(data, port)) {
      assertThat(insert.get(60, TimeUnit.SECONDS)).as(weft::err).isZero();
      assertThat(weft.out())
          .matches("saved notes: receipt \\S+, FSYNCED, version [0-9a-f]{16}:12\n");

      CommandRun reader = new CommandRun();
      assertThat(
              reader.run(
                  "cat",
                  NOTES.value(),
                  "--relay",
                  relay.uri(),
                  "--store",
                  directory.resolve("bob").toString()))
          .isZero();
      assertThat(reader.out()).isEqualTo("exactly once");
      assertThat(weft.run("outbox", "--store", directory.resolve("ann").toString())).isZero();
      assertThat(weft.out()).endsWith("nothing waits for a relay\n");
    }
  }

  @Test
  void shouldPrintTheReceiptOfAnEarlierCommandsSave() throws Exception {
    String store = directory.resolve("ann").toString();
    CommandRun offline = new CommandRun();
    for (String document : new String[] {"notes", "poem"}) {
      assertThat(
              offline.run(
                  "insert", document, "0", "x", "--save", "--relay", UNREACHABLE, "--store", store))
          .isOne();
    }
    assertThat(offline.out()).isEmpty();

    try (RelayProcess relay = RelayProcess.start(directory.resolve("relay"))) {
      CommandRun weft = new CommandRun();
      assertThat(weft.run("insert", "poem", "1", "y", "--relay", relay.uri(), "--store", store))
          .as(weft::err)
          .isZero();

      assertThat(weft.out().lines())
          .satisfiesExactlyInAnyOrder(
              line -> assertThat(line).matches("saved poem: receipt .*, as asked for earlier"),
              line -> assertThat(line).matches("saved notes: receipt .*, as asked for earlier"));
    }
  }
}
