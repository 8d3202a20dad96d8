package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import dev.weft.crdt.Histories.History;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Bytes from outside are either valid or refused with {@link MalformedUpdateException}, and then
 * the document is what it was. Nothing else is thrown, nothing hangs, and no more memory is taken
 * than a small multiple of the input. Mostly the checksum is put right after the damage, so that
 * what it would have caught reaches the checks behind it.
 */
class HostileBytesProperties {
  private static final Duration HANG = Duration.ofSeconds(20);

  /**
   * What reading costs beyond the input: buffers of fixed size, and the exception's stack trace.
   */
  private static final long ALLOCATION_BASE = 512 << 10;

  private static final long ALLOCATION_PER_BYTE = 400;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Which valid bytes are damaged. */
  enum Source {
    SNAPSHOT,
    SHALLOW_SNAPSHOT,
    WHOLE_HISTORY,
    LATE_CHANGES,
    ONE_CHANGE
  }

  /** The document that the damaged bytes are given to. */
  enum Target {
    EMPTY,
    BEHIND,
    CAUGHT_UP
  }

  @Provide
  Arbitrary<History> shortHistories() {
    return Histories.histories(14);
  }

  @Provide
  Arbitrary<List<Damage>> damages() {
    return Damage.damages();
  }

  @Property
  void shouldRefuseDamagedBytesOrApplyThem(
      @ForAll("shortHistories") History history,
      @ForAll Source source,
      @ForAll Target target,
      @ForAll("damages") List<Damage> damages,
      @ForAll long seed)
      throws MalformedUpdateException {
    CheckedReplica settled = history.runAndSettle().replica(0);
    Random random = new Random(seed);
    byte[] valid = bytesOf(settled, source, random);
    byte[] hostile = Damage.all(damages, valid, bytesOf(settled, Source.LATE_CHANGES, random));

    requireRefusedOrApplied(hostile, documentFor(settled, target, history.nodeCapacity(), random));
    requireRefusedOrApplied(
        Damage.withChecksum(hostile), documentFor(settled, target, history.nodeCapacity(), random));
    requireRefusedOrLoaded(hostile);
    requireRefusedOrLoaded(Damage.withChecksum(hostile));
  }

  /** What compression hides is damaged in the open, the lengths around it put right. */
  @Property
  void shouldRefuseDamagedHistoriesInSnapshotsOrLoadThem(
      @ForAll("shortHistories") History history,
      @ForAll @IntRange(max = 2) int part,
      @ForAll("damages") List<Damage> damages,
      @ForAll Target target,
      @ForAll long seed)
      throws MalformedUpdateException {
    CheckedReplica settled = history.runAndSettle().replica(0);
    SnapshotParts parts = SnapshotParts.of(settled.document().snapshot());
    byte[] open = parts.parts().get(part);
    byte[] other = parts.parts().get(SnapshotParts.HISTORY);
    byte[] hostile = parts.with(part, Damage.all(damages, open, other)).toBytes();

    requireRefusedOrLoaded(hostile);
    requireRefusedOrApplied(
        hostile, documentFor(settled, target, history.nodeCapacity(), new Random(seed)));
    assertThat(TextDocument.load(new ReplicaId(42), parts.toBytes()).text())
        .isEqualTo(settled.text());
  }

  /** Characters of two units where the history may have inserted one unit, or deleted one. */
  @Property
  void shouldRefuseSnapshotsWhosePairsDoNotFitTheirHistoryOrLoadThem(
      @ForAll("shortHistories") History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    TextDocument document = history.runAndSettle().replica(0).document();
    SnapshotParts parts = SnapshotParts.of(document.snapshot());
    for (int part : new int[] {SnapshotParts.VISIBLE, SnapshotParts.DELETED}) {
      int length = new String(parts.parts().get(part), StandardCharsets.UTF_8).length();
      StringBuilder text = new StringBuilder();
      while (text.length() < length) {
        boolean pair = length - text.length() > 1 && random.nextInt(4) == 0;
        text.append(pair ? "\uD83E\uDDF5" : "a");
      }
      parts = parts.with(part, text.toString().getBytes(StandardCharsets.UTF_8));
    }
    requireRefusedOrLoaded(parts.toBytes());
  }

