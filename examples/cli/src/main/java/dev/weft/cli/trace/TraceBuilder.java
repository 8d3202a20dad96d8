package dev.weft.cli.trace;

import dev.weft.cli.trace.Trace.Kind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects a trace while it is read, finds out of which kind it is, and checks what can be checked
 * without replaying it. Not thread-safe.
 */
final class TraceBuilder {
  private final String name;
  private String startContent = "";
  private @Nullable String endContent;
  private boolean declaredConcurrent;
  private int declaredAgents = Integer.MAX_VALUE;

  private @Nullable Kind kind;
  private final EventGraph graph;
  private final IntColumn agents = new IntColumn();
  private final IntColumn parentStarts = new IntColumn();
  private final IntColumn parents = new IntColumn();
  private final IntColumn patchStarts = new IntColumn();
  private final Patches patches = new Patches();
  private int events;
  private int eventsBefore;
  private int patchesBefore;

  TraceBuilder(String name) {
    this.name = name;
    this.graph = new EventGraph(name);
  }

  void startContent(String text) {
    startContent = text;
  }

  void endContent(String text) {
    endContent = text;
  }

  void concurrent() {
    declaredConcurrent = true;
  }

  void agentCount(int count) {
    declaredAgents = count;
  }

  /** Adds a patch of the transaction that the next {@link #transaction} closes. */
  void patch(int position, int deleted, String inserted) throws TraceFormatException {
    patches.add(position, deleted, inserted);
    long count = events + (long) deleted + inserted.codePointCount(0, inserted.length());
    if (count > Integer.MAX_VALUE) {
      throw new TraceFormatException(
          name + ": more than " + Integer.MAX_VALUE + " inserted and deleted characters");
    }
    events = (int) count;
  }

  /** Adds a transaction with the patches added since the one before. */
  void transaction(TransactionHead head) throws TraceFormatException {
    int transaction = patchStarts.size();
    Kind found = head.kind();
    if (kind != null && found != kind) {
      throw new TraceFormatException(
          name + ": txns[" + transaction + "] has the fields of another kind of trace");
    }
    kind = found;
    patchStarts.add(patchesBefore);
    patchesBefore = patches.size();
    if (found == Kind.EVENT_GRAPH) {
      graph.add(head, eventsBefore, events);
    } else {
      parentStarts.add(parents.size());
      addParents(transaction, head.parents);
      if (found == Kind.CONCURRENT && head.agentNumber == TransactionHead.ABSENT) {
        throw new TraceFormatException(
            name + ": txns[" + transaction + "] has no agent, a whole number");
      }
      agents.add(Math.max(head.agentNumber, 0));
    }
    eventsBefore = events;
  }

  private void addParents(int transaction, @Nullable IntColumn named) throws TraceFormatException {
    if (named == null) {
      if (transaction > 0) {
        parents.add(transaction - 1);
      }
      return;
    }
    for (int i = 0; i < named.size(); i++) {
      int parent = named.get(i);
      if (parent >= transaction) {
        throw new TraceFormatException(
            name
                + ": txns["
                + transaction
                + "] has parent "
                + parent
                + ", which does not stand before it");
      }
      parents.add(parent);
    }
  }

  Trace build() throws TraceFormatException {
    if (declaredConcurrent && kind != null && kind != Kind.CONCURRENT) {
      throw new TraceFormatException(
          name + ": says that it is concurrent, but its transactions have no parents by number");
    }
    patchStarts.add(patchesBefore);
    if (kind == Kind.EVENT_GRAPH) {
      return graph.toTrace(startContent, endContent, patchStarts, patches);
    }
    parentStarts.add(parents.size());
    return new Trace(
        name,
        kind == Kind.CONCURRENT || declaredConcurrent ? Kind.CONCURRENT : Kind.SEQUENTIAL,
        startContent,
        endContent,
        agents.size(),
        ranked(agents.toArray()),
        parentStarts.toArray(),
        parents.toArray(),
        patchStarts.toArray(),
        patches);
  }

  /** Numbers agents from 0 up without gaps, in the order of their own numbers. */
  private int[] ranked(int[] numbers) throws TraceFormatException {
    int[] distinct = Arrays.stream(numbers).sorted().distinct().toArray();
    if (distinct.length > 0 && distinct[distinct.length - 1] >= declaredAgents) {
      throw new TraceFormatException(
          name
              + ": has an agent "
              + distinct[distinct.length - 1]
              + ", but numAgents is "
              + declaredAgents);
    }
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Arrays.binarySearch(distinct, numbers[i]);
    }
    return numbers;
  }
}
