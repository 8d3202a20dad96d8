package dev.weft.bench.peers;

import dev.weft.cli.trace.Script;
import dev.weft.cli.trace.Trace;
import dev.weft.cli.trace.Trace.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A trace played by all its authors, each a replica that receives what its parents name before it
 * types. {@code peers.mjs} plays it in the same order.
 *
 * @param <D> a replica's document
 */
final class TracePlay<D> {
  private static final int NO_PARENT = -1;

  private final Replicated<D> library;
  private final Script script;
  private final Trace trace;
  private final byte[][] updates;

  /** Prepares to play; transactions' updates are read from {@code updates}. */
  TracePlay(Replicated<D> library, Script script, byte[][] updates) {
    this.library = library;
    this.script = script;
    this.trace = script.trace();
    this.updates = updates;
  }

  /** Makes the edits of a transaction in a document that holds what its parents name. */
  @FunctionalInterface
  interface Typist<D> {
    void type(D document, int transaction);
  }

  /** Plays, and returns the documents that have the whole history in the end. */
  List<D> run(Typist<D> typist) throws Exception {
    return trace.kind() == Kind.EVENT_GRAPH ? playTransactions(typist) : playAgents(typist);
  }

  private List<D> playAgents(Typist<D> typist) throws Exception {
    List<D> documents = new ArrayList<>();
    for (int writer = 0; writer < Math.max(1, trace.writerCount()); writer++) {
      documents.add(library.create(writer));
    }
    for (int transaction = 0; transaction < trace.transactionCount(); transaction++) {
      D document = documents.get(trace.writer(transaction));
      receive(document, script.received(transaction));
      typist.type(document, transaction);
    }
    for (int writer = 0; writer < trace.writerCount(); writer++) {
      receive(documents.get(writer), script.receivedAtEnd(writer));
    }
    return documents;
  }

  private List<D> playTransactions(Typist<D> typist) throws Exception {
    int count = trace.transactionCount();
    int[] forksLeft = new int[count];
    for (int transaction = 0; transaction < count; transaction++) {
      if (script.forkedFrom(transaction) != NO_PARENT) {
        forksLeft[script.forkedFrom(transaction)]++;
      }
    }
    List<@Nullable D> states = new ArrayList<>();
    D document = library.create(0);
    for (int transaction = 0; transaction < count; transaction++) {
      int base = script.forkedFrom(transaction);
      int writer = trace.writer(transaction);
      if (base == NO_PARENT) {
        document = library.create(writer);
      } else {
        boolean last = --forksLeft[base] == 0;
        document = library.fork(Objects.requireNonNull(states.get(base)), writer, last);
        if (last) {
          states.set(base, null);
        }
      }
      receive(document, script.received(transaction));
      typist.type(document, transaction);
      boolean kept = forksLeft[transaction] > 0;
      states.add(kept ? document : null);
      if (!kept && transaction < count - 1) {
        library.free(document);
      }
    }
    if (count > 0) {
      receive(document, script.receivedAtEnd(trace.writer(count - 1)));
    }
    return List.of(document);
  }

  private void receive(D document, int[] transactions) throws Exception {
    for (int transaction : transactions) {
      library.apply(document, updates[transaction]);
    }
  }
}
