package dev.weft.relay;

import dev.weft.crdt.Change;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes that have come before what they build on. Bounded: what does not fit is left out, since
 * its client is asked to send it again anyway. Confined to one thread.
 */
final class WaitingChanges {
  private final int maxChanges;
  private final int maxBytes;
  private final List<Waiting> waiting = new ArrayList<>();
  private int bytes;

  WaitingChanges(int maxChanges, int maxBytes) {
    this.maxChanges = maxChanges;
    this.maxBytes = maxBytes;
  }

  /** A change and who sent it; null for another relay. */
  record Waiting(@Nullable Channel from, Change change) {}

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Keeps a change if there is room and it is not here already. O(waiting). */
  void add(@Nullable Channel from, Change change) {
    if (waiting.size() >= maxChanges || bytes + change.sizeInBytes() > maxBytes) {
      return;
    }
    for (Waiting each : waiting) {
      if (each.change.replica().equals(change.replica())
          && each.change.start() == change.start()
          && each.change.end() >= change.end()) {
        return;
      }
    }
    waiting.add(new Waiting(from, change));
    bytes += change.sizeInBytes();
  }

  /**
   * Takes out what is ready now, in causal order, and drops what has come otherwise. O(waiting) for
   * each link of the longest chain.
   *
   * @param progress what is there; the changes returned are noted in it
   */
  List<Waiting> takeReady(Progress progress) {
    List<Waiting> ready = new ArrayList<>();
    int before;
    do {
      before = waiting.size();
      for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
        Waiting candidate = each.next();
        boolean known = progress.knows(candidate.change);
        if (known || progress.isReady(candidate.change)) {
          each.remove();
          bytes -= candidate.change.sizeInBytes();
          if (!known) {
            progress.note(candidate.change);
            ready.add(candidate);
          }
        }
      }
    } while (waiting.size() < before && !waiting.isEmpty());
    return ready;
  }

  /** Forgets what a channel has sent. */
  void forget(Channel from) {
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting candidate = each.next();
      if (candidate.from == from) {
        each.remove();
        bytes -= candidate.change.sizeInBytes();
      }
    }
  }
}
