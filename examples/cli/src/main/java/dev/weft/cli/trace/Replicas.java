package dev.weft.cli.trace;

import dev.weft.crdt.ApplyResult;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;

/** The replicas of a replay. A mere reader has an id above those of all writers. */
final class Replicas {
  static final ReplicaId READER = new ReplicaId(-1);

  private Replicas() {}

  /** Returns a writer's document as it is before the first transaction. */
  static TextDocument writer(Trace trace, int writer, WriterIds ids) {
    return create(ids.id(writer), trace.startContent(), ids);
  }

  /** Returns the document of a replica that writes nothing, before the first transaction. */
  static TextDocument reader(Trace trace) {
    return reader(trace, WriterIds.COUNTED);
  }

  /** Returns the document of a replica that writes nothing, before the first transaction. */
  static TextDocument reader(Trace trace, WriterIds ids) {
    return create(READER, trace.startContent(), ids);
  }

  /** Returns the document of a replica that writes nothing and has nothing. */
  static TextDocument emptyReader() {
    return TextDocument.create(READER);
  }

  /** Returns the document of a replica that writes nothing, from a snapshot of another. */
  static TextDocument reader(byte[] snapshot) {
    return load(READER, snapshot);
  }

  /** Returns a document from a snapshot of another replica's. */
  static TextDocument load(ReplicaId id, byte[] snapshot) {
    try {
      return TextDocument.load(id, snapshot);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("a snapshot just taken cannot be read", e);
    }
  }

  /** Applies an update all of whose predecessors the document has. */
  static void apply(TextDocument document, byte[] update) {
    ApplyResult result;
    try {
      result = document.apply(update);
    } catch (MalformedUpdateException e) {
      throw new AssertionError("an update just made cannot be read", e);
    }
    if (!result.isComplete()) {
      throw new AssertionError("an update with all its predecessors was not taken in: " + result);
    }
  }

  private static TextDocument create(ReplicaId id, String startContent, WriterIds ids) {
    if (startContent.isEmpty()) {
      return TextDocument.create(id);
    }
    TextDocument start = TextDocument.create(ids.beforeAll());
    start.insert(0, startContent);
    return load(id, start.snapshot());
  }
}
