package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a repaired database takes the place of a damaged one, whenever the process dies. */
class SetAsideTest {
  private static final String DATABASE = "weft.db";
  private static final String LOG = "weft.db-wal";

  private static StoreFixture closed;
  private static StoreFixture died;

  @TempDir static Path made;
  @TempDir Path directory;

  @BeforeAll
  static void make() throws IOException {
    closed = StoreFixture.closed(made.resolve("closed"));
    died = StoreFixture.died(made.resolve("died"));
  }

  @Test
  void shouldFinishOrUndoWhenItDiesBetweenTwoSteps() throws IOException {
    byte[] damaged = died.file(DATABASE);
    Arrays.fill(damaged, 0, 100, (byte) 0);
    List<String> steps = new ArrayList<>();
    died.copyTo(directory);
    Files.write(directory.resolve(DATABASE), damaged);
    RepairReport whole = StoreRepair.run(directory, steps::add);
    assertThat(steps)
        .containsExactly(
            "write",
            "sync",
            "name repaired",
            "break seal",
            "set aside weft.db-wal",
            "set aside weft.db",
            "put in place");

    for (String last : steps) {
      for (boolean byOpening : new boolean[] {false, true}) {
        StoreFixture.clear(directory);
        died.copyTo(directory);
        Files.write(directory.resolve(DATABASE), damaged);
        assertThatExceptionOfType(StoreException.class)
            .isThrownBy(
                () ->
                    StoreRepair.run(
                        directory,
                        step -> {
                          if (step.equals(last)) {
                            throw new IOException("died");
                          }
                        }));
        boolean begun = steps.indexOf(last) >= steps.indexOf("break seal");
        if (begun) {
          assertThatExceptionOfType(StoreDamagedException.class)
              .isThrownBy(() -> StoreCheck.run(directory))
              .withMessageContaining("was broken off");
        }
        if (byOpening && begun) {
          SqliteChangeStore.open(directory, new Random(3)).close();
        } else if (byOpening) {
          assertThatExceptionOfType(StoreDamagedException.class)
              .isThrownBy(() -> SqliteChangeStore.open(directory, new Random(3)));
          assertThat(directory.resolve(DATABASE)).hasBinaryContent(damaged);
          assertThat(directory.resolve(LOG)).hasBinaryContent(died.file(LOG));
        }
        RepairReport report = StoreRepair.run(directory);

        assertThat(report.documents()).as(last).hasSameSizeAs(whole.documents());
        assertThat(directory.resolve("weft.db.damaged-1")).hasBinaryContent(damaged);
        assertThat(directory.resolve("weft.db.damaged-1-wal")).hasBinaryContent(died.file(LOG));
        assertThat(StoreFixture.filesOf(directory).keySet())
            .containsOnly(
                DATABASE,
                "weft.db.damaged-1",
                "weft.db.damaged-1-wal",
                byOpening && begun ? "weft.seal" : DATABASE);
        died.assertSound(directory, 0);
      }
    }
  }

  @Test
  void shouldRefuseToBeginAnewWhenDatabaseIsGone() throws IOException {
    closed.copyTo(directory);
    Files.move(directory.resolve(DATABASE), directory.resolve("weft.db.damaged-4"));
    Files.delete(directory.resolve("weft.seal"));

    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> SqliteChangeStore.open(directory, new Random()))
        .withMessageContaining("though there was a store here")
        .withMessageContaining("run `weft store repair " + directory.toRealPath() + "`");
    assertThat(directory.resolve(DATABASE)).doesNotExist();
    assertThat(StoreCheck.run(directory).isSound()).isFalse();
    Files.createFile(directory.resolve(DATABASE));
    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> SqliteChangeStore.open(directory, new Random()));
    Files.delete(directory.resolve(DATABASE));

    assertThat(StoreRepair.run(directory).setAside())
        .isEqualTo(directory.toRealPath().resolve("weft.db.damaged-4"));
    assertThat(directory.resolve("weft.db.damaged-4")).hasBinaryContent(closed.file(DATABASE));
    closed.assertSound(directory, 0);
  }

  @Test
  void shouldTakeWhatWasSetAsideWhenDatabaseIsEmpty() throws IOException {
    closed.copyTo(directory);
    Files.move(directory.resolve(DATABASE), directory.resolve("weft.db.damaged-1"));
    Files.createFile(directory.resolve(DATABASE));

    assertThat(StoreRepair.run(directory).setAside()).hasFileName("weft.db.damaged-2");

    assertThat(directory.resolve("weft.db.damaged-1")).hasBinaryContent(closed.file(DATABASE));
    closed.assertSound(directory, 0);
  }

  @Test
  void shouldRefuseToBeginAnewWhenDatabaseIsEmptyBesideItsSeal() throws IOException {
    closed.copyTo(directory);
    Files.write(directory.resolve(DATABASE), new byte[0]);

    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> SqliteChangeStore.open(directory, new Random()));
    assertThat(directory.resolve("weft.seal")).exists();

    assertThat(StoreRepair.run(directory).documents()).isEmpty();
    assertThat(directory.resolve("weft.db.damaged-1")).isEmptyFile();
    SqliteChangeStore.open(directory, new Random()).close();
  }

  @Test
  void shouldNumberDamagedDatabasesWhenThereAreSeveral() throws IOException {
    for (int number = 1; number <= 3; number++) {
      closed.copyTo(directory);
      byte[] damaged = closed.file(DATABASE);
      damaged[number] ^= 1;
      Files.write(directory.resolve(DATABASE), damaged);
      Path setAside = StoreRepair.run(directory).setAside();
      assertThat(setAside).hasFileName("weft.db.damaged-" + number).hasBinaryContent(damaged);
    }
  }
}
