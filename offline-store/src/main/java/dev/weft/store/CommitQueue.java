package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The changes that a group commit has taken in and the store does not have yet, by document,
 * bounded. A change stays until it is {@linkplain #remove removed}, so that a commit which fails
 * loses nothing. Not thread-safe.
 */
final class CommitQueue {
  private final int maxChanges;
  private final long maxBytes;
  private final Map<DocumentId, Pending> documents = new LinkedHashMap<>();
  private int changes;
  private long bytes;

  CommitQueue(int maxChanges, long maxBytes) {
    this.maxChanges = maxChanges;
    this.maxBytes = maxBytes;
  }

  /** Returns how many changes are queued. */
  int size() {
    return changes;
  }

  /** Returns what is stored or queued of a document. */
  VersionVector accepted(DocumentId document, VersionVector stored) {
    Pending pending = documents.get(document);
    if (pending == null) {
      return stored;
    }
    return pending.accepted.includes(stored) ? pending.accepted : pending.accepted.merge(stored);
  }

  /**
   * Queues changes that are neither stored nor queued, all or none.
   *
   * @param failure why the store takes none at present, for the message
   * @throws StoreException if there is no room; what comes alone is always taken, so that no bound
   *     refuses one large paste
   */
  void add(DocumentId document, CausalAppend append, @Nullable StoreException failure) {
    long added = bytesOf(append.fresh());
    if (changes > 0 && (changes + append.fresh().size() > maxChanges || bytes + added > maxBytes)) {
      throw new StoreException(
          "the change was not taken: "
              + changes
              + " changes of "
              + bytes
              + " bytes wait to be stored, at most "
              + maxChanges
              + " of "
              + maxBytes
              + " may"
              + (failure == null ? "; try again later" : "; " + failure.getMessage()),
          failure);
    }
    Pending pending = documents.computeIfAbsent(document, absent -> new Pending());
    pending.changes.addAll(append.fresh());
    pending.accepted = append.after();
    changes += append.fresh().size();
    bytes += added;
  }

  /** Returns a copy of all that is queued. */
  Map<DocumentId, List<Change>> snapshot() {
    Map<DocumentId, List<Change>> snapshot = new LinkedHashMap<>();
    documents.forEach((document, pending) -> snapshot.put(document, List.copyOf(pending.changes)));
    return snapshot;
  }

  /** Takes out the first changes of a document: those that the store has now. */
  void remove(DocumentId document, List<Change> stored) {
    Pending pending = documents.get(document);
    if (pending == null) {
      return;
    }
    pending.changes.subList(0, stored.size()).clear();
    changes -= stored.size();
    bytes -= bytesOf(stored);
    if (pending.changes.isEmpty()) {
      documents.remove(document);
    }
  }

  private static long bytesOf(List<Change> changes) {
    long bytes = 0;
    for (Change change : changes) {
      bytes += change.sizeInBytes();
    }
    return bytes;
  }

  private static final class Pending {
    final List<Change> changes = new ArrayList<>();
    VersionVector accepted = VersionVector.EMPTY;
  }
}
