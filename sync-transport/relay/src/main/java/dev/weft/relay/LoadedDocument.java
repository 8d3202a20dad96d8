package dev.weft.relay;

import dev.weft.crdt.ApplyResult;
import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Refusal;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import dev.weft.store.StoreDamagedException;
import dev.weft.store.StoreException;
import dev.weft.store.StoredSnapshot;
import java.util.List;
import java.util.Optional;
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
      return read(store, id, replica, bounds);
    } catch (StoreDamagedException | MalformedUpdateException e) {
      log.error("document {}: what is stored is damaged", id, e);
      throw new RefusedException(
          Codes.STORE_DAMAGED,
          "What the relay has stored of this document is damaged; its operator must look after"
              + " it.");
    } catch (StoreException e) {
      log.warn("document {}: the store cannot be read", id, e);
      throw new RefusedException(
          Refusal.forNow(
              Codes.STORE_UNAVAILABLE, "The relay's store cannot be read at the moment.", 1_000));
    }
  }

  private static LoadedDocument read(
      ChangeStore store, DocumentId id, ReplicaId replica, RelayBounds bounds)
      throws MalformedUpdateException {
    Optional<StoredSnapshot> stored = store.snapshot(id);
    if (stored.isPresent()) {
      byte[] bytes = stored.get().bytes();
      try {
        TextDocument text = TextDocument.load(replica, bytes, bounds.document());
        return behind(store, id, text, new CatchUp.Snapshot(text.version(), Payload.of(bytes)));
      } catch (MalformedUpdateException e) {
        // A snapshot never replaces the log.
        log.warn("document {}: the stored snapshot cannot be read, reading the changes", id, e);
      }
    }
    return behind(store, id, TextDocument.create(replica, bounds.document()), null);
  }

  private static LoadedDocument behind(
      ChangeStore store, DocumentId id, TextDocument text, CatchUp.@Nullable Snapshot snapshot)
      throws MalformedUpdateException {
    VersionVector from = snapshot == null ? VersionVector.EMPTY : snapshot.version();
    List<Change> tail = store.readSince(id, from);
    long bytes = 0;
    for (Change change : tail) {
      bytes += change.sizeInBytes();
    }
    if (!tail.isEmpty()) {
      ApplyResult result = text.apply(Change.combine(tail));
      if (!result.isComplete()) {
        throw new IllegalStateException(
            "the store gave changes of " + id + " whose predecessors it does not give: " + result);
      }
    }
    return new LoadedDocument(text, snapshot, bytes);
  }
}
