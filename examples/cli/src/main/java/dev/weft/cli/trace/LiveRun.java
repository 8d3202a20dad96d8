package dev.weft.cli.trace;

import dev.weft.cli.trace.Trace.Kind;
import dev.weft.crdt.TextDocument;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A trace as it happened: every writer is a replica that receives what the parents of its next
 * transaction name, types it, and hands its update on; in the end all have everything. Runs once,
 * on one thread.
 */
final class LiveRun {
  private final Trace trace;
  private final DeliveryPlan plan;
  private final WriterIds ids;
  private final Typist typist;
  private final byte[][] updates;

  LiveRun(Trace trace, DeliveryPlan plan, WriterIds ids, Typist typist) {
    this.trace = trace;
    this.plan = plan;
    this.ids = ids;
    this.typist = typist;
    this.updates = new byte[trace.transactionCount()][];
  }

  /**
   * Runs, and returns the documents that ended with the whole history: one a writer, of an event
   * graph one in all. They need not agree; that is for the caller to see.
   *
   * @throws TraceFormatException if a transaction does not fit the text at its parents
   */
  List<TextDocument> run() throws TraceFormatException {
    if (trace.transactionCount() == 0) {
      return List.of(Replicas.reader(trace, ids));
    }
    return trace.kind() == Kind.EVENT_GRAPH ? runTransactions() : runAgents();
  }

  /** Returns each transaction's update; after {@link #run}. */
  byte[][] updates() {
    return updates;
  }

  private List<TextDocument> runAgents() throws TraceFormatException {
    TextDocument[] documents = new TextDocument[trace.writerCount()];
    for (int writer = 0; writer < documents.length; writer++) {
      documents[writer] = Replicas.writer(trace, writer, ids);
    }
    for (int transaction = 0; transaction < updates.length; transaction++) {
      TextDocument document = documents[trace.writer(transaction)];
      receive(document, plan.received(transaction));
      type(transaction, document);
    }
    for (int writer = 0; writer < documents.length; writer++) {
      receive(documents[writer], plan.receivedAtEnd(writer));
    }
    return List.of(documents);
  }

  private List<TextDocument> runTransactions() throws TraceFormatException {
    // A state is kept as long as somebody is still to start from it.
    int[] forksLeft = new int[updates.length];
    for (int transaction = 0; transaction < updates.length; transaction++) {
      int base = plan.forkedFrom(transaction);
      if (base != DeliveryPlan.NO_PARENT) {
        forksLeft[base]++;
      }
    }
    @Nullable TextDocument[] states = new TextDocument[updates.length];
    TextDocument document = Replicas.reader(trace, ids);
    for (int transaction = 0; transaction < updates.length; transaction++) {
      int base = plan.forkedFrom(transaction);
      int writer = trace.writer(transaction);
      if (base == DeliveryPlan.NO_PARENT) {
        document = Replicas.writer(trace, writer, ids);
      } else {
        document = Objects.requireNonNull(states[base]).fork(ids.id(writer));
        if (--forksLeft[base] == 0) {
          states[base] = null;
        }
      }
      receive(document, plan.received(transaction));
      type(transaction, document);
      if (forksLeft[transaction] > 0) {
        states[transaction] = document;
      }
    }
    receive(document, plan.receivedAtEnd(trace.writer(updates.length - 1)));
    return List.of(document);
  }

  private void receive(TextDocument document, int[] transactions) {
    for (int transaction : transactions) {
      Replicas.apply(document, updates[transaction]);
    }
  }

  private void type(int transaction, TextDocument document) throws TraceFormatException {
    long before = document.nextSequence();
    try {
      typist.type(transaction, document);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw doesNotFit(trace, transaction, e);
    }
    updates[transaction] = document.ownChangesSince(before);
  }

  static TraceFormatException doesNotFit(Trace trace, int transaction, RuntimeException reason) {
    return new TraceFormatException(
        trace.name()
            + ": txns["
            + transaction
            + "] does not fit the text at its parents: "
            + reason.getMessage(),
        reason);
  }
}
