package dev.weft.relay;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.protocol.Codes;
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
        log.warn("document {}: the stored snapshot cannot be read", id, stored.problem());
      }
      return of(stored);
    } catch (StoreDamagedException e) {
      if (store.version(id).size() > bounds.document().maxReplicas()) {
        throw new RefusedException(Refusals.tooManyReplicas(bounds.document()));
      }
      log.error("document {}: what is stored is damaged", id, e);
      throw new RefusedException(
          Codes.STORE_DAMAGED,
          "What the relay has stored of this document is damaged; its operator must look after"
              + " it.");
    } catch (StoreException e) {
      log.warn("document {}: the store cannot be read", id, e);
      throw new RefusedException(Refusals.storeUnreadable());
    }
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
