package dev.weft.store;

import dev.weft.crdt.Change;
import dev.weft.crdt.EventId;
import dev.weft.crdt.ReplicaId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts changes that come from anywhere, some of them more than once and in other portions, into an
 * order in which each stands behind all it builds on, as far as that is among them. Not
 * thread-safe; used once.
 */
final class CausalOrder {
  private static final Comparator<Change> BY_START =
      Comparator.comparingLong(Change::start)
          .thenComparing(Comparator.comparingLong(Change::end).reversed());

  private final Map<ReplicaId, List<Node>> nodes = new TreeMap<>();
  private final List<Change> ordered = new ArrayList<>();

  private CausalOrder(Collection<Change> changes) {
    Map<ReplicaId, List<Change>> byReplica = new HashMap<>();
    for (Change change : changes) {
      byReplica.computeIfAbsent(change.replica(), unused -> new ArrayList<>()).add(change);
    }
    byReplica.forEach(
        (replica, all) -> {
          all.sort(BY_START);
          List<Node> distinct = new ArrayList<>();
          long reached = 0;
          for (Change change : all) {
            if (change.end() > reached) {
              distinct.add(new Node(change, distinct.size()));
              reached = change.end();
            }
          }
          nodes.put(replica, distinct);
        });
  }

  /**
   * Returns the changes in a causal order, without those that others have whole. O(changes log
   * changes + dependencies).
   */
  static List<Change> of(Collection<Change> changes) {
    CausalOrder order = new CausalOrder(changes);
    order.nodes.values().forEach(list -> list.forEach(order::visit));
    return order.ordered;
  }

  /** Walks backwards from a change; on a stack of its own, for the way may be long. */
  private void visit(Node from) {
    Deque<Node> path = new ArrayDeque<>();
    push(path, from);
    while (!path.isEmpty()) {
      Node node = path.element();
      Node before = node.nextPredecessor(nodes);
      if (before != null) {
        push(path, before);
      } else if (node.isExhausted()) {
        ordered.add(node.change);
        path.remove();
      }
    }
  }

  private static void push(Deque<Node> path, Node node) {
    // Entered once only, so that even changes that build on one another come to an end.
    if (!node.entered) {
      node.entered = true;
      path.push(node);
    }
  }

  /** A change on the way. */
  private static final class Node {
    final Change change;
    final int index;
    boolean entered;

    /** How many of the dependencies were followed; the replica's own change before is the first. */
    private int followed;

    Node(Change change, int index) {
      this.change = change;
      this.index = index;
    }

    boolean isExhausted() {
      return followed > change.dependencies().size();
    }

    /** Returns what must come before, one after the other; null if that one is not there. */
    @Nullable Node nextPredecessor(Map<ReplicaId, List<Node>> nodes) {
      if (isExhausted()) {
        return null;
      }
      int at = followed++;
      if (at == 0) {
        List<Node> own = nodes.getOrDefault(change.replica(), List.of());
        return index == 0 ? null : own.get(index - 1);
      }
      EventId dependency = change.dependencies().get(at - 1);
      return last(nodes.getOrDefault(dependency.replica(), List.of()), dependency.sequence());
    }

    /** Returns the last change that begins at or before a sequence number. */
    private static @Nullable Node last(List<Node> list, long sequence) {
      int low = 0;
      int high = list.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (list.get(middle).change.start() <= sequence) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low == 0 ? null : list.get(low - 1);
    }
  }
}
