package dev.weft.cli.trace;

import dev.weft.crdt.VersionVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * In which order a trace's transactions pass a relay, and what each writer has of the others' when
 * it types. A connection keeps the order of messages, so that must be the beginning of what they
 * sent; where more than two write, it is a matter of who goes first. Immutable.
 */
final class RelaySchedule {
  private static final int NONE = -1;

  private final int[] order;
  private final VersionVector[] views;
  private final int[] first;
  private final int[] next;
  private final BitSet apart;
  private final long[] ends;

  private RelaySchedule(
      int[] order, VersionVector[] views, int[] first, int[] next, BitSet apart, long[] ends) {
    this.order = order;
    this.views = views;
    this.first = first;
    this.next = next;
    this.apart = apart;
    this.ends = ends;
  }

  /**
   * Finds an order.
   *
   * @throws TraceFormatException if there is none: writers have seen each other's edits in orders
   *     that no relay can bring about
   */
  static RelaySchedule of(Script script) throws TraceFormatException {
    Trace trace = script.trace();
    int count = trace.transactionCount();
    int writers = trace.writerCount();
    int[][] own = transactionsByWriter(trace);
    long[] ends = ends(script, own);
    int[][] seen = new int[writers][writers];
    int[][] received = new int[count][];
    VersionVector[] views = new VersionVector[count];
    Order order = new Order(count);
    for (int transaction = 0; transaction < count; transaction++) {
      int writer = trace.writer(transaction);
      int[] counts = seen[writer];
      int[] arrivals = script.plan().received(transaction);
      for (int arrival : arrivals) {
        counts[trace.writer(arrival)]++;
      }
      int previous = counts[writer] == 0 ? NONE : own[writer][counts[writer] - 1];
      if (previous != NONE) {
        order.require(previous, transaction);
      }
      if (arrivals.length > 0) {
        received[transaction] = lastOf(own, counts, writer);
        requireFirst(order, trace, own, counts, received[transaction], transaction);
        views[transaction] = view(trace, ends, received[transaction]);
      } else {
        received[transaction] = arrivals;
        views[transaction] = previous == NONE ? VersionVector.EMPTY : views[previous];
      }
      counts[writer]++;
    }
    int[] sorted = order.sort();
    if (sorted.length < count) {
      throw new TraceFormatException(
          trace.name()
              + ": cannot be replayed through a relay: its writers have seen each other's edits in"
              + " orders that no relay can bring about; replay it live");
    }
    int[] first = new int[writers];
    int[] next = new int[count];
    for (int writer = 0; writer < writers; writer++) {
      first[writer] = own[writer][0];
      for (int i = 0; i < own[writer].length; i++) {
        next[own[writer][i]] = i + 1 < own[writer].length ? own[writer][i + 1] : NONE;
      }
    }
    return new RelaySchedule(sorted, views, first, next, endsOfMessages(sorted, received), ends);
  }

  /** Returns the transactions in the order in which they are typed and sent. */
  int[] order() {
    return order;
  }

  /** Returns what the writer of a transaction has of the others' when it types it. */
  VersionVector view(int transaction) {
    return views[transaction];
  }

  /** Returns what a writer has of the others' when it types its first transaction. */
  VersionVector firstView(int writer) {
    return views[first[writer]];
  }

  /**
   * Returns what the writer of a transaction has of the others' when it types its next one; empty
   * if there is none.
   */
  Optional<VersionVector> nextView(int transaction) {
    return next[transaction] == NONE ? Optional.empty() : Optional.of(views[next[transaction]]);
  }

  /** Returns the sequence number after the last one that a transaction takes. */
  long end(int transaction) {
    return ends[transaction];
  }

  /**
   * Returns whether some writer receives this transaction and, for a while, nothing after it: then
   * it must not travel in one message with the next.
   */
  boolean endsMessage(int transaction) {
    return apart.get(transaction);
  }

