package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.client.SyncStatus.Degradation;
import dev.weft.store.ChildProcess;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import dev.weft.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Types on a real disk of sixteen megabytes until it is full, makes room, and then makes it
 * read-only. The disk is mounted where only the processes of the test see it, which takes no
 * privileges where the system lets a user have name spaces of their own.
 */
class FullDiskTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final String LINE =
      "a line of sixty-four characters, which is longer than it is wide\n";

  @TempDir Path disk;

  @Test
  void shouldGoOnWhenDiskIsFullAndRecoverWhenItIsNot() throws Exception {
    String script =
        "mount -t tmpfs -o size=16m tmpfs '"
            + disk
            + "' && \"$@\" full && mount -o remount,ro '"
            + disk
            + "' && \"$@\" read-only";
    List<String> apart = new ArrayList<>(List.of("unshare", "--mount"));
    if (!System.getProperty("user.name").equals("root")) {
      apart.add("--map-root-user");
    }
    assumeTrue(
        works(apart, "mount -t tmpfs -o size=16m tmpfs '" + disk + "'"),
        "a small disk can be mounted here");
    apart.addAll(List.of("sh", "-c", script, "sh"));

    List<String> lines = new ArrayList<>();
    try (ChildProcess typist = ChildProcess.start(apart, Typist.class, disk.toString())) {
      Optional<String> line = typist.readLine();
      while (line.isPresent()) {
        lines.add(line.get());
        line = typist.readLine();
      }
    }
    assertThat(lines).containsExactly("full", "recovered", "reopened", "read-only");
  }

  private static boolean works(List<String> apart, String script) throws Exception {
    List<String> command = new ArrayList<>(apart);
    command.addAll(List.of("sh", "-c", script));
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs on the small disk, and fails as a test does. */
  static final class Typist {
    private Typist() {}

    public static void main(String[] arguments) throws Exception {
      Path disk = Path.of(arguments[0]);
      if (arguments[1].equals("full")) {
        fill(disk);
      } else {
        openReadOnly(disk);
      }
    }

    private static void fill(Path disk) throws Exception {
      Path filler = Files.write(disk.resolve("filler"), new byte[8 << 20]);
      Path directory = disk.resolve("store");
      String written;
      try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1));
          WeftClient client = WeftClient.builder().store(store).build();
          SharedText text = client.open(NOTES)) {
        while (!isFailing(text)) {
          text.insert(text.length(), LINE.repeat(500));
          // Not faster than the store writes: what it lacks when the disk is full, and then its
          // copy in the log too, must find room where the filler was.
          Await.until(
              () -> isFailing(text) || text.status().unstoredChanges() == 0, text::toString);
        }
        SyncStatus status = text.status();
        assertThat(status.storeProblem()).contains("the disk is full; nothing stored is lost");
        assertThat(status.unstoredChanges()).isPositive();
        text.insert(0, "typed while the disk is full\n");
        assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(() -> text.save().get())
            .withMessageContaining("the disk is full");
        System.out.println("full");

        Files.delete(filler);
        Await.until(() -> !isFailing(text) && text.status().unstoredChanges() == 0, text::toString);
        assertThat(text.save().get().guarantee()).isEqualTo(Guarantee.DEVICE);
        written = text.text();
        System.out.println("recovered");
      }
      try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(2));
          WeftClient client = WeftClient.builder().store(store).build();
          SharedText text = client.open(NOTES)) {
        assertThat(text.text()).isEqualTo(written);
      }
      System.out.println("reopened");
    }

    private static boolean isFailing(SharedText text) {
      return text.status().degradations().contains(Degradation.STORE_UNAVAILABLE);
    }

    private static void openReadOnly(Path disk) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> SqliteChangeStore.open(disk.resolve("store"), new Random(3)))
          .withMessageContaining("cannot be written");
      System.out.println("read-only");
    }
  }
}
