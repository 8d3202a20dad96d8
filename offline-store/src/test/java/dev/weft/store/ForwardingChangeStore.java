package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import java.util.List;
import java.util.Optional;

/**
 * Passes every call on to another store: what a test wants to see, hold up or refuse, it overrides.
 */
public abstract class ForwardingChangeStore implements ChangeStore {
  private final ChangeStore store;

  protected ForwardingChangeStore(ChangeStore store) {
    this.store = store;
  }

  @Override
  public List<DocumentId> documents() {
    return store.documents();
  }

  @Override
  public VersionVector version(DocumentId document) {
    return store.version(document);
  }

  @Override
  public VersionVector append(DocumentId document, List<Change> changes, Durability durability) {
    return store.append(document, changes, durability);
  }

  @Override
  public List<Change> readSince(DocumentId document, VersionVector seen) {
    return store.readSince(document, seen);
  }

  @Override
  public Optional<StoredSnapshot> snapshot(DocumentId document) {
    return store.snapshot(document);
  }

  @Override
  public void putSnapshot(DocumentId document, VersionVector version, byte[] snapshot) {
    store.putSnapshot(document, version, snapshot);
  }

  @Override
  public boolean compact() {
    return store.compact();
  }

  @Override
  public void close() {
    store.close();
  }
}
