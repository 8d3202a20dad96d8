package dev.weft.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.Durability;
import dev.weft.store.StoredSnapshot;
import dev.weft.store.Together;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * Whatever is submitted while others are written is written once, by one thread at a time, and told
 * once it is flushed, not before.
 *
 * <p>Found when broken: with {@code running} cleared outside of the lock in which the lines are
 * looked at, or without looking, batches that nobody writes; without {@code running}, two writes at
 * once; with documents told as soon as they are appended, some that are not flushed.
 */
class WriteBehindConcurrencyTest {
  private static final int SCHEDULES = 150;
  private static final DocumentId TYPED = new DocumentId("typed");
  private static final DocumentId SAVED = new DocumentId("saved");

  @Test
  void shouldTellEachBatchOnceItIsFlushed() {
    Lincheck.runConcurrentTest(SCHEDULES, WriteBehindConcurrencyTest::submitOnTwoThreads);
  }

  private static void submitOnTwoThreads() {
    Turns writer = new Turns();
    Disk disk = new Disk();
    WriteBehind writeBehind = new WriteBehind(disk, writer, Unwatched.health());
    Told typed = new Told(disk, TYPED);
    Told saved = new Told(disk, SAVED);
    Together.run(
        () -> {
          writeBehind.submit(new WriteBehind.Batch(TYPED, List.of(), null, typed), false);
          writer.work();
        },
        () -> {
          writeBehind.submit(new WriteBehind.Batch(SAVED, List.of(), null, saved), true);
          writeBehind.urge(TYPED);
          writer.work();
        });

    assertEquals("", disk.fault);
    assertEquals(1, typed.flushed);
    assertEquals(1, saved.flushed);
  }

  /** Counts what one document is told. */
  private static final class Told implements WriteBehind.Written {
    private final Disk disk;
    private final DocumentId document;
    private int flushed;

    Told(Disk disk, DocumentId document) {
      this.disk = disk;
      this.document = document;
    }

    @Override
    public void flushed(VersionVector version) {
      disk.requireFlushed(document);
      flushed++;
    }

    @Override
    public void failed() {
      throw new AssertionError(document + " failed");
    }

    @Override
    public void refused(VersionVector held) {
      throw new AssertionError(document + " was refused");
    }
  }

  /** A store that keeps nothing but who is not flushed. Not thread-safe: it is to notice. */
  private static final class Disk implements ChangeStore {
    private final Set<DocumentId> unflushed = new HashSet<>();
    private volatile boolean busy;
    private volatile String fault = "";

    @Override
    public VersionVector append(DocumentId document, List<Change> changes, Durability durability) {
      if (busy) {
        fault = "two appends at once";
      }
      busy = true;
      if (durability == Durability.FSYNCED) {
        unflushed.clear();
      } else {
        unflushed.add(document);
      }
      busy = false;
      return VersionVector.EMPTY;
    }

    void requireFlushed(DocumentId document) {
      if (unflushed.contains(document)) {
        fault = document + " is not flushed";
      }
    }

    @Override
    public List<DocumentId> documents() {
      return List.of();
    }

    @Override
    public VersionVector version(DocumentId document) {
      return VersionVector.EMPTY;
    }

    @Override
    public List<Change> readSince(DocumentId document, VersionVector seen) {
      return List.of();
    }

    @Override
    public Optional<StoredSnapshot> snapshot(DocumentId document) {
      return Optional.empty();
    }

    @Override
    public void putSnapshot(DocumentId document, VersionVector version, byte[] snapshot) {
      throw new AssertionError("no snapshot is to be kept");
    }

    @Override
    public void close() {}
  }
}
