package dev.weft.client;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.PendingSave;
import dev.weft.store.StoreException;
import dev.weft.store.StoredSnapshot;
import dev.weft.store.WorkspaceStore;
import java.util.List;
import java.util.Optional;

/**
 * A text as this device's store has it: its snapshot with the changes since.
 *
 * @param document which document
 * @param store where it is stored
 * @param text the text, with the replica id under which this device may write it
 * @param version the text's version, which is the store's
 * @param snapshotVersion what of that the snapshot has; empty if there is none
 * @param relayDurable what the relay is known to hold durably
 * @param pendingSaves the saves that wait for the relay's answer, oldest first
 */
record StoredText(
    DocumentId document,
    WorkspaceStore store,
    TextDocument text,
    VersionVector version,
    VersionVector snapshotVersion,
    VersionVector relayDurable,
    List<PendingSave> pendingSaves) {

  /**
   * Reads a text from the store. O(snapshot + changes since).
   *
   * @throws StoreException if the store cannot be read, or what it has of the document is not
   *     complete
   */
  static StoredText load(WorkspaceStore store, DocumentId document) {
    ReplicaId replica = store.replicaId(document);
    Optional<StoredSnapshot> snapshot = store.snapshot(document);
    try {
      TextDocument text =
          snapshot.isPresent()
              ? TextDocument.load(replica, snapshot.get().bytes())
              : TextDocument.create(replica);
      List<Change> later = store.readSince(document, text.version());
      if (!later.isEmpty() && !text.apply(Change.combine(later)).isComplete()) {
        throw new StoreException(
            "the store's changes of document " + document.value() + " have gaps; check the store");
      }
      return new StoredText(
          document,
          store,
          text,
          text.version(),
          snapshot.map(StoredSnapshot::version).orElse(VersionVector.EMPTY),
          store.relayDurable(document),
          store.pendingSaves(document));
    } catch (MalformedUpdateException e) {
      throw new StoreException(
          "what the store has of document "
              + document.value()
              + " cannot be read; check the store: "
              + e.getMessage(),
          e);
    }
  }
}
