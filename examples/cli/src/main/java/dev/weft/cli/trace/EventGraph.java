package dev.weft.cli.trace;

import dev.weft.cli.trace.Trace.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of an event graph while it is read. There parents are single events, counted
 * through the file, and any event may be one; a {@link Trace} knows only whole transactions. So a
 * transaction in whose middle another branches off is cut into pieces, each the only parent of the
 * next, which is the same history. Not thread-safe.
 */
final class EventGraph {
  private final String name;
  private final List<String> agents = new ArrayList<>();
  private final IntColumn sequences = new IntColumn();
  private final IntColumn eventStarts = new IntColumn();
  private final IntColumn parentStarts = new IntColumn();
  private final IntColumn parentEvents = new IntColumn();
  private int eventCount;

  EventGraph(String name) {
    this.name = name;
  }

  /** Adds a transaction that makes the events from {@code start} to {@code end}, exclusive. */
  void add(TransactionHead head, int start, int end) throws TraceFormatException {
    if (head.spanStart != start || head.spanEnd != end) {
      throw wrong(
          "span is ["
              + head.spanStart
              + ", "
              + head.spanEnd
              + "), but its ops are the events ["
              + start
              + ", "
              + end
              + ")");
    }
    if (head.agentName == null) {
      throw wrong("has no agent, a name");
    }
    if (head.sequence == TransactionHead.ABSENT) {
      throw wrong("has no seqStart");
    }
    if (head.parents == null) {
      throw wrong("has no parents");
    }
    for (int i = 0; i < head.parents.size(); i++) {
      if (head.parents.get(i) >= start) {
        throw wrong(
            "has parent " + head.parents.get(i) + ", which does not stand before event " + start);
      }
    }
    agents.add(head.agentName);
    sequences.add(head.sequence);
    eventStarts.add(start);
    parentStarts.add(parentEvents.size());
    for (int i = 0; i < head.parents.size(); i++) {
      parentEvents.add(head.parents.get(i));
    }
    eventCount = end;
  }

  private TraceFormatException wrong(String what) {
    return new TraceFormatException(name + ": txns[" + agents.size() + "] " + what);
  }

  Trace toTrace(
      String startContent, @Nullable String endContent, IntColumn patchStarts, Patches patches)
      throws TraceFormatException {
    parentStarts.add(parentEvents.size());
    return new Cut(patches).toTrace(startContent, endContent, patchStarts);
  }

  /** The graph cut so that every parent is the last event of a piece. */
  private final class Cut {
    private final int[] pieceEnds = pieceEnds();
    private final Patches whole;
    private final Patches cut = new Patches();
    private final IntColumn pieceTransactions = new IntColumn();
    private final IntColumn pieceStarts = new IntColumn();
    private final IntColumn pieceParentStarts = new IntColumn();
    private final IntColumn pieceParents = new IntColumn();
    private final IntColumn piecePatchStarts = new IntColumn();

    Cut(Patches whole) {
      this.whole = whole;
    }

    /** Behind which events a piece ends, ascending: those of transactions, and named parents. */
    private int[] pieceEnds() {
      IntColumn ends = new IntColumn();
      for (int transaction = 1; transaction < agents.size(); transaction++) {
        ends.add(eventStarts.get(transaction));
      }
      ends.add(eventCount);
      for (int i = 0; i < parentEvents.size(); i++) {
        ends.add(parentEvents.get(i) + 1);
      }
      return Arrays.stream(ends.toArray()).sorted().distinct().toArray();
    }

    Trace toTrace(String startContent, @Nullable String endContent, IntColumn patchStarts)
        throws TraceFormatException {
      for (int transaction = 0; transaction < agents.size(); transaction++) {
        cut(transaction, patchStarts.get(transaction), patchStarts.get(transaction + 1));
      }
      pieceParentStarts.add(pieceParents.size());
      piecePatchStarts.add(cut.size());
      return new Trace(
          name,
          Kind.EVENT_GRAPH,
          startContent,
          endContent,
          agents.size(),
          writers(),
          pieceParentStarts.toArray(),
          pieceParents.toArray(),
          piecePatchStarts.toArray(),
          cut);
    }

    private void cut(int transaction, int firstPatch, int endPatch) {
      int event = eventStarts.get(transaction);
      beginPiece(transaction, event);
      for (int i = parentStarts.get(transaction); i < parentStarts.get(transaction + 1); i++) {
        pieceParents.add(pieceEndingWith(parentEvents.get(i)));
      }
      for (int patch = firstPatch; patch < endPatch; patch++) {
        int position = whole.position(patch);
        int deleted = whole.deleted(patch);
        String inserted = whole.inserted(patch);
        while (deleted > 0 || !inserted.isEmpty()) {
          if (event > pieceStarts.last() && Arrays.binarySearch(pieceEnds, event) >= 0) {
            int previous = pieceStarts.size() - 1;
            beginPiece(transaction, event);
            pieceParents.add(previous);
          }
          int room = endOfPieceAt(event) - event;
          int deletedHere = Math.min(deleted, room);
          int codePoints = inserted.codePointCount(0, inserted.length());
          int insertedHere = Math.min(codePoints, room - deletedHere);
          int end = inserted.offsetByCodePoints(0, insertedHere);
          cut.add(position, deletedHere, inserted.substring(0, end));
          event += deletedHere + insertedHere;
          deleted -= deletedHere;
          position += insertedHere;
          inserted = inserted.substring(end);
        }
      }
    }

    private void beginPiece(int transaction, int event) {
      pieceTransactions.add(transaction);
      pieceStarts.add(event);
      pieceParentStarts.add(pieceParents.size());
      piecePatchStarts.add(cut.size());
    }

    private int endOfPieceAt(int event) {
      int at = Arrays.binarySearch(pieceEnds, event);
      return pieceEnds[at < 0 ? -at - 1 : at + 1];
    }

    private int pieceEndingWith(int event) {
      return pieceStarts.floorIndex(event);
    }

    /** Ranks the pieces by (agent, sequence number): the order in which ties are broken. */
    private int[] writers() throws TraceFormatException {
      Integer[] order = new Integer[pieceStarts.size()];
      Arrays.setAll(order, piece -> piece);
      Arrays.sort(
          order,
          Comparator.comparing((Integer piece) -> agents.get(pieceTransactions.get(piece)))
              .thenComparingLong(this::sequence));
      int[] writers = new int[order.length];
      for (int rank = 0; rank < order.length; rank++) {
        writers[order[rank]] = rank;
        if (rank > 0 && sameIdentity(order[rank - 1], order[rank])) {
          throw new TraceFormatException(
              name
                  + ": txns["
                  + pieceTransactions.get(order[rank])
                  + "] has the agent and sequence number of txns["
                  + pieceTransactions.get(order[rank - 1])
                  + "]");
        }
      }
      return writers;
    }

    private boolean sameIdentity(int piece, int other) {
      return sequence(piece) == sequence(other)
          && agents
              .get(pieceTransactions.get(piece))
              .equals(agents.get(pieceTransactions.get(other)));
    }

    private long sequence(int piece) {
      int transaction = pieceTransactions.get(piece);
      return (long) sequences.get(transaction)
          + pieceStarts.get(piece)
          - eventStarts.get(transaction);
    }
  }
}
