package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever arrives, {@code n} of it takes time in {@code n log n}, not in {@code n}². The bounds
 * are generous and on processor time, so that a busy machine does not fail them: between eight
 * times as long and, if anything were quadratic, 64 times, for eight times as much.
 */
class GrowthTest {
  private static final ReplicaId READER = new ReplicaId(42);
  private static final int GROWTH = 8;
  private static final double MOST = 22;
  private static final int ATTEMPTS = 6;

  /** So much larger that what goes through a whole document cannot hide behind colder caches. */
  private static final int GROWTH_FOR_AS_MANY = 32;

  private static final double MOST_FOR_AS_MANY = 10;

  @ParameterizedTest
  @EnumSource
  void shouldTakeInACrowd(Crowd.Shape shape) throws Exception {
    byte[] small = new Crowd(shape, 4_000, 1).update();
    byte[] large = new Crowd(shape, GROWTH * 4_000, 1).update();
    requireNearlyLinear(() -> applied(small), () -> applied(large));
  }

  @Test
  void shouldMergeAHundredThousandReplicasAtOnePlace() throws Exception {
    byte[] update = new Crowd(Crowd.Shape.ONE_PLACE_RANDOM, 100_000, 1).update();
    assertThat(secondsOf(() -> applied(update))).isLessThan(20);
  }

  @Test
  void shouldDeleteTheSameUnitsAgainAndAgain() throws Exception {
    byte[] small = deletedAgain(4_000);
    byte[] large = deletedAgain(GROWTH * 4_000);
    requireNearlyLinear(() -> applied(small), () -> applied(large));
    requireNearlyLinear(() -> observed(small), () -> observed(large));

    TextDocument few = applied(small);
    TextDocument many = applied(large);
    requireNearlyLinear(
        () -> few.changesSince(VersionVector.EMPTY), () -> many.changesSince(VersionVector.EMPTY));
  }

  /** Returns the insertion of units, each a span of its own, and as many deletions of all. */
  private static byte[] deletedAgain(int count) {
    long author = 1;
    UpdateWriter update = new UpdateWriter(64);
    update.change(author, 0, 0, new EventList(), 0);
    for (int unit = 0; unit < count; unit++) {
      EventName right = unit == 0 ? Names.none() : Names.name(author, unit - 1);
      update.insert(Names.none(), right, new char[] {'x'}, 0, 1, 0);
    }
    for (int i = 0; i < count; i++) {
      update.delete(Names.name(author, 0), count, false, 0);
    }
    update.endChange(0);
    return update.toBytes();
  }

  @Test
  void shouldShowThePastOfWhatWasRestoredAgainAndAgain() throws Exception {
    TextDocument few = applied(restoredAgain(2_000));
    TextDocument many = applied(restoredAgain(GROWTH * 2_000));
    requireNearlyLinear(() -> pastOf(few), () -> pastOf(many));
  }

  /** Returns units deleted here and there, and as many restores of all these deletes. */
  private static byte[] restoredAgain(int count) {
    long author = 1;
    UpdateWriter update = new UpdateWriter(64);
    update.change(author, 0, 0, new EventList(), 0);
    update.insert(Names.none(), Names.none(), "a".repeat(2 * count).toCharArray(), 0, 2 * count, 0);
    for (int unit = 0; unit < count; unit++) {
      update.delete(Names.name(author, 2 * unit), 1, false, 0);
    }
    for (int i = 0; i < count; i++) {
      update.restore(Names.name(author, 2 * count), count, 0);
    }
    update.endChange(0);
    return update.toBytes();
  }

  private static int pastOf(TextDocument document) {
    long last = document.version().next(new ReplicaId(1));
    int length = document.length();
    assertThat(length % 2).isZero();
    TextHistory history = document.history();
    for (long next : new long[] {length + 1, length * 3L / 2, length * 3L / 2 + 1, last - 1}) {
      List<TextChange.Edit> unused = history.moveTo(VersionVector.of(new ReplicaId(1), next));
    }
    return history.length();
  }

  @Test
  void shouldInsertBesideALongSpan() throws Exception {
    byte[] small = besideALongSpan(1 << 21, 15_000);
    byte[] large = besideALongSpan(GROWTH << 21, GROWTH * 15_000);
    requireNearlyLinear(() -> appliedToText(small), () -> appliedToText(large));
  }

  /**
   * Returns the insertion of one long span, and of single units directly before it, so that it is
   * in the latter half of each leaf that is split.
   */
  private static byte[] besideALongSpan(int length, int count) {
    long author = 1;
    UpdateWriter update = new UpdateWriter(64);
    update.change(author, 0, 0, new EventList(), 0);
    update.insert(Names.none(), Names.none(), "a".repeat(length).toCharArray(), 0, length, 0);
    for (int i = 0; i < count; i++) {
      update.insert(Names.none(), Names.name(author, 0), new char[] {'b'}, 0, 1, 0);
    }
    update.endChange(0);
    return update.toBytes();
  }

