package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import org.junit.jupiter.api.Test;

/** When an edit wakes whoever stores and sends, and when it is refused. */
class LocalCopyTest {
  private int announcements;
  private int refusals;
  private final LocalCopy copy =
      new LocalCopy(
          TextDocument.create(new ReplicaId(1)), VersionVector.EMPTY, () -> announcements++);

  @Test
  void shouldAnnounceOnceUntilChangesAreTakenOut() {
    copy.insert(0, "a");
    copy.insert(1, "b");
    assertThat(announcements).isEqualTo(1);

    assertThat(copy.changesSince(VersionVector.EMPTY)).isNotNull();
    copy.delete(0, 1);
    assertThat(announcements).isEqualTo(2);
  }

  @Test
  void shouldAnnounceNothingWhileItIsWatched() {
    copy.watch();
    copy.insert(0, "a");
    assertThat(announcements).isZero();
    assertThat(copy.unwatchIfIdle(VersionVector.EMPTY)).as("there is an edit").isFalse();
    copy.replace(0, 1, "b");
    assertThat(announcements).isZero();

    assertThat(copy.unwatchIfIdle(copy.version())).isTrue();
    copy.insert(0, "c");
    assertThat(announcements).isEqualTo(1);
  }

  @Test
  void shouldAnnounceAgainWhenItIsWatchedNoMore() {
    copy.insert(0, "a");
    copy.watch();
    copy.unwatch();
    copy.insert(0, "b");
    assertThat(announcements).isEqualTo(2);
  }

  @Test
  void shouldAnnounceOutsideOfTheLock() {
    LocalCopy[] announced = new LocalCopy[1];
    boolean[] locked = new boolean[1];
    announced[0] =
        new LocalCopy(
            TextDocument.create(new ReplicaId(1)),
            VersionVector.EMPTY,
            () -> locked[0] = announced[0].isLockedByCaller());
    announced[0].edit(document -> document.insert(0, "a"));
    assertThat(locked[0]).isFalse();
    assertThat(announced[0].version().isEmpty()).isFalse();
  }

  @Test
  void shouldCountOnlyWhatIsInTheTextAgainstTheLimit() {
    copy.insert(0, "abc");
    copy.limit(5, -1, own -> "full at " + own, () -> refusals++);
    assertThatThrownBy(() -> copy.delete(0, Integer.MAX_VALUE))
        .isInstanceOf(OutboxFullException.class);
    copy.limit(6, -1, own -> "full at " + own, () -> refusals++);
    assertThatThrownBy(() -> copy.delete(0, Integer.MAX_VALUE))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> copy.delete(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    copy.delete(0, 3);
    assertThatThrownBy(() -> copy.insert(0, "x")).hasMessageStartingWith("full at ");
    copy.limit(6, 6, own -> "full at " + own, () -> refusals++);
    copy.insert(0, "of any size");
    assertThatThrownBy(() -> copy.insert(0, "x")).hasMessageStartingWith("full at ");
    assertThat(refusals).isEqualTo(3);
  }
}
