package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Two histories under one replica id, as of a device that was restored from a backup. */
class ForkedReplicaProperties {
  private static final ReplicaId DEVICE = new ReplicaId(1);
  private static final ReplicaId OTHER = new ReplicaId(2);
  private static final ReplicaId READER = new ReplicaId(3);

  /**
   * A device and its restored copy go on from the same state, each with others around it; a reader
   * that has what became of one is given what became of the other, at once or in pieces.
   */
  @Property
  void shouldRefuseWhatAnotherUnderTheSameIdDidAndAllThatCameOfIt(@ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    TextDocument device = TextDocument.create(DEVICE);
    edit(device, random, random.nextInt(5));
    byte[] backup = device.snapshot();
    VersionVector common = device.version();
    TextDocument restored = TextDocument.load(DEVICE, backup);

    edit(device, random, 1 + random.nextInt(5));
    edit(restored, random, 1 + random.nextInt(5));
    long own = Math.min(device.version().next(DEVICE), restored.version().next(DEVICE));
    if (isSame(device, restored, own)) {
      return;
    }
    TextDocument other = TextDocument.load(OTHER, restored.snapshot());
    edit(other, random, 1 + random.nextInt(3));

    TextDocument reader = TextDocument.create(READER);
    reader.apply(device.changesSince(VersionVector.EMPTY));
    byte[] before = reader.snapshot();
    // Whatever of the other history it is told, and whatever it is thought to know of it.
    VersionVector thought =
        random.nextBoolean()
            ? VersionVector.EMPTY
            : random.nextBoolean() ? common : reader.version();
    requireForked(reader, restored.changesSince(thought), thought);
    requireForked(reader, other.changesSince(thought), thought);
    requireForked(reader, other.snapshot(), VersionVector.EMPTY);
    requireForked(restored, device.changesSince(VersionVector.EMPTY), VersionVector.EMPTY);
    assertThat(reader.snapshot()).isEqualTo(before);
    reader.checkInvariants();
    // It goes on as if nothing had been.
    edit(device, random, 2);
    assertThat(reader.apply(device.changesSince(reader.version())).isComplete()).isTrue();
    assertThat(reader.text()).isEqualTo(device.text());
  }

  /** The same text at the same place, behind something that only one of the two had seen. */
  @Example
  void shouldTellTheSameTextApartThatWasWrittenAfterAnotherHistory() throws Exception {
    CopiedDevice copied = CopiedDevice.after(DEVICE, "a");
    TextDocument device = copied.device();
    TextDocument restored = copied.restored();
    TextDocument other = TextDocument.load(OTHER, device.snapshot());
    other.insert(0, "b");
    device.apply(other.ownChangesSince(0));
    device.insert(2, "x");
    restored.insert(1, "x");

    TextDocument reader = TextDocument.create(READER);
    reader.apply(restored.changesSince(VersionVector.EMPTY));
    requireForked(reader, device.changesSince(VersionVector.EMPTY), VersionVector.EMPTY);
    requireForked(device, restored.changesSince(VersionVector.EMPTY), VersionVector.EMPTY);
    assertThat(reader.text()).isEqualTo("ax");
    assertThat(device.text()).isEqualTo("bax");
  }

  /** Of both, the first events have not come yet. */
  @Example
  void shouldTellWhatWaitsApartToo() throws Exception {
    TextDocument device = TextDocument.create(DEVICE);
    device.insert(0, "a");
    byte[] backup = device.snapshot();
    TextDocument restored = TextDocument.load(DEVICE, backup);
    device.insert(1, "b");
    restored.insert(1, "cd");

    TextDocument reader = TextDocument.create(READER);
    assertThat(reader.apply(device.ownChangesSince(1)).waiting()).isEqualTo(1);
    assertThat(reader.apply(device.ownChangesSince(1)).waiting()).isEqualTo(1);
    assertThat(reader.apply(restored.ownChangesSince(1)).waiting()).isEqualTo(2);
    byte[] shorter = device.ownChangesSince(1);
    device.insert(2, "e");
    assertThat(reader.apply(device.ownChangesSince(1)).waiting()).isEqualTo(2);
    assertThat(reader.apply(shorter).waiting()).isEqualTo(2);

    ApplyResult result = reader.apply(backup);
    assertThat(result.waiting()).isZero();
    assertThat(result.rejected())
        .singleElement()
        .satisfies(
            rejected -> {
              assertThat(rejected.first()).isEqualTo(new EventId(DEVICE, 1));
              assertThat(rejected.reason()).isInstanceOf(ForkedReplicaException.class);
            });
    // Of two that both may hold it is the one that came first.
    assertThat(reader.text()).isEqualTo("acd");
  }

