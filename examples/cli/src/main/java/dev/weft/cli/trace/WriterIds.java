package dev.weft.cli.trace;

import dev.weft.crdt.ReplicaId;

/**
 * The ids of a trace's writers: they ascend with the writers' numbers, since ids decide ties; that
 * of the text before the first transaction is below them all. Immutable.
 */
public final class WriterIds {
  /** The ids 1, 2 and so on: for a replay, whose documents meet no others. */
  public static final WriterIds COUNTED = new WriterIds(0);

  // So many writers, and more, have ids next to each other.
  private static final int NUMBER_BITS = 24;

  private final long base;

  private WriterIds(long base) {
    this.base = base;
  }

  /**
   * Returns ids that those of other histories practically never are, and the same for the same: so
   * a trace that is taken into a document twice is there once.
   *
   * @param fingerprint of what the trace is read from, such as the start of a cryptographic hash
   */
  public static WriterIds of(long fingerprint) {
    return new WriterIds(fingerprint << NUMBER_BITS);
  }

  /** Returns the id of a writer. */
  public ReplicaId id(int writer) {
    return new ReplicaId(base + writer + 1);
  }

  /** Returns the id of who wrote the text before the first transaction. */
  ReplicaId beforeAll() {
    return new ReplicaId(base);
  }
}
