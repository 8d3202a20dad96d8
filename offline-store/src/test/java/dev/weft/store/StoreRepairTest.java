package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.crdt.Change;
import dev.weft.crdt.EventRange;
import dev.weft.crdt.VersionVector;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a repair recovers of a store whose files were damaged in many ways. */
class StoreRepairTest {
  private static final int PAGE = 4_096;
  private static final int FRAME = PAGE + WriteAheadLog.FRAME_HEADER_BYTES;
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
    assertThat(closed.file(DATABASE).length).isBetween(100_000, 1_000_000);
    assertThat(died.file(LOG).length).isGreaterThan(20 * FRAME);
  }

  @Test
  void shouldChangeNothingWhenStoreIsSound() throws IOException {
    for (StoreFixture fixture : List.of(closed, died)) {
      fixture.copyTo(directory);
      Map<String, byte[]> before = StoreFixture.filesOf(directory);

      RepairReport report = StoreRepair.run(directory);

      assertThat(report.problems()).isEmpty();
      assertThat(report.setAside()).isNull();
      assertThat(report.documents()).hasSize(3);
      assertThat(StoreFixture.filesOf(directory)).containsExactlyInAnyOrderEntriesOf(before);
      StoreFixture.clear(directory);
    }
  }

  @Test
  void shouldLoseNoMoreThanPageWhenPageOfDatabaseIsDestroyed() throws IOException {
    byte[] whole = closed.file(DATABASE);
    for (int page = 0; page < whole.length / PAGE; page++) {
      byte[] damaged = whole.clone();
      Arrays.fill(damaged, page * PAGE, (page + 1) * PAGE, (byte) 0);
      if (!Arrays.equals(whole, damaged)) {
        repair(closed, Map.of(DATABASE, damaged), "page " + (page + 1), eventsOf(page + 1));
      }
    }
  }

  @Test
  void shouldTakeInNothingWrongWhenByteIsFlipped() throws IOException {
    Random random = new Random(11);
    byte[] whole = closed.file(DATABASE);
    for (int page = 0; page < whole.length / PAGE; page += 3) {
      byte[] damaged = whole.clone();
      int at = page * PAGE + random.nextInt(PAGE);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      repair(closed, Map.of(DATABASE, damaged), "byte " + at, eventsOf(page + 1));
    }
  }

  @Test
  void shouldReadOnBehindDamageWhenFrameOfLogIsDestroyed() throws IOException {
    byte[] whole = died.file(LOG);
    int frames = (whole.length - WriteAheadLog.HEADER_BYTES) / FRAME;
    for (int frame = 0; frame < frames; frame += 7) {
      byte[] damaged = whole.clone();
      int at = WriteAheadLog.HEADER_BYTES + frame * FRAME;
      // The page, not the head: that a frame was there is known.
      Arrays.fill(damaged, at + 100, at + FRAME, (byte) 0x55);
      // What stood only in that page at that time is lost: some rows.
      repair(died, Map.of(LOG, damaged), "frame " + frame, 1_000);
    }
  }

  @Test
  void shouldLoseNothingWhenHeaderOfLogIsDestroyed() throws IOException {
    byte[] damaged = died.file(LOG);
    Arrays.fill(damaged, 0, WriteAheadLog.HEADER_BYTES, (byte) 0);
    repair(died, Map.of(LOG, damaged), "the log's header", 0);
  }

  @Test
  void shouldLoseNothingWhenHeaderOfDatabaseIsDestroyed() throws IOException {
    for (StoreFixture fixture : List.of(closed, died)) {
      byte[] damaged = fixture.file(DATABASE);
      Arrays.fill(damaged, 0, 100, (byte) 0xff);
      repair(fixture, Map.of(DATABASE, damaged), "the header", 0);
    }
  }

  @Test
  void shouldRecoverWhatIsLeftWhenDatabaseIsTruncated() throws IOException {
    byte[] whole = closed.file(DATABASE);
    for (int pages = 0; pages < whole.length / PAGE; pages++) {
      byte[] damaged = Arrays.copyOf(whole, pages * PAGE);
      repair(closed, Map.of(DATABASE, damaged), pages + " pages", Long.MAX_VALUE);
    }
  }

  @Test
  void shouldTakeInNothingWrongWhenBothFilesAreOverwritten() throws IOException {
    for (int seed = 0; seed < 25; seed++) {
      Random random = new Random(seed);
      Map<String, byte[]> damaged = Map.of(DATABASE, died.file(DATABASE), LOG, died.file(LOG));
      for (byte[] file : damaged.values()) {
        for (int i = random.nextInt(6); i > 0; i--) {
          byte[] garbage = new byte[random.nextInt(3_000)];
          random.nextBytes(garbage);
          System.arraycopy(
              garbage, 0, file, random.nextInt(file.length - garbage.length), garbage.length);
        }
      }
      repair(died, damaged, "seed " + seed, Long.MAX_VALUE);
    }
  }

  @Test
  void shouldTakeWhatLogLacksFromSnapshot() throws IOException {
    byte[] damaged = closed.file(DATABASE);
    // All rows of changes, wherever they begin.
    for (int page = 1; page < damaged.length / PAGE; page++) {
      if (damaged[page * PAGE] == 0x0d && eventsOf(page + 1) > 0) {
        Arrays.fill(damaged, page * PAGE, page * PAGE + 8, (byte) 0);
      }
    }
    closed.copyTo(directory);
    Files.write(directory.resolve(DATABASE), damaged);

    RepairReport report = StoreRepair.run(directory);

    assertThat(report.documents())
        .extracting(RepairReport.Document::events)
        .containsExactly(0L, 0L, events(closed, StoreFixture.POEM));
    assertThat(missing(report, StoreFixture.LETTER)).isEqualTo(events(closed, StoreFixture.LETTER));
  }

  @Test
  void shouldKeepAllBesideTheLog() throws IOException {
    closed.copyTo(directory);
    byte[] damaged = closed.file(DATABASE);
    Arrays.fill(damaged, 0, 100, (byte) 0);
    Files.write(directory.resolve(DATABASE), damaged);
    DocumentId notes = StoreFixture.NOTES;

    RepairReport unused = StoreRepair.run(directory);

    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random())) {
      assertThat(store.relayDurable(notes)).isEqualTo(VersionVector.of(closed.own(notes), 100));
      assertThat(store.pendingSaves(notes))
          .extracting(PendingSave::saveId)
          .containsExactly("save-40");
      assertThat(store.ownReplicas(notes)).containsExactly(closed.own(notes));
      assertThat(store.replicaId(notes)).isNotEqualTo(closed.own(notes));
      assertThat(store.outbox(notes)).isNotEmpty();
      assertThat(store.deadLetters(notes))
          .singleElement()
          .hasToString("dead letter 2 of document notes: too-large");
      List<Change> changes = store.outbox(notes).subList(0, 1);
      assertThat(store.putDeadLetter(notes, "new", "", Instant.EPOCH, changes).number())
          .isEqualTo(3);
    }
  }

  @Test
  void shouldKeepAsDeadLetterWhatBuildsOnLostChanges() throws Exception {
    Author ann = new Author(0xa11);
    Author ben = new Author(0xbe7);
    DocumentId notes = StoreFixture.NOTES;
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      store.append(notes, ann.type("first"), Durability.WRITTEN);
      List<Change> second = ann.type("second");
      store.append(notes, second, Durability.WRITTEN);
      ben.read(ann.since(VersionVector.EMPTY));
      store.append(notes, ben.type("third"), Durability.WRITTEN);
      store.append(notes, ann.type("fourth"), Durability.WRITTEN);
    }
    execute("UPDATE change SET crc = crc + 1 WHERE start_sequence = 5");

    RepairReport report = StoreRepair.run(directory);

    assertThat(report.problems())
        .containsExactly(
            "document notes: the change of replica 0000000000000a11 at 5 has a wrong checksum");
    assertThat(report.unreadable())
        .containsExactly("row 2 of table change is not what was written, or of no document");
    assertThat(report.documents())
        .containsExactly(
            new RepairReport.Document(
                notes, 5, 2, List.of(new EventRange(ann.replica(), 5, 11)), 6));
    assertThat(report.setAside()).isEqualTo(directory.toRealPath().resolve("weft.db.damaged-1"));
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      assertThat(StoreFixture.textOf(store, notes)).isEqualTo("first");
      DeadLetter letter = store.deadLetters(notes).get(0);
      assertThat(letter.code()).isEqualTo("store-damaged");
      assertThat(letter.reason())
          .isEqualTo("what they build on was lost with the damaged store: 0000000000000a11[5, 11)");
      // The relay sends what is missing.
      store.append(
          notes,
          ann.between(VersionVector.of(ann.replica(), 5), VersionVector.of(ann.replica(), 11)),
          Durability.WRITTEN);
      store.append(notes, letter.changes(), Durability.WRITTEN);
      assertThat(StoreFixture.textOf(store, notes)).isEqualTo("firstsecondfourththird");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-3, 50_000})
  void shouldRepairWhenVersionOfSchemaIsDamaged(int version) throws Exception {
    Author ann = new Author(0xa11);
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      store.append(StoreFixture.NOTES, ann.type("kept"), Durability.WRITTEN);
    }
    execute("PRAGMA user_version = " + version);

    assertThatExceptionOfType(StoreDamagedException.class)
        .isThrownBy(() -> SqliteChangeStore.open(directory, new Random(2)))
        .withMessageContaining("its schema has the version " + version)
        .withMessageContaining("weft store repair ");
    assertThat(StoreCheck.run(directory).isSound()).isFalse();
    assertThat(StoreRepair.run(directory).documents())
        .containsExactly(new RepairReport.Document(StoreFixture.NOTES, 4, 0, List.of(), 0));
    assertThat(StoreCheck.run(directory).isSound()).isTrue();
  }

  @Test
  void shouldLetNobodyElseReadWhatWasPrivate() throws Exception {
    Author ann = new Author(0xa11);
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      store.append(StoreFixture.NOTES, ann.type("kept"), Durability.WRITTEN);
      store.append(StoreFixture.NOTES, ann.type("lost"), Durability.WRITTEN);
    }
    Path file = directory.resolve("weft.db");
    assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    execute("UPDATE change SET crc = crc + 1 WHERE start_sequence = 4");

    RepairReport report = StoreRepair.run(directory);

    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(report.setAside()).isNotNull();
  }

  /** Whatever tells which pages are in use is lost with the first one. */
  @ParameterizedTest
  @ValueSource(ints = {16, 100, 4_096})
  void shouldNotBringBackWhatWasDiscardedWhenHeaderIsDestroyed(int destroyed) throws Exception {
    DocumentId notes = StoreFixture.NOTES;
    String discarded = "never again ".repeat(3_000);
    Author ann;
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      ann = new Author(store.replicaId(notes));
      store.append(notes, ann.type("kept "), Durability.WRITTEN);
      List<Change> refused = ann.type(discarded);
      store.append(notes, refused, Durability.WRITTEN);
      store.putSnapshot(notes, ann.version(), ann.snapshot());
      DeadLetter letter = store.putDeadLetter(notes, "no", "", Instant.EPOCH, refused);
      assertThat(store.releaseReplicaId(notes, ann.replica(), ann.ownNext())).isTrue();
      assertThat(store.discardDeadLetter(notes, letter.number())).isEqualTo(discarded.length());
      store.append(notes, new Author(2).type("more "), Durability.WRITTEN);
    }
    Path file = directory.resolve("weft.db");
    byte[] content = Files.readAllBytes(file);
    Arrays.fill(content, 0, destroyed, (byte) 0);
    Files.write(file, content);

    StoreRepair.run(directory);

    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(3))) {
      assertThat(StoreFixture.textOf(store, notes)).contains("kept ", "more ").hasSize(10);
      assertThat(store.deadLetters(notes)).isEmpty();
    }
  }

  @Test
  void shouldTakeInEarlierLettersWhenGapIsFilled() throws Exception {
    Author ann = new Author(0xa11);
    DocumentId notes = StoreFixture.NOTES;
    List<Change> first = ann.type("first");
    List<Change> second = ann.type("second");
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      DeadLetter unused =
          store.putDeadLetter(notes, DeadLetter.STORE_DAMAGED, "", Instant.EPOCH, second);
      store.append(notes, first, Durability.WRITTEN);
      store.append(notes, second, Durability.WRITTEN);
      store.append(notes, ann.type("third"), Durability.WRITTEN);
    }
    execute("UPDATE change SET crc = crc + 1 WHERE start_sequence = 5");

    RepairReport report = StoreRepair.run(directory);

    assertThat(report.documents())
        .containsExactly(new RepairReport.Document(notes, 16, 0, List.of(), 0));
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      assertThat(store.deadLetters(notes)).isEmpty();
      assertThat(StoreFixture.textOf(store, notes)).isEqualTo("firstsecondthird");
    }
  }

  @Test
  void shouldNotBringBackWhatWasDiscarded() throws Exception {
    DocumentId notes = StoreFixture.NOTES;
    Author ann = new Author(0xa11);
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      store.append(notes, ann.type("kept"), Durability.WRITTEN);
      List<Change> discarded = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        List<Change> change = ann.type("discarded".repeat(50));
        store.append(notes, change, Durability.WRITTEN);
        discarded.addAll(change);
      }
      DeadLetter letter = store.putDeadLetter(notes, "no", "no", Instant.EPOCH, discarded);
      assertThat(store.discardDeadLetter(notes, letter.number())).isEqualTo(18_000);
      store.append(notes, new Author(1).type("more"), Durability.WRITTEN);
    }
    execute("UPDATE change SET crc = crc + 1 WHERE replica = 1");

    RepairReport report = StoreRepair.run(directory);

    assertThat(report.documents()).singleElement().extracting("events").isEqualTo(4L);
    try (SqliteChangeStore store = SqliteChangeStore.open(directory, new Random(1))) {
      assertThat(StoreFixture.textOf(store, notes)).isEqualTo("kept");
    }
  }

  @Test
  void shouldRefuseWhatIsNoStore() throws Exception {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> StoreRepair.run(directory.resolve("none")))
        .withMessageContaining("there is no store in " + directory.resolve("none"));
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> StoreRepair.run(directory))
        .withMessageEndingWith("it has no weft.db");
    assertThat(directory).isEmptyDirectory();

    Path file = Files.writeString(directory.resolve(DATABASE), "Dear diary. ".repeat(1_000));
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> StoreRepair.run(directory))
        .withMessageContaining("nothing in weft.db is what a store writes");
    assertThat(file).hasContent("Dear diary. ".repeat(1_000));

    Files.delete(file);
    execute("CREATE TABLE recipe (name TEXT)");
    byte[] recipes = Files.readAllBytes(file);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> StoreRepair.run(directory))
        .withMessageContaining("it is a database of another program");
    assertThat(file).hasBinaryContent(recipes);
  }

  /**
   * Damages a copy of a store, repairs it, and asserts that nothing wrong is there, and that all
   * that is not is reported.
   *
   * @param atMost how many events may be lost
   */
  private void repair(StoreFixture fixture, Map<String, byte[]> damaged, String what, long atMost)
      throws IOException {
    StoreFixture.clear(directory);
    fixture.copyTo(directory);
    for (Map.Entry<String, byte[]> file : damaged.entrySet()) {
      Path unused = Files.write(directory.resolve(file.getKey()), file.getValue());
    }
    Map<String, byte[]> before = StoreFixture.filesOf(directory);

    RepairReport report = StoreRepair.run(directory);

    assertThat(report.setAside() == null).as(what).isEqualTo(report.problems().isEmpty());
    if (report.setAside() == null) {
      assertThat(StoreFixture.filesOf(directory)).as(what).containsAllEntriesOf(before);
    } else {
      assertThat(directory.resolve("weft.db.damaged-1"))
          .as(what)
          .hasBinaryContent(before.get(DATABASE));
      if (before.containsKey(LOG)) {
        assertThat(directory.resolve("weft.db.damaged-1-wal"))
            .as(what)
            .hasBinaryContent(before.get(LOG));
      }
    }
    long lost = fixture.assertSound(directory, atMost);
    if (atMost < Long.MAX_VALUE && report.setAside() != null) {
      long missing = 0;
      for (DocumentId document : fixture.documents()) {
        missing += missing(report, document);
      }
      assertThat(missing).as("what is told to be missing, " + what).isGreaterThanOrEqualTo(lost);
    }
  }

  private static long events(StoreFixture fixture, DocumentId document) {
    return fixture.oracle(document).version().eventsSince(VersionVector.EMPTY);
  }

  private static long missing(RepairReport report, DocumentId document) {
    return report.documents().stream()
        .filter(made -> made.document().equals(document))
        .flatMap(made -> made.missing().stream())
        .mapToLong(range -> range.end() - range.start())
        .sum();
  }

  /** How many events stand in a page of the closed store; of an overflow page, those of its row. */
  private static long eventsOf(int number) throws IOException {
    try (FileChannel file =
        FileChannel.open(made.resolve("closed/weft.db"), StandardOpenOption.READ)) {
      PageScan scan = new PageScan(PageImage.of(file, PAGE), Set.of("NIIIIIB"), Set.of());
      long[] events = new long[1];
      scan.scan(number, (row, inIndex) -> events[0] += row.integer(4) - row.integer(3));
      int type = closed.file(DATABASE)[(number - 1) * PAGE];
      return events[0] > 0 || type == 0x0d || type == 0x0a || type == 0x05 || type == 0x02
          ? events[0]
          : 6_005;
    }
  }

  private void execute(String sql) throws Exception {
    try (SqliteConnection connection = SqliteConnection.openWriter(directory.resolve(DATABASE))) {
      connection.execute(sql);
    }
  }
}