  @Property
  void shouldAllocateNothingForALengthThatIsOnlyClaimed(
      @ForAll @IntRange(min = 1 << 20) int length, @ForAll @Size(max = 40) byte[] stored)
      throws MalformedUpdateException {
    byte[] hostile = SnapshotParts.claiming(length, stored);
    assertThat(isRefused(hostile)).isTrue();
    requireRefusedOrLoaded(hostile);
  }

  @Property
  void shouldRefuseEveryTruncation(@ForAll("shortHistories") History history, @ForAll Source source)
      throws MalformedUpdateException {
    CheckedReplica settled = history.runAndSettle().replica(0);
    byte[] valid = bytesOf(settled, source, new Random(1));
    TextDocument document =
        documentFor(settled, Target.EMPTY, history.nodeCapacity(), new Random(1));
    for (int length = 0; length < valid.length; length += 1 + valid.length / 40) {
      byte[] cut = Arrays.copyOf(valid, length);
      assertThat(isRefused(cut)).as("cut to %d of %d bytes", length, valid.length).isTrue();
      requireRefusedOrApplied(Damage.withChecksum(cut), document);
    }
  }

  @Property
  void shouldRefuseAnyChangedBitUnlessTheChecksumIsPutRight(
      @ForAll("shortHistories") History history, @ForAll Source source, @ForAll long seed)
      throws MalformedUpdateException {
    CheckedReplica settled = history.runAndSettle().replica(0);
    Random random = new Random(seed);
    byte[] valid = bytesOf(settled, source, random);
    for (int i = 0; i < 20; i++) {
      byte[] flipped = valid.clone();
      flipped[random.nextInt(valid.length)] ^= (byte) (1 << random.nextInt(8));
      assertThat(isRefused(flipped)).isTrue();
    }
  }

  @Property
  void shouldRefuseRandomBytes(@ForAll byte[] bytes, @ForAll boolean startsWell)
      throws MalformedUpdateException {
    TextDocument document = TextDocument.create(new ReplicaId(1), Limits.DEFAULT, 4);
    document.insert(0, "text");
    byte[] hostile = bytes;
    if (startsWell) {
      byte[] valid = document.changesSince(VersionVector.EMPTY);
      int kept = Math.min(valid.length, bytes.length % 12);
      hostile = Arrays.copyOf(valid, kept + bytes.length);
      System.arraycopy(bytes, 0, hostile, kept, bytes.length);
    }
    requireRefusedOrApplied(hostile, document);
    requireRefusedOrApplied(Damage.withChecksum(hostile), document);
    requireRefusedOrLoaded(Damage.withChecksum(hostile));
  }

  @Property
  void shouldReadVersionVectorsOrRefuseThem(
      @ForAll("shortHistories") History history, @ForAll("damages") List<Damage> damages)
      throws MalformedUpdateException {
    byte[] valid = history.run().replica(0).version().toBytes();
    byte[] hostile = Damage.all(damages, valid, valid);
    long before = allocatedBytes();
    try {
      VersionVector vector = VersionVector.parse(hostile);
      assertThat(VersionVector.parse(vector.toBytes())).isEqualTo(vector);
      assertThat(VersionVector.parse(vector.toString())).isEqualTo(vector);
    } catch (MalformedUpdateException e) {
      requirePlace(e, hostile);
    }
    requireModest(allocatedBytes() - before, hostile);
  }

  /** Gives the bytes to the document, which must take them in whole or be as it was. */
  static void requireRefusedOrApplied(byte[] hostile, TextDocument document)
      throws MalformedUpdateException {
    String text = document.text();
    VersionVector version = document.version();
    byte[] snapshot = document.snapshot();
    int waiting = document.apply(nothing()).waiting();
    List<TextChange> told = new ArrayList<>();
    Subscription subscription = document.observe(told::add);
    Optional<MalformedUpdateException> refusal =
        assertTimeoutPreemptively(HANG, () -> apply(hostile, document));
    subscription.close();
    document.checkInvariants();
    if (refusal.isEmpty()) {
      requireUsable(document);
    } else {
      requirePlace(refusal.get(), hostile);
      assertThat(told).isEmpty();
      assertThat(document.text()).isEqualTo(text);
      assertThat(document.version()).isEqualTo(version);
      assertThat(document.snapshot()).isEqualTo(snapshot);
      assertThat(document.apply(nothing()).waiting()).isEqualTo(waiting);
    }
  }

