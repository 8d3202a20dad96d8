package dev.weft.crdt;

/** Digests of events, for tests that write changes by hand. */
final class Digests {
  private Digests() {}

  /** Returns the digest of a replica's first events, 0 if the document has not so many. */
  static int of(TextDocument document, ReplicaId id, long sequence) {
    Contents contents = document.contents();
    int replica = contents.history.findReplica(id.bits());
    return replica < 0 || sequence < 0 || sequence > contents.history.next(replica)
        ? 0
        : contents.logged.digests().of(replica, (int) sequence);
  }

  /** Returns the digest of what a replica inserted behind events with another digest. */
  static int after(
      int before, long replica, int sequence, EventName left, EventName right, String text) {
    EventDigest digest = new EventDigest();
    digest.begin(replica, sequence, before);
    digest.insert(left, right, text.toCharArray(), 0, text.length(), 0);
    return digest.value();
  }
}
