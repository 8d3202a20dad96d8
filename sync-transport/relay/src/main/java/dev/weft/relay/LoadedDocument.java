package dev.weft.relay;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.protocol.Payload;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.StoreDamagedException;
import dev.weft.store.StoreException;
import dev.weft.store.StoredDocument;
import dev.weft.store.StoredSnapshot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A document as the store has it: a snapshot and the changes behind it.
 *
 * @param text the text, not used by anyone else
 * @param snapshot the snapshot that it began with; null if there was none
 * @param tailBytes how many bytes of changes stood behind it
 */
record LoadedDocument(TextDocument text, CatchUp.@Nullable Snapshot snapshot, long tailBytes) {
  private static final Logger log = LoggerFactory.getLogger(LoadedDocument.class);

  /**
   * Reads a document. O(snapshot + changes behind it).
   *
   * @param replica an id that nobody writes under
   * @throws RefusedException if the store cannot be read, or what is in it makes no document
   */
  static LoadedDocument load(
      ChangeStore store, DocumentId id, ReplicaId replica, RelayBounds bounds)
      throws RefusedException {
    try {
      StoredDocument stored = StoredDocument.load(store, id, replica, bounds.document());
      if (stored.problem() != null) {
        Failures.tell(
            log,
            Level.WARN,
            "document " + id + ": the stored snapshot cannot be read",
            stored.problem());
      }
      return of(stored);
    } catch (StoreDamagedException e) {
      if (store.version(id).size() > bounds.document().maxReplicas()) {
        throw new RefusedException(Refusals.tooManyReplicas(bounds.document()));
      }
      Failures.tell(log, Level.ERROR, damaged(id), e);
      throw new RefusedException(Refusals.storeDamaged());
    } catch (StoreException e) {
      Failures.tell(log, Level.WARN, "document " + id + ": the store cannot be read", e);
      throw new RefusedException(Refusals.storeUnreadable());
    }
  }

  /** Returns what the log says of a document that the store does not have as it was written. */
  static String damaged(DocumentId id) {
    return "document " + id + ": what is stored is damaged, to be repaired with the relay stopped";
  }

  private static LoadedDocument of(StoredDocument stored) {
    StoredSnapshot snapshot = stored.snapshot();
    return new LoadedDocument(
        stored.text(),
        snapshot == null
            ? null
            : new CatchUp.Snapshot(snapshot.version(), Payload.of(snapshot.bytes())),
        stored.tailBytes());
  }
}