  private static void requireRefusedOrLoaded(byte[] hostile) throws MalformedUpdateException {
    TextDocument loaded =
        assertTimeoutPreemptively(
            HANG,
            () -> {
              long before = allocatedBytes();
              try {
                return TextDocument.load(new ReplicaId(42), hostile);
              } catch (MalformedUpdateException e) {
                requirePlace(e, hostile);
                return TextDocument.create(new ReplicaId(42));
              } finally {
                requireModest(allocatedBytes() - before, hostile);
              }
            });
    loaded.checkInvariants();
    requireUsable(loaded);
  }

  /** Whatever was taken in, the document can be written, read, and edited. */
  private static void requireUsable(TextDocument document) throws MalformedUpdateException {
    CheckedReplica.requireWellFormed(document.text());
    TextDocument copy = TextDocument.load(new ReplicaId(43), document.snapshot());
    assertThat(copy.text()).isEqualTo(document.text());
    assertThat(copy.version()).isEqualTo(document.version());
    VersionVector base = document.historyBase();
    TextDocument told =
        base.isEmpty()
            ? TextDocument.create(new ReplicaId(44), Limits.DEFAULT, 4)
            : copy.fork(new ReplicaId(44));
    assertThat(told.apply(document.changesSince(base)).isComplete()).isTrue();
    assertThat(told.text()).isEqualTo(document.text());
    copy.insert(copy.length(), "end");
    copy.delete(0, Character.charCount(copy.text().codePointAt(0)));
    copy.checkInvariants();
  }

  /** Applies the bytes and returns why they were refused, if they were. */
  private static Optional<MalformedUpdateException> apply(byte[] hostile, TextDocument document) {
    long before = allocatedBytes();
    try {
      ApplyResult result = document.apply(hostile);
      assertThat(result.applied()).isNotNegative();
      return Optional.empty();
    } catch (MalformedUpdateException e) {
      return Optional.of(e);
    } finally {
      requireModest(allocatedBytes() - before, hostile);
    }
  }

  private static boolean isRefused(byte[] bytes) {
    try {
      TextDocument.create(new ReplicaId(42)).apply(bytes);
      return false;
    } catch (MalformedUpdateException e) {
      requirePlace(e, bytes);
      return true;
    }
  }

  private static void requirePlace(MalformedUpdateException refusal, byte[] bytes) {
    assertThat(refusal.offset()).isBetween(0, bytes.length);
    assertThat(refusal.expected()).isNotBlank();
    assertThat(refusal.actual()).isNotBlank();
  }

  private static void requireModest(long allocated, byte[] input) {
    assertThat(allocated)
        .as("bytes allocated for an input of %d bytes", input.length)
        .isLessThan(ALLOCATION_BASE + ALLOCATION_PER_BYTE * input.length);
  }

  private static long allocatedBytes() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private static byte[] nothing() {
    return Change.combine(List.of());
  }

  private static byte[] bytesOf(CheckedReplica replica, Source source, Random random)
      throws MalformedUpdateException {
    TextDocument document = replica.document();
    List<Change> changes = Change.parse(document.snapshot());
    return switch (source) {
      case SNAPSHOT -> document.snapshot();
      case SHALLOW_SNAPSHOT -> document.shallowSnapshot(document.version());
      case WHOLE_HISTORY -> document.changesSince(VersionVector.EMPTY);
      case LATE_CHANGES ->
          Change.combine(changes.subList(random.nextInt(changes.size() + 1), changes.size()));
      case ONE_CHANGE ->
          changes.isEmpty() ? nothing() : changes.get(random.nextInt(changes.size())).toBytes();
    };
  }

  private static TextDocument documentFor(
      CheckedReplica replica, Target target, int nodeCapacity, Random random)
      throws MalformedUpdateException {
    List<Change> changes = Change.parse(replica.document().snapshot());
    int known =
        switch (target) {
          case EMPTY -> 0;
          case BEHIND -> random.nextInt(changes.size() + 1);
          case CAUGHT_UP -> changes.size();
        };
    TextDocument document = TextDocument.create(new ReplicaId(42), Limits.DEFAULT, nodeCapacity);
    document.apply(Change.combine(changes.subList(0, known)));
    return document;
  }
}