  /** Applies an update to a document that has text: not all at once. */
  private static TextDocument appliedToText(byte[] update) throws MalformedUpdateException {
    TextDocument document = TextDocument.create(READER);
    document.insert(0, "x");
    assertThat(document.apply(update).isComplete()).isTrue();
    return document;
  }

  @Test
  void shouldKeepAndOpenWhatWasDeletedHereAndThereUndoneAndRedone() throws Exception {
    TextDocument small = deletedTwice(10_000);
    TextDocument large = deletedTwice(GROWTH * 10_000);
    requireNearlyLinear(small::snapshot, large::snapshot);
    byte[] smallBytes = small.snapshot();
    byte[] largeBytes = large.snapshot();
    requireNearlyLinear(
        () -> TextDocument.load(READER, smallBytes), () -> TextDocument.load(READER, largeBytes));
  }

  private static TextDocument deletedTwice(int length) {
    TextDocument document = TextDocument.create(READER);
    document.insert(0, "a".repeat(length));
    UndoHistory undo = UndoHistory.of(document).build();
    document.transact(
        () -> {
          for (int i = 0; i < length / 2; i++) {
            document.delete(i, i + 1);
          }
        });
    assertThat(undo.undo()).isPresent();
    assertThat(undo.redo()).isPresent();
    return document;
  }

  @Test
  void shouldTakeInACrowdOneByOne() throws Exception {
    List<byte[]> small = singly(2_000);
    List<byte[]> large = singly(GROWTH * 2_000);
    requireNearlyLinear(() -> appliedSingly(small), () -> appliedSingly(large));
  }

  @Test
  void shouldGoOnFromManyHeads() throws Exception {
    requireNearlyLinear(
        () -> editedAmong(singly(2_000)), () -> editedAmong(singly(GROWTH * 2_000)));
  }

  @Test
  void shouldTakeInReplicasWhoseIdsHaveOneHash() throws Exception {
    byte[] small = hashedAlike(4_000);
    byte[] large = hashedAlike(GROWTH * 4_000);
    requireNearlyLinear(() -> applied(small), () -> applied(large));
  }

  @Test
  void shouldTakeInChangesInReverse() throws Exception {
    List<byte[]> small = reversed(1_000);
    List<byte[]> large = reversed(GROWTH * 1_000);
    requireNearlyLinear(() -> appliedSingly(small), () -> appliedSingly(large));
  }

  @Test
  void shouldLetChangesWaitForOneOfEachReplica() throws Exception {
    List<byte[]> small = waiting(1_000);
    List<byte[]> large = waiting(GROWTH * 1_000);
    requireNearlyLinear(() -> appliedSingly(small), () -> appliedSingly(large));
  }

  private static List<byte[]> singly(int count) {
    Crowd crowd = new Crowd(Crowd.Shape.ONE_PLACE_RANDOM, count, 1);
    return IntStream.range(0, count).mapToObj(crowd::update).toList();
  }

  private static TextDocument editedAmong(List<byte[]> updates) throws MalformedUpdateException {
    TextDocument document = TextDocument.create(READER);
    for (int i = 0; i < updates.size(); i++) {
      document.apply(updates.get(i));
      // Now and then, so that there are many heads each time and not too many in all.
      if (i % 1_000 == 999) {
        document.insert(0, "x");
        assertThat(document.frontier()).hasSize(1);
      }
    }
    return document;
  }

  private static byte[] hashedAlike(int count) {
    UpdateWriter update = new UpdateWriter(64);
    for (int n = 0; n < count; n++) {
      update.change(ReplicaTableTest.hashedAlike(n), 0, 0, new EventList(), 0);
      insertAlone(update);
      update.endChange(0);
    }
    return update.toBytes();
  }

  /** Returns changes of one author, the last first. */
  private static List<byte[]> reversed(int count) {
    List<byte[]> updates = new ArrayList<>();
    int digest = EventDigest.NONE;
    for (int sequence = 0; sequence < count; sequence++) {
      updates.add(alone(1, sequence, digest, new EventList()));
      digest = digestOfAlone(digest, 1, sequence);
    }
    Collections.reverse(updates);
    return updates;
  }

  /** Returns changes that wait for replicas that are not there, and then those. */
  private static List<byte[]> waiting(int count) {
    List<byte[]> updates = new ArrayList<>();
    for (int n = 1; n <= count; n++) {
      EventList missing = new EventList();
      missing.add(-n, 0, digestOfAlone(0, -n, 0));
      updates.add(alone(n, 0, 0, missing));
    }
    for (int n = 1; n <= count; n++) {
      updates.add(alone(-n, 0, 0, new EventList()));
    }
    return updates;
  }

