package dev.weft.client;

import dev.weft.store.PendingSave;
import dev.weft.store.StoreException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The saves of one text as this device's store has them, where they outlive a restart. Confined to
 * the loop.
 *
 * <p>One is written at a time, as it is by then: of many that join, few reach the disk. Those that
 * a save stands for are forgotten only once it is stored. A crash between leaves all of them, of
 * which the next run makes one.
 */
final class StoredSaves {
  private final Journal journal;
  private final Runnable written;
  private @Nullable Save writing;
  private boolean forgetsWriting;

  /**
   * Creates the stored saves of a text just loaded.
   *
   * @param written is run when the next may be written
   */
  StoredSaves(Journal journal, Runnable written) {
    this.journal = journal;
    this.written = written;
  }

  /** Stores a save, unless the store has it as it is, or another is being written. */
  void store(Save save) {
    if (writing != null || !save.isUnstored()) {
      return;
    }
    PendingSave pending = save.pending();
    Set<String> replaced = save.replaced();
    writing = save;
    save.storing();
    journal.storeSave(pending, failure -> written(save, replaced, failure));
  }

  private void written(Save save, Set<String> replaced, @Nullable StoreException failure) {
    writing = null;
    save.written();
    if (failure == null) {
      save.replaces(replaced);
      replaced.forEach(journal::forgetSave);
    }
    if (forgetsWriting) {
      forgetsWriting = false;
      journal.forgetSave(save.id());
    }
    written.run();
  }

  /** Returns whether a save outlives this process, as it is now. */
  boolean has(Save save) {
    return save.isStored() && !journal.owesSave(save.id());
  }

  /** Forgets a save that was answered, with those that it stands for. */
  void forget(Save save) {
    for (String id : save.storedIds()) {
      if (writing != null && writing.id().equals(id)) {
        // Now it could be forgotten before it is written.
        forgetsWriting = true;
      } else {
        journal.forgetSave(id);
      }
    }
  }
}
