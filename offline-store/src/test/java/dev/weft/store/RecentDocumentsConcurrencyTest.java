package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.VersionVector;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whoever looks up documents while others are remembered is told of that document or of none.
 *
 * <p>Found when broken: with {@code get} not synchronized, which changes the order of use, an
 * exception, an endless search, or more remembered than there is room for.
 */
class RecentDocumentsConcurrencyTest {
  private static final int ROUNDS = 200_000;
  private static final int CAPACITY = 8;
  private static final int DOCUMENTS = 2 * CAPACITY;

  @Test
  void shouldTellOfThatDocumentOrNone() {
    RecentDocuments recent = new RecentDocuments(CAPACITY);
    Together.run(() -> use(recent, 1), () -> use(recent, 2), () -> use(recent, 3));

    long remembered = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      remembered += find(recent, i) == null ? 0 : 1;
    }
    assertThat(remembered).isEqualTo(CAPACITY);
  }

  private static void use(RecentDocuments recent, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < ROUNDS; i++) {
      int number = random.nextInt(DOCUMENTS);
      RecentDocuments.Entry found = find(recent, number);
      if (found == null) {
        recent.put(id(number), new RecentDocuments.Entry(number, VersionVector.EMPTY));
      } else if (found.row() != number) {
        throw new AssertionError("asked for " + number + ", told of " + found.row());
      }
    }
    // So that it is full in the end.
    for (int i = 0; i < DOCUMENTS; i++) {
      recent.put(id(i), new RecentDocuments.Entry(i, VersionVector.EMPTY));
    }
  }

  private static RecentDocuments.@Nullable Entry find(RecentDocuments recent, int number) {
    return recent.get(id(number));
  }

  private static DocumentId id(int number) {
    return new DocumentId("document-" + number);
  }
}