  @Test
  void shouldFindDigestsBehindARunOnManyOthers() throws Exception {
    List<byte[]> small = behindManyDependencies(2_000);
    List<byte[]> large = behindManyDependencies(GROWTH * 2_000);
    requireNearlyLinear(() -> appliedAndTold(small), () -> appliedAndTold(large));
  }

  private static TextDocument appliedAndTold(List<byte[]> updates) throws MalformedUpdateException {
    TextDocument document = TextDocument.create(READER);
    for (byte[] update : updates) {
      assertThat(document.apply(update).isComplete()).isTrue();
    }
    TextDocument loaded = TextDocument.load(READER, document.snapshot());
    assertThat(loaded.changesSince(VersionVector.EMPTY)).isNotEmpty();
    return loaded;
  }

  @Test
  void shouldRefuseForksBehindARunOnManyOthers() throws Exception {
    TextDocument small = applied(behindManyDependencies(4_000).get(0));
    TextDocument large = applied(behindManyDependencies(GROWTH * 4_000).get(0));
    requireNearlyLinear(() -> refusing(small, 500), () -> refusing(large, GROWTH * 500));
  }

  private static int refusing(TextDocument document, int count) {
    int refused = 0;
    for (int i = 0; i < count; i++) {
      EventList wrong = new EventList();
      wrong.add(2, i % 30, i);
      try {
        ApplyResult unused = document.apply(alone(4, 0, 0, wrong));
      } catch (MalformedUpdateException e) {
        refused++;
      }
    }
    assertThat(refused).isEqualTo(count);
    return refused;
  }

  /** Returns a change with many dependencies, and as many that depend on its events by turns. */
  private static List<byte[]> behindManyDependencies(int count) {
    char[] x = {'x'};
    int events = 30;
    EventList dependencies = new EventList();
    int ofFirst = digestOfAlone(0, 1, 0);
    for (int i = 0; i < count; i++) {
      dependencies.add(1, 0, ofFirst);
    }
    UpdateWriter first = new UpdateWriter(64);
    first.change(1, 0, 0, new EventList(), 0);
    insertAlone(first);
    first.endChange(0);
    EventDigest digest = new EventDigest();
    digest.begin(2, 0, 0);
    digest.dependOn(dependencies);
    int[] digests = new int[events];
    first.change(2, 0, 0, dependencies, 0);
    for (int i = 0; i < events; i++) {
      digest.insert(Names.none(), Names.none(), x, 0, 1, 0);
      digests[i] = digest.value();
      insertAlone(first);
    }
    first.endChange(0);
    UpdateWriter second = new UpdateWriter(64);
    int before = EventDigest.NONE;
    for (int i = 0; i < count; i++) {
      EventList on = new EventList();
      on.add(2, i % events, digests[i % events]);
      second.change(3, i, before, on, 0);
      insertAlone(second);
      second.endChange(0);
      digest.begin(3, i, before);
      digest.dependOn(on);
      digest.insert(Names.none(), Names.none(), x, 0, 1, 0);
      before = digest.value();
    }
    return List.of(first.toBytes(), second.toBytes());
  }

  @Test
  void shouldLetManyWaitBesideALongOne() throws Exception {
    byte[] small = besideALongOne(1 << 17, 1_000);
    byte[] large = besideALongOne(GROWTH << 17, GROWTH * 1_000);
    requireNearlyLinear(() -> waiting(small), () -> waiting(large));
  }

  private static int waiting(byte[] update) throws MalformedUpdateException {
    ApplyResult result = TextDocument.create(READER).apply(update);
    assertThat(result.applied()).isZero();
    return result.waiting();
  }

  /** Returns a long change that has to wait, and short ones with the same first event. */
  private static byte[] besideALongOne(int length, int count) {
    UpdateWriter update = new UpdateWriter(64);
    update.change(1, 5, 77, new EventList(), 0);
    char[] text = "a".repeat(length).toCharArray();
    update.insert(Names.none(), Names.none(), text, 0, length, 0);
    update.endChange(0);
    for (int i = 0; i < count; i++) {
      update.change(1, 5, 77, new EventList(), 0);
      update.insert(Names.none(), Names.none(), text, 0, 1 + i % 50, 0);
      update.endChange(0);
    }
    return update.toBytes();
  }

  private static byte[] alone(long author, int sequence, int digest, EventList dependencies) {
    UpdateWriter update = new UpdateWriter(64);
    update.change(author, sequence, digest, dependencies, 0);
    insertAlone(update);
    update.endChange(0);
    return update.toBytes();
  }

  private static int digestOfAlone(int before, long author, int sequence) {
    return Digests.after(before, author, sequence, Names.none(), Names.none(), "x");
  }

