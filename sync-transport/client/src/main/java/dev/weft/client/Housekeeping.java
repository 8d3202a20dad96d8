package dev.weft.client;

import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.StoreException;
import dev.weft.store.StoredDocument;
import dev.weft.store.WorkspaceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has the store tidied while a text is written: neighbouring rows joined, and the snapshot renewed
 * so that opening the text reads little behind it. Works on an executor of its own and on copies of
 * its own; neither typing nor saving waits for it. Confined to the loop.
 */
final class Housekeeping {
  private static final int COMPACT_AFTER_WRITES = 256;

  /** How many changes behind the snapshot are always worth reading. */
  private static final long TAIL_CHANGES = 4_096;

  /** Behind a long history the tail may be longer: that part of it. */
  private static final int TAIL_PART = 8;

  private final DocumentId document;
  private final WorkspaceStore store;
  private final Environment environment;
  private final Consumer<StoreException> failed;

  private VersionVector snapshotVersion;

  /** At which version a snapshot was tried last: one that fails is tried again much later. */
  private VersionVector tried;

  private List<Runnable> waiting = new ArrayList<>();
  private boolean busy;
  private int writes;

  /**
   * Creates the housekeeping of a text just loaded.
   *
   * @param failed is told on the loop when something could not be done, which is tried again later
   */
  Housekeeping(StoredText text, Environment environment, Consumer<StoreException> failed) {
    this.document = text.document();
    this.store = text.store();
    this.environment = environment;
    this.failed = failed;
    this.snapshotVersion = text.snapshotVersion();
    this.tried = snapshotVersion;
  }

  /** Returns what the stored snapshot has seen; empty if there is none. */
  VersionVector snapshotVersion() {
    return snapshotVersion;
  }

  /** The store has {@code stored} now. */
  void wrote(VersionVector stored) {
    writes++;
    boolean snapshotIsDue = isSnapshotDue(stored);
    if (!busy && (snapshotIsDue || writes >= COMPACT_AFTER_WRITES)) {
      if (snapshotIsDue) {
        tried = stored;
      }
      start(snapshotIsDue);
    }
  }

  private boolean isSnapshotDue(VersionVector stored) {
    long history = snapshotVersion.eventsSince(VersionVector.EMPTY);
    return stored.eventsSince(tried) > Math.max(TAIL_CHANGES, history / TAIL_PART);
  }

  /** Joins rows now, and tells when that is done. */
  void compactNow(Runnable done) {
    waiting.add(done);
    if (!busy) {
      start(false);
    }
  }

  private void start(boolean snapshot) {
    busy = true;
    writes = 0;
    List<Runnable> told = waiting;
    waiting = new ArrayList<>();
    environment.housekeeping().execute(() -> tidy(snapshot, told));
  }

  private void tidy(boolean snapshot, List<Runnable> told) {
    VersionVector renewed = null;
    StoreException failure = null;
    try {
      if (snapshot) {
        renewed = StoredDocument.renewSnapshot(store, document);
      }
      boolean more;
      do {
        more = store.compact();
      } while (more);
    } catch (StoreException e) {
      failure = e;
    } catch (IllegalStateException e) {
      // The store was closed meanwhile, in good order: there is nothing left to tidy.
    } catch (RuntimeException | Error e) {
      // A defect; whatever a store throws, others wait to hear that this has ended.
      DaemonThreads.report(e);
    }
    VersionVector version = renewed;
    StoreException why = failure;
    environment.loop().execute(() -> tidied(version, why, told));
  }

  private void tidied(
      @Nullable VersionVector renewed, @Nullable StoreException failure, List<Runnable> told) {
    busy = false;
    if (renewed != null) {
      snapshotVersion = renewed;
    }
    if (failure != null) {
      failed.accept(failure);
    }
    told.forEach(Runnable::run);
    if (!waiting.isEmpty()) {
      start(false);
    }
  }
}
