package dev.weft.store;

import dev.weft.crdt.VersionVector;

/** A document's text and history up to a version, as one snapshot. Immutable. */
public final class StoredSnapshot {
  private final VersionVector version;
  private final byte[] bytes;

  /**
   * Creates a snapshot, which owns {@code bytes} from here on: the caller must not change them.
   *
   * @param version what the snapshot has seen
   * @param bytes what {@link dev.weft.crdt.TextDocument#snapshot} wrote
   */
  public StoredSnapshot(VersionVector version, byte[] bytes) {
    this.version = version;
    this.bytes = bytes;
  }

  /** Returns what the snapshot has seen. */
  public VersionVector version() {
    return version;
  }

  /** Returns a copy of the bytes, for {@link dev.weft.crdt.TextDocument#load}. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "snapshot of " + bytes.length + " bytes at [" + version + "]";
  }
}