  private static void insertAlone(UpdateWriter update) {
    update.insert(Names.none(), Names.none(), new char[] {'x'}, 0, 1, 0);
  }

  private static TextDocument appliedSingly(List<byte[]> updates) throws MalformedUpdateException {
    TextDocument document = TextDocument.create(READER);
    for (byte[] update : updates) {
      ApplyResult result = document.apply(update);
      assertThat(result.dropped()).isZero();
    }
    assertThat(document.length()).isEqualTo(updates.size());
    return document;
  }

  private static TextDocument applied(byte[] update) throws MalformedUpdateException {
    TextDocument document = TextDocument.create(READER);
    ApplyResult result = document.apply(update);
    assertThat(result.isComplete()).isTrue();
    return document;
  }

  private static TextDocument observed(byte[] update) throws MalformedUpdateException {
    TextDocument document = TextDocument.create(READER);
    Subscription unused = document.observe(change -> {});
    ApplyResult result = document.apply(update);
    assertThat(result.isComplete()).isTrue();
    return document;
  }

  /** What an editor asks takes hardly longer in a larger document. */
  @Test
  void shouldAnswerALargeDocumentsEditorAsQuickly() throws Exception {
    TextDocument small = typedAtRandom(8_000);
    TextDocument large = typedAtRandom(GROWTH_FOR_AS_MANY * 8_000);
    requireHardlySlower(() -> resolved(small), () -> resolved(large));
    requireHardlySlower(() -> lines(small), () -> lines(large));
    requireHardlySlower(() -> nearDifferences(small), () -> nearDifferences(large));
    TextHistory pastOfSmall = small.history();
    TextHistory pastOfLarge = large.history();
    requireHardlySlower(() -> nearVersions(pastOfSmall), () -> nearVersions(pastOfLarge));
  }

  private static TextDocument typedAtRandom(int edits) {
    Random random = new Random(1);
    TextDocument document = TextDocument.create(READER);
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(document.length() + 1);
      if (random.nextInt(4) == 0 && at < document.length()) {
        document.delete(at, at + 1);
      } else {
        document.insert(at, random.nextInt(30) == 0 ? "\n" : "word");
      }
    }
    return document;
  }

  private static long resolved(TextDocument document) {
    Random random = new Random(2);
    long sum = 0;
    for (int i = 0; i < 40_000; i++) {
      Anchor anchor = document.anchor(random.nextInt(document.length()), Bias.LEFT);
      sum += document.indexOf(anchor).orElseThrow();
    }
    return sum;
  }

  private static long lines(TextDocument document) {
    Random random = new Random(3);
    long sum = 0;
    for (int i = 0; i < 200_000; i++) {
      sum += document.lineOfOffset(random.nextInt(document.length()));
      sum += document.offsetOfLine(random.nextInt(document.lineCount()));
    }
    return sum;
  }

  private static long nearDifferences(TextDocument document) {
    Random random = new Random(4);
    long events = document.nextSequence();
    long bytes = 0;
    for (int i = 0; i < 10_000; i++) {
      long from = random.nextInt((int) events - 10);
      VersionVector version = VersionVector.of(READER, from);
      bytes += document.diff(version, VersionVector.of(READER, from + 10)).length;
    }
    return bytes;
  }

  private static long nearVersions(TextHistory history) {
    VersionVector last = VersionVector.of(READER, history.eventCount());
    VersionVector before = VersionVector.of(READER, history.eventCount() - 10);
    long edits = 0;
    for (int i = 0; i < 5_000; i++) {
      edits += history.moveTo(before).size() + history.moveTo(last).size();
    }
    return edits;
  }

  private static void requireHardlySlower(Callable<?> small, Callable<?> large) throws Exception {
    double ratio = Double.MAX_VALUE;
    small.call();
    for (int attempt = 0; attempt < ATTEMPTS && ratio > MOST_FOR_AS_MANY; attempt++) {
      double ofSmall = secondsOf(small);
      ratio = secondsOf(large) / ofSmall;
    }
    assertThat(ratio)
        .as("times as long in a document %d times as large", GROWTH_FOR_AS_MANY)
        .isLessThan(MOST_FOR_AS_MANY);
  }

  private static void requireNearlyLinear(Callable<?> small, Callable<?> large) throws Exception {
    double ratio = Double.MAX_VALUE;
    double smallest = Double.MAX_VALUE;
    // The first run is slow, before it is compiled: it would make any growth look small.
    small.call();
    for (int attempt = 0; attempt < ATTEMPTS && ratio > MOST; attempt++) {
      smallest = Math.min(smallest, secondsOf(small));
      ratio = secondsOf(large) / smallest;
    }
    assertThat(ratio).as("times as long for %d times as much", GROWTH).isLessThan(MOST);
  }

  private static double secondsOf(Callable<?> work) throws Exception {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    work.call();
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e9;
  }
}
