package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.Limits;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A document as a store has it: its latest snapshot and the changes behind that.
 *
 * @param text the text, used by nobody else
 * @param snapshot the snapshot that it began with; null if it was read from the log alone
 * @param tailBytes how many bytes of changes stood behind the snapshot
 * @param problem why the stored snapshot could not be used, though there is one; null if it could
 */
public record StoredDocument(
    TextDocument text,
    @Nullable StoredSnapshot snapshot,
    long tailBytes,
    @Nullable Exception problem) {
  /** Under this id a document is read and never written. */
  static final ReplicaId READER = new ReplicaId(0);

  /**
   * Reads a document, {@link Limits#DEFAULT}. O(snapshot + changes behind it).
   *
   * @see #load(ChangeStore, DocumentId, ReplicaId, Limits)
   */
  public static StoredDocument load(ChangeStore store, DocumentId document, ReplicaId replica) {
    return load(store, document, replica, Limits.DEFAULT);
  }

  /**
   * Reads a document. A snapshot that cannot be read costs time, nothing else: the log has all that
   * it has. O(snapshot + changes behind it).
   *
   * @param replica under which id the text may be written
   * @throws StoreDamagedException if what is stored makes no document
   * @throws StoreException if the store cannot be read
   */
  public static StoredDocument load(
      ChangeStore store, DocumentId document, ReplicaId replica, Limits limits) {
    StoredSnapshot snapshot = null;
    TextDocument text = null;
    Exception problem = null;
    try {
      Optional<StoredSnapshot> stored = store.snapshot(document);
      if (stored.isPresent()) {
        text = TextDocument.load(replica, stored.get().bytes(), limits);
        snapshot = stored.get();
      }
    } catch (StoreDamagedException | MalformedUpdateException e) {
      problem = e;
    }
    if (text == null) {
      text = TextDocument.create(replica, limits);
    }
    long tailBytes = applyTail(store, document, text, limits);
    if (snapshot != null) {
      // Behind the tail: only reading it tells a store that others write too how far it reaches.
      requireLogged(store, document, snapshot);
    }
    return new StoredDocument(text, snapshot, tailBytes, problem);
  }

  /**
   * Has the store keep a snapshot of all that it has of a document now. Works on a copy of its own,
   * so who writes the document is not held up. O(history).
   *
   * @return the snapshot's version
   * @throws StoreDamagedException if what is stored makes no document
   * @throws StoreException if the store cannot be read or written
   */
  public static VersionVector renewSnapshot(ChangeStore store, DocumentId document) {
    TextDocument text = load(store, document, READER).text();
    store.putSnapshot(document, text.version(), text.snapshot());
    return text.version();
  }

  /**
   * A log that has not what a snapshot has was damaged where nothing is checked: in its index. Who
   * writes on would give the numbers of what is missing to other changes.
   */
  private static void requireLogged(
      ChangeStore store, DocumentId document, StoredSnapshot snapshot) {
    if (!store.version(document).includes(snapshot.version())) {
      throw damaged(document, "its log lacks changes that its snapshot has", null);
    }
  }

  /** Applies what is behind the snapshot, in parts that keep to the limit of one update. */
  private static long applyTail(
      ChangeStore store, DocumentId document, TextDocument text, Limits limits) {
    List<Change> tail = store.readSince(document, text.version());
    long bytes = 0;
    int from = 0;
    long partBytes = 0;
    for (int i = 0; i < tail.size(); i++) {
      long size = tail.get(i).sizeInBytes();
      if (i > from && partBytes + size > limits.maxUpdateBytes()) {
        apply(document, text, tail.subList(from, i));
        from = i;
        partBytes = 0;
      }
      partBytes += size;
      bytes += size;
    }
    if (from < tail.size()) {
      apply(document, text, tail.subList(from, tail.size()));
    }
    return bytes;
  }

  private static void apply(DocumentId document, TextDocument text, List<Change> changes) {
    try {
      if (!text.apply(Change.combine(changes)).isComplete()) {
        throw damaged(document, "some of its changes lack what they build on", null);
      }
    } catch (MalformedUpdateException e) {
      throw damaged(document, String.valueOf(e.getMessage()), e);
    }
  }

  /** Returns what of the text the snapshot has; empty if there is none. */
  public VersionVector snapshotVersion() {
    return snapshot == null ? VersionVector.EMPTY : snapshot.version();
  }

  private static StoreDamagedException damaged(
      DocumentId document, String what, @Nullable Throwable cause) {
    return new StoreDamagedException(
        "what the store has of document "
            + document
            + " makes no document: "
            + what
            + "; it was left as it is, check the store",
        cause);
  }
}
