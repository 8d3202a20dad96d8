package dev.weft.cli.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.PriorityQueue;

/**
 * In which order a trace's transactions pass a relay. A connection keeps the order of messages, so
 * what a writer has received of the others when it types must be the beginning of what they sent;
 * where more than two write, that is a matter of who goes first. Immutable.
 */
final class RelaySchedule {
  private final int[] order;
  private final int[][] received;
  private final BitSet apart;

  private RelaySchedule(int[] order, int[][] received, BitSet apart) {
    this.order = order;
    this.received = received;
    this.apart = apart;
  }

  /**
   * Finds an order.
   *
   * @throws TraceFormatException if there is none: writers have seen each other's edits in orders
   *     that no relay can bring about
   */
  static RelaySchedule of(Trace trace, DeliveryPlan plan) throws TraceFormatException {
    int count = trace.transactionCount();
    int writers = trace.writerCount();
    int[][] own = transactionsByWriter(trace);
    int[][] seen = new int[writers][writers];
    int[][] received = new int[count][];
    Order order = new Order(count);
    for (int transaction = 0; transaction < count; transaction++) {
      int writer = trace.writer(transaction);
      int[] counts = seen[writer];
      for (int arrival : plan.received(transaction)) {
        counts[trace.writer(arrival)]++;
      }
      if (counts[writer] > 0) {
        order.require(own[writer][counts[writer] - 1], transaction);
      }
      if (plan.received(transaction).length > 0) {
        received[transaction] = lastOf(own, counts, writer);
        for (int last : received[transaction]) {
          order.require(last, transaction);
          for (int other = 0; other < writers; other++) {
            boolean more = other != writer && counts[other] < own[other].length;
            if (more && other != trace.writer(last)) {
              order.require(last, own[other][counts[other]]);
            }
          }
        }
      } else {
        received[transaction] = plan.received(transaction);
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
    return new RelaySchedule(sorted, received, ends(sorted, received));
  }

  /** Returns the transactions in the order in which they are typed and sent. */
  int[] order() {
    return order;
  }

  /**
   * Returns, if the writer receives something before this transaction, the last one that it then
   * has of every other writer; else nothing.
   */
  int[] received(int transaction) {
    return received[transaction];
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

  private static int[] lastOf(int[][] own, int[] counts, int except) {
    IntColumn last = new IntColumn();
    for (int writer = 0; writer < counts.length; writer++) {
      if (writer != except && counts[writer] > 0) {
        last.add(own[writer][counts[writer] - 1]);
      }
    }
    return last.toArray();
  }

  private static BitSet ends(int[] sorted, int[][] received) {
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
