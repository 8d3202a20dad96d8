package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store whose disk fails when a test says so, around a real one; keeps account of the appends
 * that reached it. As thread-safe as the test needs: its own fields are guarded by itself.
 */
final class FaultyStore implements ChangeStore {
  private final ChangeStore store;
  private final List<String> appends = new ArrayList<>();
  private @Nullable DocumentId faulty;
  private boolean faultyDisk;

  FaultyStore(ChangeStore store) {
    this.store = store;
  }

  /** Lets every append fail, or none. */
  synchronized void setDiskFails(boolean fails) {
    faultyDisk = fails;
  }

  /** Lets the appends to one document fail. */
  synchronized void setFailing(DocumentId document) {
    faulty = document;
  }

  /** Returns "document changes durability" of each append that succeeded, and forgets them. */
  synchronized List<String> takeAppends() {
    List<String> taken = List.copyOf(appends);
    appends.clear();
    return taken;
  }

  @Override
  public synchronized VersionVector append(
      DocumentId document, List<Change> changes, Durability durability) {
    if (faultyDisk || document.equals(faulty)) {
      throw new StoreException("cannot append to document " + document + ": the disk is full");
    }
    VersionVector version = store.append(document, changes, durability);
    appends.add(document + " " + changes.size() + " " + durability);
    return version;
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
  public void close() {
    store.close();
  }
}
