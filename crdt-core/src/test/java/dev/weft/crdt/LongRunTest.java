package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What one author wrote in one go is told in pieces, and never by half a surrogate pair. */
class LongRunTest {
  private static final ReplicaId ADA = new ReplicaId(1);
  private static final String PAIR = "\ud83d\ude00";

  @Test
  void shouldTellALongRunInChangesOfBoundedSize() throws Exception {
    TextDocument ada = TextDocument.create(ADA);
    ada.insert(0, "x".repeat(200_001) + PAIR.repeat(100_000));
    ada.delete(7, 150_000);

    List<Change> changes = Change.parse(ada.changesSince(VersionVector.EMPTY));

    assertThat(changes).hasSizeGreaterThan(10);
    assertThat(changes).allSatisfy(change -> assertThat(change.sizeInBytes()).isLessThan(100_000));
    TextDocument bob = TextDocument.create(new ReplicaId(2));
    for (Change change : changes) {
      bob.apply(change.toBytes());
    }
    assertThat(bob.text()).isEqualTo(ada.text());
    assertThat(bob.version()).isEqualTo(ada.version());
  }

  @Test
  void shouldTellAPairWholeWhenAVectorPointsInsideIt() throws Exception {
    TextDocument ada = TextDocument.create(ADA);
    ada.insert(0, PAIR.repeat(600));
    ada.delete(0, 2);
    Change whole = Change.parse(ada.changesSince(VersionVector.EMPTY)).get(0);
    for (int next : new int[] {1, 3, 999}) {
      VersionVector inside = VersionVector.of(ADA, next);

      Change told = Change.parse(ada.changesSince(inside)).get(0);

      assertThat(told.start()).isEqualTo(next - 1);
      assertThat(whole.since(inside)).isEqualTo(told);
      TextDocument bob = TextDocument.create(new ReplicaId(2));
      bob.apply(ada.changesSince(VersionVector.EMPTY));
      bob.apply(told.toBytes());
      assertThat(bob.text()).isEqualTo(ada.text());
    }
  }
}
