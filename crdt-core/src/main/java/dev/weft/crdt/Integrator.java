package dev.weft.crdt;

/**
 * Finds the places of inserted units in the order that all replicas reach: FugueMax (Weidner,
 * Gentle and Kleppmann, "The Art of the Fugue", arXiv 2305.00583), by the scan of YjsMod (Gentle
 * and Kleppmann, arXiv 2409.14252). Not thread-safe.
 *
 * <p>An inserted unit names its neighbours when it was typed: origin left and origin right, deleted
 * ones included. It goes between the two. Only units that its author had not seen can stand there;
 * among them the scan looks for its place, from the left:
 *
 * <ul>
 *   <li>One whose origin left is before ours belongs to something further left: we stop before it.
 *   <li>One whose origin left is behind ours belongs to a unit passed already: we pass it too.
 *   <li>One with the same origin left is our sibling. If its origin right is the same as ours, the
 *       lower replica id stands first. If its origin right is behind ours, it stands before us. If
 *       its origin right is before ours, what is between it and that origin is passed at a time:
 *       whether we stand before it or behind is settled by the next sibling that is not like it.
 * </ul>
 *
 * <p>For example, on the text {@code ab}, replica 1 types {@code X} between the two and replica 2
 * types {@code YZ} there. All of X and Y have origins (a, b); Z has (Y, b). A replica that has
 * {@code aXb} and gets YZ passes X (same origins, lower id) and meets b, the origin right: {@code
 * aXYZb}. One that has {@code aYZb} and gets X stops before Y (same origins, higher id): {@code
 * aXYZb}.
 */
final class Integrator {
  private static final int NONE = OperationLog.NONE;

  private final CausalHistory history;
  private final OperationLog log;
  private final SpanTree tree;
  private final SpanTree.Place place;
  private final SpanTree.Place scan;

  Integrator(CausalHistory history, OperationLog log, SpanTree tree) {
    this.history = history;
    this.log = log;
    this.tree = tree;
    place = tree.newPlace();
    scan = tree.newPlace();
  }

  /** Brings the text up to the log: carries out the events from {@code start} on. */
  void integrate(int start, EditRecorder recorder) {
    int end = log.eventCount();
    if (start == end) {
      return;
    }
    int operation = log.operationOfEvent(start);
    int event = start;
    while (event < end) {
      int stop = log.endEvent(operation);
      int offset = event - log.firstEvent(operation);
      if (log.isDelete(operation)) {
        delete(operation, offset, stop - event, recorder);
      } else {
        insert(operation, offset, event, stop - event, recorder);
      }
      event = stop;
      operation++;
    }
  }

  private void insert(int operation, int offset, int event, int count, EditRecorder recorder) {
    int unit = log.firstUnit(operation) + offset;
    int left = log.originLeft(operation, unit);
    int right = log.originRight(operation);
    tree.placeAfter(left, place);
    if (tree.unitAfter(place) != right) {
      if (right != NONE && left != NONE && tree.compare(left, right) >= 0) {
        // No author can have typed between these two. All replicas agree on where they stand, so
        // they agree on reading this as a unit that knew of nothing to its right.
        right = NONE;
        log.setOriginRight(operation, NONE);
      }
      long replica = history.replicaId(history.runReplica(history.runAt(event)));
      scan(left, right, replica);
    }
    if (recorder.isOn()) {
      recorder.inserted(tree.indexOf(place), unit, count);
    }
    tree.insertAt(place, count);
  }

  /** Moves {@link #place} from directly behind the origin left to where the unit belongs. */
  private void scan(int left, int right, long replica) {
    scan.set(place);
    boolean undecided = false;
    int other = tree.unitAfter(scan);
    while (other != NONE && other != right) {
      int operation = log.operationOfUnit(other);
      int otherLeft = log.originLeft(operation, other);
      if (otherLeft == left) {
        int otherRight = log.originRight(operation);
        if (otherRight == right) {
          long otherReplica =
              history.replicaId(
                  history.runReplica(
                      history.runAt(log.firstEvent(operation) + other - log.firstUnit(operation))));
          if (Long.compareUnsigned(replica, otherReplica) < 0) {
            break;
          }
          undecided = false;
        } else {
          undecided = isBefore(otherRight, right);
        }
      } else if (otherLeft == NONE || (left != NONE && tree.compare(otherLeft, left) < 0)) {
        break;
      }
      // The units that follow in the same span and operation hang on the one before each: they
      // are passed with it, up to our origin right if it is among them.
      int count = Math.min(tree.unitsAfter(scan), log.endUnit(operation) - other);
      if (right > other && right < other + count) {
        count = right - other;
      }
      tree.advance(scan, count);
      if (!undecided) {
        place.set(scan);
      }
      other = tree.unitAfter(scan);
    }
  }

  /** Returns whether origin right {@code a} stands before {@code b}; the end is behind all. */
  private boolean isBefore(int a, int b) {
    return a != NONE && (b == NONE || tree.compare(a, b) < 0);
  }

  private void delete(int operation, int offset, int count, EditRecorder recorder) {
    int target = log.target(operation);
    int lowest = log.isBackward(operation) ? target - offset - count + 1 : target + offset;
    int unit = lowest;
    int end = lowest + count;
    while (unit < end) {
      int index = recorder.isOn() ? tree.indexOf(unit, scan) : 0;
      int taken = tree.delete(unit, end - unit);
      if (taken > 0 && recorder.isOn()) {
        recorder.deleted(index, taken);
      }
      unit += Math.abs(taken);
    }
  }
}