  @Example
  void shouldTellAShallowSnapshotOfAnotherHistoryApart() throws Exception {
    CopiedDevice copied = CopiedDevice.after(DEVICE, "a");
    TextDocument device = copied.device();
    TextDocument restored = copied.restored();
    device.insert(1, "b");
    restored.insert(1, "c");
    TextDocument other = TextDocument.load(OTHER, restored.snapshot());
    other.insert(0, "d");
    byte[] shallow = other.shallowSnapshot(restored.version());
    assertThat(TextDocument.load(READER, shallow).historyBase()).isEqualTo(restored.version());

    requireForked(device, shallow, VersionVector.EMPTY);
    assertThat(restored.apply(shallow).isComplete()).isTrue();
    assertThat(restored.text()).isEqualTo("dac");
  }

  /** Two who agree on what they depend on by name only: both were copied. */
  @Example
  void shouldTellWhatWasWrittenBehindAnotherHistoryOfTheSameNameApart() throws Exception {
    TextDocument device = TextDocument.create(DEVICE);
    TextDocument restored = TextDocument.create(DEVICE);
    device.insert(0, "yes");
    restored.insert(0, "not");
    TextDocument other = TextDocument.create(OTHER);
    TextDocument copied = TextDocument.create(OTHER);
    other.apply(device.ownChangesSince(0));
    copied.apply(restored.ownChangesSince(0));
    other.insert(3, " agreed");
    copied.insert(3, " agreed");
    assertThat(Digests.of(other, OTHER, 7)).isNotEqualTo(Digests.of(copied, OTHER, 7));

    other.insert(0, "more ");
    assertThatThrownBy(() -> copied.apply(other.ownChangesSince(7)))
        .isInstanceOf(ForkedReplicaException.class);
    assertThatThrownBy(() -> copied.apply(other.ownChangesSince(0)))
        .isInstanceOf(ForkedReplicaException.class);
  }

  /** What is found from the log, after all was read from a snapshot, is what was told. */
  @Example
  void shouldFindTheDigestsOfTwoWhoTookTurnsForLong() throws Exception {
    TextDocument device = TextDocument.create(DEVICE);
    TextDocument other = TextDocument.create(OTHER);
    for (int turn = 0; turn < 20_000; turn++) {
      TextDocument writer = turn % 2 == 0 ? device : other;
      TextDocument reader = turn % 2 == 0 ? other : device;
      writer.insert(0, "a");
      reader.apply(writer.ownChangesSince(writer.nextSequence() - 1));
    }
    TextDocument loaded = TextDocument.load(READER, device.snapshot());
    assertThat(loaded.changesSince(VersionVector.EMPTY))
        .isEqualTo(device.changesSince(VersionVector.EMPTY));
    assertThat(Digests.of(loaded, OTHER, 10_000)).isEqualTo(Digests.of(other, OTHER, 10_000));
  }

  @Example
  void shouldTakeTheRestOfAChangeThatDependsOnAnothers() throws Exception {
    TextDocument other = TextDocument.create(OTHER);
    other.insert(0, "b");
    TextDocument device = TextDocument.create(DEVICE);
    device.insert(0, "a");
    device.apply(other.ownChangesSince(0));
    device.insert(0, "xyz");
    TextDocument reader = TextDocument.create(READER);
    reader.apply(
        device.diff(VersionVector.EMPTY, VersionVector.of(DEVICE, 2).merge(other.version())));

    Change last = Change.parse(device.ownChangesSince(1)).get(0);
    byte[] rest = last.since(VersionVector.of(DEVICE, 2)).toBytes();
    assertThat(reader.apply(rest).isComplete()).isTrue();
    assertThat(reader.text()).isEqualTo(device.text());
  }

