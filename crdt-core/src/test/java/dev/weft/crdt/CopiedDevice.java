package dev.weft.crdt;

/**
 * A device and what its backup was restored to: both write under one id and share what was written
 * before.
 */
record CopiedDevice(TextDocument device, TextDocument restored) {
  /** Returns both as they are when the backup has just been restored. */
  static CopiedDevice after(ReplicaId id, String written) throws MalformedUpdateException {
    TextDocument device = TextDocument.create(id);
    device.insert(0, written);
    return new CopiedDevice(device, TextDocument.load(id, device.snapshot()));
  }
}
