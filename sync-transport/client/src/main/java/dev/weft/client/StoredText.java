package dev.weft.client;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DeadLetter;
import dev.weft.store.DocumentId;
import dev.weft.store.OutboxSize;
import dev.weft.store.PendingSave;
import dev.weft.store.StoreException;
import dev.weft.store.StoredDocument;
import dev.weft.store.WorkspaceStore;
import java.util.List;

/**
 * A text as this device's store has it: its snapshot with the changes since.
 *
 * @param document which document
 * @param store where it is stored
 * @param text the text, with the replica id under which this device may write it
 * @param version the text's version, which is the store's
 * @param snapshotVersion what of that the snapshot has; empty if there is none
 * @param relayDurable what the relay is known to hold durably
 * @param outboxSize how much the relay is not known to hold
 * @param pendingSaves the saves that wait for the relay's answer, oldest first
 * @param deadLetters what the relay refused for good, oldest first
 */
record StoredText(
    DocumentId document,
    WorkspaceStore store,
    TextDocument text,
    VersionVector version,
    VersionVector snapshotVersion,
    VersionVector relayDurable,
    OutboxSize outboxSize,
    List<PendingSave> pendingSaves,
    List<DeadLetter> deadLetters) {

  /**
   * Reads a text from the store. O(snapshot + changes since).
   *
   * @throws StoreException if the store cannot be read, or what it has of the document is not
   *     complete
   */
  static StoredText load(WorkspaceStore store, DocumentId document) {
    ReplicaId replica = store.replicaId(document);
    StoredDocument stored = StoredDocument.load(store, document, replica);
    return new StoredText(
        document,
        store,
        stored.text(),
        stored.text().version(),
        stored.snapshotVersion(),
        store.relayDurable(document),
        store.outboxSize(document),
        store.pendingSaves(document),
        store.deadLetters(document));
  }

  /**
   * Works out the digest of all that was loaded, which the relay is told on every connection. The
   * first one takes time, 0.15 s for 250,000 edits, and later ones build on it: better here, where
   * nobody edits yet, than under the lock of a text in use. O(history).
   */
  void prepareDigest() {
    long unused = text.digest(version);
  }
}
