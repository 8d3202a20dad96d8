package dev.weft.relay;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.ForwardingChangeStore;
import dev.weft.store.SqliteChangeStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whose changes are written when, flush by flush. */
class WriteBehindTest {
  @RegisterExtension final Silence silence = Silence.of(WriteBehind.class, StoreHealth.class);

  @TempDir Path directory;

  private final Deque<Runnable> writes = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();
  private ChangeStore store;

  @BeforeEach
  void openStore() {
    store = SqliteChangeStore.open(directory, new Random(1));
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void shouldWriteWhatOthersTypedHoweverManySavesThereAre() {
    WriteBehind writeBehind = new WriteBehind(store, writes::add, Unwatched.health());
    for (int i = 0; i < 200; i++) {
      writeBehind.submit(batch("saved" + i), true);
    }
    writeBehind.submit(batch("typed"), false);

    requireNonNull(writes.poll()).run();

    assertThat(told).contains("typed").contains("saved0").doesNotContain("saved199");
  }

  @Test
  void shouldFillFlushWithSavesWhenNothingElseWaits() {
    WriteBehind writeBehind = new WriteBehind(store, writes::add, Unwatched.health());
    for (int i = 0; i < 64; i++) {
      writeBehind.submit(batch("saved" + i), true);
    }

    requireNonNull(writes.poll()).run();

    assertThat(told).hasSize(64);
    assertThat(writes).isEmpty();
  }

  @Test
  void shouldTellOthersWhenOneCannotBeToldThatItsChangesWereRefused() throws Exception {
    ChangeStore refusing =
        new ForwardingChangeStore(store) {
          @Override
          public VersionVector append(
              DocumentId document, List<Change> changes, Durability durability) {
            if (document.value().equals("refused")) {
              throw new IllegalArgumentException("thrown by a test");
            }
            return super.append(document, changes, durability);
          }
        };
    WriteBehind writeBehind = new WriteBehind(refusing, writes::add, Unwatched.health());
    writeBehind.submit(batch("stored"), false);
    writeBehind.submit(batch("refused"), false);

    requireNonNull(writes.poll()).run();

    assertThat(told).contains("stored");
  }

  @Test
  void shouldTellThatTheStoreIsSlowWhileItTidiesUp() {
    List<Runnable> timers = new ArrayList<>();
    List<Boolean> available = new ArrayList<>();
    StoreHealth health =
        new StoreHealth(
            (delay, task) -> {
              timers.add(task);
              return () -> timers.remove(task);
            },
            System::nanoTime,
            Duration.ofSeconds(2),
            Duration.ofMillis(10),
            Unwatched.METRICS,
            state -> available.add(state.available()));
    ChangeStore hanging =
        new ForwardingChangeStore(store) {
          @Override
          public boolean compact() {
            List.copyOf(timers).forEach(Runnable::run);
            return super.compact();
          }
        };
    WriteBehind writeBehind = new WriteBehind(hanging, writes::add, health);
    writeBehind.submit(batch("notes"), false);

    requireNonNull(writes.poll()).run();

    assertThat(told).contains("notes");
    assertThat(available).containsExactly(false, true);
    assertThat(timers).isEmpty();
  }

  private WriteBehind.Batch batch(String document) {
    return new WriteBehind.Batch(
        new DocumentId(document),
        List.of(),
        null,
        new WriteBehind.Written() {
          @Override
          public void flushed(VersionVector version) {
            told.add(document);
          }

          @Override
          public void failed() {
            throw new AssertionError(document + " failed");
          }

          @Override
          public void refused(VersionVector held) {
            throw new IllegalStateException("thrown by a test");
          }
        });
  }
}
