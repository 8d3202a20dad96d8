package dev.weft.lab;

import dev.weft.client.VirtualTime;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What the relays store into, and what they have promised of it. Confined to the simulation's
 * thread.
 */
final class Vault {
  final Disk disk;
  private final VirtualTime time;
  private final Map<DocumentId, VersionVector> acknowledged = new HashMap<>();
  private final Map<DocumentId, NavigableMap<Long, VersionVector>> history = new HashMap<>();
  private DiskStore store;

  Vault(Disk disk, VirtualTime time) {
    this.disk = disk;
    this.time = time;
    this.store = disk.open();
  }

  /** Returns what certainly was on the disk at a time. */
  VersionVector durableAt(DocumentId document, long nanos) {
    Map.Entry<Long, VersionVector> then = history(document).floorEntry(nanos);
    return then == null ? VersionVector.EMPTY : then.getValue();
  }

  private NavigableMap<Long, VersionVector> history(DocumentId document) {
    return history.computeIfAbsent(document, any -> new TreeMap<>());
  }

  DiskStore store() {
    return store;
  }

  /** A save was acknowledged to somebody. */
  void promised(DocumentId document, VersionVector version) {
    acknowledged.merge(document, version, VersionVector::merge);
    check();
  }

  /** The process or the machine that the store belongs to is gone, and comes back. */
  void crash(boolean power) {
    Map<DocumentId, VersionVector> least = new HashMap<>();
    for (DocumentId document : World.DOCUMENTS) {
      least.put(document, power ? store.durable(document) : store.written(document));
    }
    if (power) {
      disk.losePower();
    } else {
      disk.loseProcess();
    }
    store = disk.open();
    least.forEach(
        (document, version) -> {
          if (!store.written(document).includes(version)) {
            throw new Falsehood(
                Promise.STORED_IS_KEPT,
                "the relay's store lost what it had confirmed of "
                    + document
                    + ": "
                    + version
                    + ", it has "
                    + store.written(document));
          }
        });
    check();
  }

  /** Requires that every promise is kept. */
  void check() {
    for (DocumentId document : World.DOCUMENTS) {
      history(document).put(time.nanos(), store.durable(document));
    }
    acknowledged.forEach(
        (document, version) -> {
          if (!store.durable(document).includes(version)) {
            throw new Falsehood(
                Promise.SAVED_IS_SAFE,
                "a save was acknowledged of "
                    + document
                    + " at "
                    + version
                    + ", and what a power cut would leave is "
                    + store.durable(document));
          }
        });
  }
}
