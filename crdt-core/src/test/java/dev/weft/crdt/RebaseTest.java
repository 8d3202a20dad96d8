package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A device that was restored from a backup, and the edits that it made since. */
class RebaseTest {
  private static final ReplicaId DEVICE = new ReplicaId(1);
  private static final ReplicaId NEW_ID = new ReplicaId(2);

  @Test
  void shouldWriteAnewWhatTheCopyOfADeviceWrote() throws MalformedUpdateException {
    CopiedDevice copied = CopiedDevice.after(DEVICE, "The quick fox jumps.");
    TextDocument device = copied.device();
    TextDocument restored = copied.restored();
    device.insert(4, "very ");
    restored.replace(10, 13, "dog");
    restored.insert(restored.length(), " Twice.");

    assertThatThrownBy(() -> restored.apply(device.changesSince(VersionVector.EMPTY)))
        .isInstanceOfSatisfying(
            ForkedReplicaException.class, e -> assertThat(e.event().replica()).isEqualTo(DEVICE));
    TextDocument again = TextDocument.load(NEW_ID, device.snapshot());
    VersionVector common = again.rebase(restored);

    assertThat(common).isEqualTo(VersionVector.of(DEVICE, 20));
    assertThat(again.text()).isEqualTo("The very quick dog jumps. Twice.");
    device.apply(again.changesSince(device.version()));
    assertThat(device.text()).isEqualTo(again.text());
  }

  @Test
  void shouldKeepCharactersWholeThatBeginAlike() throws MalformedUpdateException {
    CopiedDevice copied = CopiedDevice.after(DEVICE, "hi ");
    TextDocument device = copied.device();
    TextDocument restored = copied.restored();
    device.insert(3, "\ud83d\ude00");
    restored.insert(3, "\ud83d\ude01");
    restored.delete(0, 1);
    TextDocument again = TextDocument.load(NEW_ID, device.snapshot());

    assertThat(again.rebase(restored)).isEqualTo(VersionVector.of(DEVICE, 3));
    assertThat(again.text()).isEqualTo("i \ud83d\ude01\ud83d\ude00");
  }

  @Test
  void shouldChangeNothingWhereItCannotBeToldWhatIsShared() throws MalformedUpdateException {
    CopiedDevice copied = CopiedDevice.after(DEVICE, "base ");
    TextDocument device = copied.device();
    TextDocument restored = copied.restored();
    device.insert(5, "KEEPTHIS");
    restored.insert(5, "typo");
    restored.delete(5, 9);
    TextDocument again = TextDocument.load(NEW_ID, device.shallowSnapshot(device.version()));

    assertThatThrownBy(() -> again.rebase(restored))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("whole snapshot");
    assertThat(again.text()).isEqualTo("base KEEPTHIS");
  }

  @Test
  void shouldNotMergeTwoHistoriesOfOneReplicaThatAreAsLong() throws MalformedUpdateException {
    TextDocument device = TextDocument.create(DEVICE);
    TextDocument restored = TextDocument.create(DEVICE);
    device.insert(0, "NEW");
    restored.insert(0, "OLD");

    assertThatThrownBy(() -> device.merge(restored))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("wrote another history");
  }

  /** An update may be put together from changes of both histories. */
  @Test
  void shouldTellTwoHistoriesInOneUpdate() throws MalformedUpdateException {
    CopiedDevice copied = CopiedDevice.after(DEVICE, "ab");
    TextDocument device = copied.device();
    TextDocument restored = copied.restored();
    device.insert(2, "DEV");
    restored.insert(2, "xyz more");
    Change first = Change.parse(device.changesSince(VersionVector.EMPTY)).get(0);
    Change second =
        Change.parse(restored.changesSince(VersionVector.EMPTY))
            .get(0)
            .since(VersionVector.of(DEVICE, 5));
    TextDocument reader = TextDocument.create(NEW_ID);

    assertThatThrownBy(() -> reader.apply(Change.combine(List.of(first, second))))
        .isInstanceOf(ForkedReplicaException.class);
    assertThat(reader.version()).isEqualTo(VersionVector.EMPTY);
  }

  @Test
  void shouldDoNothingWhereNothingIsMissing() throws MalformedUpdateException {
    TextDocument device = TextDocument.create(DEVICE);
    device.insert(0, "warp");
    TextDocument same = TextDocument.load(NEW_ID, device.snapshot());
    device.delete(0, 1);
    same.apply(device.changesSince(same.version()));

    assertThat(same.rebase(device)).isEqualTo(device.version());
    assertThat(same.version()).isEqualTo(device.version());
  }

  @Test
  void shouldPutWhatStoodBesideDeletedTextWhereThatWas() throws MalformedUpdateException {
    CopiedDevice copied = CopiedDevice.after(DEVICE, "one two three");
    TextDocument device = copied.device();
    TextDocument restored = copied.restored();
    device.delete(4, 8);
    restored.insert(7, "\ud83e\uddf5");
    TextDocument again = TextDocument.load(NEW_ID, device.snapshot());
    again.rebase(restored);

    assertThat(again.text()).isEqualTo("one \ud83e\uddf5three");
  }

  @Test
  void shouldWriteAnewWhatWasBroughtBack() throws MalformedUpdateException {
    TextDocument device = TextDocument.create(DEVICE);
    device.insert(0, "one two");
    VersionVector before = device.version();
    device.delete(3, 7);
    TextDocument restored = TextDocument.load(DEVICE, device.snapshot());
    device.insert(0, "> ");
    restored.revertTo(before);
    TextDocument again = TextDocument.load(NEW_ID, device.snapshot());
    again.rebase(restored);

    assertThat(again.text()).isEqualTo("> one two");
  }

  @Test
  void shouldBeOneTransaction() throws MalformedUpdateException {
    TextDocument device = TextDocument.create(DEVICE);
    device.insert(0, "a-b-c");
    TextDocument other = TextDocument.load(new ReplicaId(9), device.snapshot());
    other.insert(5, "!");
    other.delete(1, 2);
    other.insert(0, "?");
    TextDocument again = TextDocument.load(NEW_ID, device.snapshot());
    StringBuilder mirror = new StringBuilder(again.text());
    int[] told = {0};
    Subscription unused =
        again.observe(
            change -> {
              change.applyTo(mirror);
              told[0]++;
            });
    UndoHistory undo = UndoHistory.of(again).build();
    again.rebase(other);

    assertThat(again.text()).isEqualTo("?ab-c!");
    assertThat(mirror.toString()).isEqualTo(again.text());
    assertThat(told[0]).isEqualTo(1);
    assertThat(again.authors(0, 1)).isEqualTo(List.of(new AuthorRun(0, 1, NEW_ID)));
    assertThat(undo.undo()).isPresent();
    assertThat(again.text()).isEqualTo("a-b-c");
  }
}
