package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process owns a store, and who it is can be told. */
class StoreLockTest {
  @TempDir Path temp;

  @Test
  void shouldNameThisProcessWhenItHasStoreOpenAlready() throws Exception {
    Path directory = temp.resolve("store");
    Path other = Files.createSymbolicLink(temp.resolve("link"), directory);
    long pid = ProcessHandle.current().pid();
    try (SqliteChangeStore store = open(directory)) {
      for (Path path : new Path[] {directory, other}) {
        assertThatExceptionOfType(StoreLockedException.class)
            .isThrownBy(() -> open(path))
            .withMessage(
                "the store in "
                    + directory.toRealPath()
                    + " is in use by this process itself (pid "
                    + pid
                    + "); close it there first, or use another directory")
            .satisfies(e -> assertThat(e.holderPid()).hasValue(pid));
      }
      // The attempts have not taken the lock away from its holder.
      assertHeldFor(directory, pid);
      store.append(new DocumentId("notes"), new Author(1).type("abc"), Durability.FSYNCED);
    }
    open(directory).close();
  }

  @Test
  void shouldNameOtherProcessUntilItIsKilled() throws Exception {
    Path directory = temp.resolve("store");
    try (ChildProcess holder = ChildProcess.start(Holder.class, directory.toString())) {
      assertThat(holder.readLine()).hasValue("open");
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatExceptionOfType(StoreLockedException.class)
            .isThrownBy(() -> open(directory))
            .withMessageContaining("is in use by process " + holder.pid() + " (started 2")
            .satisfies(e -> assertThat(e.holderPid()).hasValue(holder.pid()));
      }
      holder.kill();
      open(directory).close();
    }
  }

  @Test
  void shouldBeFreeWhenOpeningHasFailed() throws Exception {
    Path directory = Files.createDirectory(temp.resolve("store"));
    Path file = Files.writeString(directory.resolve("weft.db"), "not a database");
    assertThatExceptionOfType(StoreDamagedException.class).isThrownBy(() -> open(directory));
    assertThatExceptionOfType(StoreDamagedException.class).isThrownBy(() -> open(directory));

    Files.delete(file);
    open(directory).close();
  }

  /** Another process sees the lock. */
  private static void assertHeldFor(Path directory, long pid) throws Exception {
    try (ChildProcess other = ChildProcess.start(Holder.class, directory.toString())) {
      assertThat(other.readLine()).hasValue("locked by " + pid);
    }
  }

  private static SqliteChangeStore open(Path directory) {
    return SqliteChangeStore.open(directory, new Random());
  }

  /** Opens a store and holds it until it is killed, or says who holds it. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws InterruptedException {
      SqliteChangeStore store;
      try {
        store = open(Path.of(arguments[0]));
      } catch (StoreLockedException e) {
        System.out.println("locked by " + e.holderPid().orElse(-1));
        return;
      }
      System.out.println("open");
      Thread.currentThread().join();
      store.close();
    }
  }
}