  /** Few bytes that tell of many events, with small changes behind them. */
  @Example
  void shouldCompareWhatFollowsMoreEventsThanAnUpdateHasBytes() throws Exception {
    TextDocument device = TextDocument.create(DEVICE);
    device.insert(0, "a".repeat(1_000));
    List<TextDocument> others = new ArrayList<>();
    for (int id = 10; id < 20; id++) {
      others.add(device.fork(new ReplicaId(id)));
    }
    for (TextDocument other : others) {
      other.delete(0, other.length());
      other.insert(0, "b".repeat(10));
      // Somebody has seen the beginning of the delete.
      TextDocument witness = TextDocument.create(new ReplicaId(100 + others.indexOf(other)));
      VersionVector beginning =
          VersionVector.of(DEVICE, 1_000).merge(VersionVector.of(other.replica(), 5));
      witness.apply(other.diff(VersionVector.EMPTY, beginning));
      witness.insert(0, "w");
      device.merge(other);
      device.merge(witness);
      device.insert(0, "c");
    }

    TextDocument reader = TextDocument.create(READER);
    assertThat(reader.apply(device.changesSince(VersionVector.EMPTY)).isComplete()).isTrue();
    assertThat(reader.text()).isEqualTo(device.text());
    for (int id = 10; id < 20; id++) {
      ReplicaId replica = new ReplicaId(id);
      long events = device.version().next(replica);
      assertThat(Digests.of(reader, replica, events))
          .isEqualTo(Digests.of(device, replica, events));
    }
  }

  private static void requireForked(TextDocument reader, byte[] update, VersionVector thought) {
    VersionVector version = reader.version();
    Throwable thrown = catchThrowable(() -> reader.apply(update));
    if (thrown == null) {
      // Nothing of it was new to one who is thought to have as many events of that replica.
      assertThat(reader.version()).isEqualTo(version);
      assertThat(thought).isEqualTo(version);
      return;
    }
    assertThat(thrown)
        .isInstanceOf(ForkedReplicaException.class)
        .hasMessageContaining("replica id");
    assertThat(((ForkedReplicaException) thrown).event().replica()).isEqualTo(DEVICE);
  }

  private static boolean isSame(TextDocument a, TextDocument b, long events) {
    return Digests.of(a, DEVICE, events) == Digests.of(b, DEVICE, events);
  }

  private static void edit(TextDocument document, Random random, int edits) {
    UndoHistory undo = UndoHistory.of(document).build();
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(document.length() + 1);
      int end = at + random.nextInt(document.length() + 1 - at);
      switch (random.nextInt(4)) {
        case 0 -> document.delete(at, end);
        case 1 -> {
          var unused = undo.undo();
        }
        default ->
            document.insert(
                at, String.valueOf((char) ('a' + random.nextInt(3))).repeat(1 + random.nextInt(3)));
      }
    }
    undo.close();
  }

  /** The same again is no fork, in whatever pieces it comes. */
  @Property
  void shouldTakeTheSameEventsInAnyPiecesForTheSame(@ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    TextDocument device = TextDocument.create(DEVICE);
    TextDocument reader = TextDocument.create(READER);
    for (int round = 0; round < 6; round++) {
      VersionVector known =
          VersionVector.of(DEVICE, random.nextInt(1 + (int) device.nextSequence()));
      edit(device, random, 1 + random.nextInt(4));
      byte[] update = random.nextInt(4) == 0 ? device.snapshot() : device.changesSince(known);
      assertThat(reader.apply(update).isComplete()).isTrue();
      assertThat(reader.apply(update).applied()).isZero();
      for (Change change : Change.parse(update)) {
        long middle = change.start() + random.nextInt((int) (change.end() - change.start()));
        VersionVector seen = VersionVector.of(DEVICE, middle);
        assertThat(reader.apply(change.since(seen).toBytes()).applied()).isZero();
      }
    }
    assertThat(reader.text()).isEqualTo(device.text());
    long next = device.nextSequence();
    assertThat(Digests.of(reader, DEVICE, next)).isEqualTo(Digests.of(device, DEVICE, next));
    int[] all = new int[(int) next + 1];
    Arrays.setAll(all, i -> Digests.of(device, DEVICE, i));
    for (int i = 0; i < 20; i++) {
      int sequence = random.nextInt((int) next + 1);
      assertThat(Digests.of(reader, DEVICE, sequence)).isEqualTo(all[sequence]);
    }
  }
}
