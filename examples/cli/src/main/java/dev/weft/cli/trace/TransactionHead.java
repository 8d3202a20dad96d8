package dev.weft.cli.trace;

import dev.weft.cli.trace.Trace.Kind;
import org.jspecify.annotations.Nullable;

/** What a transaction of a file says beside its patches. Filled field by field while it is read. */
final class TransactionHead {
  static final int ABSENT = -1;

  int agentNumber = ABSENT;
  @Nullable String agentName;
  int sequence = ABSENT;
  int spanStart = ABSENT;
  int spanEnd = ABSENT;

  /** Transactions or events, as the kind has it; null where the field is missing. */
  @Nullable IntColumn parents;

  /** The kind of trace that has such transactions. */
  Kind kind() {
    if (spanStart != ABSENT) {
      return Kind.EVENT_GRAPH;
    }
    return parents == null ? Kind.SEQUENTIAL : Kind.CONCURRENT;
  }
}