  private static int[][] transactionsByWriter(Trace trace) {
    List<IntColumn> own = new ArrayList<>();
    for (int writer = 0; writer < trace.writerCount(); writer++) {
      own.add(new IntColumn());
    }
    for (int transaction = 0; transaction < trace.transactionCount(); transaction++) {
      own.get(trace.writer(transaction)).add(transaction);
    }
    return own.stream().map(IntColumn::toArray).toArray(int[][]::new);
  }

  private static long[] ends(Script script, int[][] own) {
    long[] ends = new long[script.trace().transactionCount()];
    for (int[] transactions : own) {
      long end = 0;
      for (int transaction : transactions) {
        end += script.units(transaction);
        ends[transaction] = end;
      }
    }
    return ends;
  }

  private static int[] lastOf(int[][] own, int[] counts, int except) {
    IntColumn last = new IntColumn();
    for (int writer = 0; writer < counts.length; writer++) {
      if (writer != except && counts[writer] > 0) {
        last.add(own[writer][counts[writer] - 1]);
      }
    }
    return last.toArray();
  }

  /** What the writer has received must have passed the relay before what it has not. */
  private static void requireFirst(
      Order order, Trace trace, int[][] own, int[] counts, int[] lasts, int transaction) {
    int writer = trace.writer(transaction);
    for (int last : lasts) {
      order.require(last, transaction);
      for (int other = 0; other < counts.length; other++) {
        boolean more = other != writer && counts[other] < own[other].length;
        if (more && other != trace.writer(last)) {
          order.require(last, own[other][counts[other]]);
        }
      }
    }
  }

  private static VersionVector view(Trace trace, long[] ends, int[] lasts) {
    VersionVector.Builder view = new VersionVector.Builder();
    for (int last : lasts) {
      view.advance(WriterIds.COUNTED.id(trace.writer(last)), ends[last]);
    }
    return view.build();
  }

  private static BitSet endsOfMessages(int[] sorted, int[][] received) {
    int[] places = new int[sorted.length];
    for (int place = 0; place < sorted.length; place++) {
      places[sorted[place]] = place;
    }
    BitSet ends = new BitSet();
    for (int[] lasts : received) {
      Arrays.stream(lasts)
          .map(transaction -> places[transaction])
          .max()
          .ifPresent(place -> ends.set(sorted[place]));
    }
    return ends;
  }

  /** Sorts transactions by what must come first, and else by their numbers. */
  private static final class Order {
    private final IntColumn earlier = new IntColumn();
    private final IntColumn later = new IntColumn();
    private final int[] waitsFor;

    Order(int count) {
      waitsFor = new int[count];
    }

    void require(int first, int then) {
      earlier.add(first);
      later.add(then);
      waitsFor[then]++;
    }

    /** Returns the sorted transactions; fewer than there are if the requirements contradict. */
    int[] sort() {
      int[] starts = new int[waitsFor.length + 1];
      for (int i = 0; i < earlier.size(); i++) {
        starts[earlier.get(i) + 1]++;
      }
      Arrays.parallelPrefix(starts, Integer::sum);
      int[] next = Arrays.copyOf(starts, waitsFor.length);
      int[] followers = new int[later.size()];
      for (int i = 0; i < later.size(); i++) {
        followers[next[earlier.get(i)]++] = later.get(i);
      }
      PriorityQueue<Integer> ready = new PriorityQueue<>();
      for (int transaction = 0; transaction < waitsFor.length; transaction++) {
        if (waitsFor[transaction] == 0) {
          ready.add(transaction);
        }
      }
      IntColumn sorted = new IntColumn();
      while (!ready.isEmpty()) {
        int transaction = ready.remove();
        sorted.add(transaction);
        for (int i = starts[transaction]; i < starts[transaction + 1]; i++) {
          if (--waitsFor[followers[i]] == 0) {
            ready.add(followers[i]);
          }
        }
      }
      return sorted.toArray();
    }
  }
}
