package dev.weft.crdt;

/** Takes back deletes of anybody, as no document does by itself but any may be told. */
final class Restores {
  private Restores() {}

  /** Has a document take in a change of its own replica that takes back some deletes in a row. */
  static void restore(TextDocument document, EventId first, int count)
      throws MalformedUpdateException {
    ReplicaId self = document.replica();
    EventList dependencies = new EventList();
    for (EventId head : document.frontier()) {
      if (!head.replica().equals(self)) {
        int digest = Digests.of(document, head.replica(), head.sequence() + 1);
        dependencies.add(head.replica().bits(), (int) head.sequence(), digest);
      }
    }
    ChangeWriter writer = new ChangeWriter();
    long next = document.nextSequence();
    writer.change(self.bits(), (int) next, Digests.of(document, self, next), dependencies, 0);
    writer.restore(Names.name(first), count, 0);
    writer.endChange(0);
    document.apply(writer.toChange().toBytes());
  }
}
