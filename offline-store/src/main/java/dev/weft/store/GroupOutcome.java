package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one group of a group commit: which documents were stored, whether they were
 * synced, and what failed. Confined to the committing thread.
 */
final class GroupOutcome {
  private final Map<DocumentId, VersionVector> stored = new LinkedHashMap<>();
  private final Map<DocumentId, StoreException> failures = new HashMap<>();
  private @Nullable StoreException failure;
  private @Nullable StoreException syncFailure;
  private boolean synced;
  private boolean failedBefore;

  /** An append reached the store. */
  void succeed(DocumentId document, Durability durability, VersionVector version) {
    stored.put(document, version);
    synced |= durability == Durability.FSYNCED;
  }

  /** An append, of no changes if it was to sync only, failed. */
  void fail(
      DocumentId document, List<Change> changes, Durability durability, RuntimeException cause) {
    StoreException failed =
        cause instanceof StoreException known
            ? known
            : new StoreException(
                "the store failed to append to document " + document + " (" + cause + ")", cause);
    failure = failure == null ? failed : failure;
    if (!changes.isEmpty()) {
      failures.put(document, failed);
    }
    if (durability == Durability.FSYNCED) {
      syncFailure = failed;
    }
  }

  void noteFailureBefore(@Nullable StoreException before) {
    failedBefore = before != null;
  }

  /** Returns whether the store was asked at all, and so whether it works can be told. */
  boolean hasReachedStore() {
    return failure != null || !stored.isEmpty();
  }

  /** Returns what failed first, if anything did. */
  @Nullable StoreException failure() {
    return failure;
  }

  /** Returns whether the store works again. */
  boolean isRecovery() {
    return failedBefore && failure == null && hasReachedStore();
  }

  /** Tells what was stored, and how durably: one sync covers all that was stored before it. */
  void forEachStored(Stored action) {
    Durability reached = synced ? Durability.FSYNCED : Durability.WRITTEN;
    stored.forEach((document, version) -> action.accept(document, version, reached));
  }

  /** Returns why a document is not as durable as asked; null if it is. */
  @Nullable StoreException failureFor(DocumentId document, Durability durability) {
    StoreException failed = failures.get(document);
    return failed == null && durability == Durability.FSYNCED ? syncFailure : failed;
  }

  /** Is told of a document that was stored. */
  @FunctionalInterface
  interface Stored {
    void accept(DocumentId document, VersionVector version, Durability durability);
  }
}
