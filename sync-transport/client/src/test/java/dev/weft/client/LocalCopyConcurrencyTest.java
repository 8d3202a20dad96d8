package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.store.Together;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Whoever types, and whoever takes out what was typed, meanwhile: every edit is announced before
 * somebody would have to look for it, and taken out once.
 *
 * <p>Found when broken: with {@code announced} cleared after changes were taken out and the lock
 * was left, edits that nobody hears of; without the lock in {@code insert}, exceptions and edits
 * that are lost.
 */
class LocalCopyConcurrencyTest {
  private static final int ROUNDS = 5_000;
  private static final int TYPISTS = 2;

  @Test
  void shouldAnnounceEveryEditThatIsNotTakenOut() {
    Semaphore announced = new Semaphore(0);
    LocalCopy copy =
        new LocalCopy(
            TextDocument.create(new ReplicaId(1)), VersionVector.EMPTY, announced::release);
    TextDocument reader = TextDocument.create(new ReplicaId(2));
    // After each round all is quiet: an edit that was not announced then is not hidden by the next.
    CyclicBarrier round = new CyclicBarrier(TYPISTS + 1);
    Together.run(
        () -> type(copy, "a", round),
        () -> type(copy, "bc", round),
        () -> {
          for (int i = 1; i <= ROUNDS; i++) {
            round.await(10, TimeUnit.SECONDS);
            while (reader.length() < 3 * i) {
              assertThat(announced.tryAcquire(5, TimeUnit.SECONDS)).as("announced").isTrue();
              LocalCopy.Changes changes = copy.changesSince(reader.version());
              if (changes != null) {
                assertThat(reader.apply(changes.update().bytes()).isComplete()).isTrue();
                assertThat(reader.version()).isEqualTo(changes.version());
              }
            }
          }
        });

    assertThat(reader.text()).isEqualTo(copy.read(TextDocument::text));
  }

  private static void type(LocalCopy copy, String text, CyclicBarrier round) throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      round.await(10, TimeUnit.SECONDS);
      text.chars().forEach(each -> copy.insert(0, String.valueOf((char) each)));
    }
  }
}
