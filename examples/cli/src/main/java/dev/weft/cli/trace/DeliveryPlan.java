package dev.weft.cli.trace;

import dev.weft.cli.trace.Trace.Kind;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What each writer of a trace receives, and when: before it types a transaction, exactly what that
 * one's parents name and the writer does not have. Immutable.
 *
 * <p>An agent of a sequential or concurrent trace is one replica, which carries its text from one
 * of its transactions to the next. In an event graph every transaction is a replica of its own,
 * which starts from a copy of a parent's state.
 */
final class DeliveryPlan {
  /** Stands for "starts from the text before the first transaction". */
  static final int NO_PARENT = -1;

  private static final int[] NOTHING = {};

  private final int[] forkedFrom;
  private final int[][] received;
  private final int[][] receivedAtEnd;

  private DeliveryPlan(int[] forkedFrom, int[][] received, int[][] receivedAtEnd) {
    this.forkedFrom = forkedFrom;
    this.received = received;
    this.receivedAtEnd = receivedAtEnd;
  }

  /**
   * Works out the plan of a trace.
   *
   * @throws TraceFormatException if an agent's transaction does not build on its one before, so
   *     that no single replica can have made both
   */
  static DeliveryPlan of(Trace trace) throws TraceFormatException {
    return trace.kind() == Kind.EVENT_GRAPH ? ofEventGraph(trace) : ofAgents(trace);
  }

  /** Which transaction's state an event graph's transaction starts from, or {@link #NO_PARENT}. */
  int forkedFrom(int transaction) {
    return forkedFrom[transaction];
  }

  /** Which transactions the writer receives before this one, ascending. Not to be changed. */
  int[] received(int transaction) {
    return received[transaction];
  }

  /**
   * Which transactions a replica receives when all have written, ascending: by writer, or in an
   * event graph the one that made the last transaction. Not to be changed.
   */
  int[] receivedAtEnd(int writer) {
    return receivedAtEnd[writer];
  }

  private static DeliveryPlan ofAgents(Trace trace) throws TraceFormatException {
    Ancestry ancestry = new Ancestry(trace);
    int count = trace.transactionCount();
    int[][] received = new int[count][];
    BitSet[] seen = new BitSet[trace.writerCount()];
    int[] previous = new int[seen.length];
    Arrays.setAll(seen, writer -> new BitSet());
    Arrays.fill(previous, NO_PARENT);
    for (int transaction = 0; transaction < count; transaction++) {
      int writer = trace.writer(transaction);
      int[] parents = trace.parents(transaction);
      received[transaction] = ancestry.takeUnseen(parents, seen[writer]);
      requireBuildsOn(trace, previous[writer], transaction, received[transaction]);
      seen[writer].set(transaction);
      previous[writer] = transaction;
    }
    int[][] atEnd = new int[seen.length][];
    for (int writer = 0; writer < atEnd.length; writer++) {
      BitSet missing = (BitSet) seen[writer].clone();
      missing.flip(0, count);
      atEnd[writer] = missing.stream().toArray();
    }
    return new DeliveryPlan(new int[0], received, atEnd);
  }

  /**
   * What the writer had is what its previous transaction builds on. So the new one builds on that
   * transaction if a parent of the new one, or of what came with it, is that transaction.
   */
  private static void requireBuildsOn(Trace trace, int previous, int transaction, int[] received)
      throws TraceFormatException {
    boolean builds = previous == NO_PARENT || names(trace.parents(transaction), previous);
    for (int i = received.length - 1; !builds && i >= 0; i--) {
      builds = names(trace.parents(received[i]), previous);
    }
    if (!builds) {
      throw new TraceFormatException(
          trace.name()
              + ": txns["
              + transaction
              + "] does not build on txns["
              + previous
              + "] of the same agent, so no one replica can have made both");
    }
  }

  private static boolean names(int[] parents, int transaction) {
    for (int parent : parents) {
      if (parent == transaction) {
        return true;
      }
    }
    return false;
  }

  private static DeliveryPlan ofEventGraph(Trace trace) {
    Ancestry ancestry = new Ancestry(trace);
    int count = trace.transactionCount();
    int[] forkedFrom = new int[count];
    int[][] received = new int[count][];
    BitSet heads = new BitSet();
    for (int transaction = 0; transaction < count; transaction++) {
      int[] parents = trace.parents(transaction);
      // The latest parent has the longest history as a rule, so the least remains to be received.
      int base = Arrays.stream(parents).max().orElse(NO_PARENT);
      forkedFrom[transaction] = base;
      received[transaction] = parents.length < 2 ? NOTHING : ancestry.beyond(base, parents);
      heads.set(transaction);
      for (int parent : parents) {
        heads.clear(parent);
      }
    }
    int[][] atEnd = new int[trace.writerCount()][];
    Arrays.fill(atEnd, NOTHING);
    if (count > 0) {
      int last = count - 1;
      atEnd[trace.writer(last)] = ancestry.beyond(last, heads.stream().toArray());
    }
    return new DeliveryPlan(forkedFrom, received, atEnd);
  }
}
