package dev.weft.crdt;

/**
 * Brings the text up to the log: inserts units in the order that all replicas reach, deletes them,
 * and restores them. Not thread-safe.
 *
 * <p>The order is FugueMax (Weidner, Gentle and Kleppmann, "The Art of the Fugue", arXiv
 * 2305.00583). An inserted unit names its neighbours when it was typed: origin left and origin
 * right, deleted ones included. Where nobody else typed between the two, it goes there. Otherwise
 * its place is told by the {@link FugueTree}, whose walk is the text: the origins say whose child
 * it is, and its siblings, which others typed in the same gap, stand
 *
 * <ul>
 *   <li>on the right of a unit: those whose origin right is further right first, then by replica
 *       id, lower first;
 *   <li>on the left of a unit: by replica id, lower first.
 * </ul>
 *
 * <p>For example, on the text {@code ab}, replica 1 types {@code X} between the two and replica 2
 * types {@code YZ} there. X and Y have the origins (a, b), and b is below a: both are left children
 * of b. Z has (Y, b), and b is not below Y: it is Y's right child. Replica 1 has {@code aXb} and
 * gets YZ. Y's siblings stand between a and b; it has only X, which has the lower id: {@code aXYb}.
 * Below Y is nothing, so Z goes directly behind it: {@code aXYZb}. Replica 2 has {@code aYZb} and
 * gets X. Of its siblings, Y has the higher id, so X goes before it and what is below it: {@code
 * aXYZb}. Neither word is torn, as a sibling is passed with all that is below it.
 */
final class Integrator {
  /** So many operations are carried out at once if the document is empty. */
  private static final int MANY_OPERATIONS = 8;

  private static final long STEPS_AN_OPERATION = 16;

  private final CausalHistory history;
  private final OperationLog log;
  private final SpanTree tree;
  private final DeletionCounts counts;
  private final SiblingSearch siblings;
  // Behind what was inserted last, as long as the tree is of this edition.
  private final Place place;
  private int edition = -1;
  private final Place scratch;

  Integrator(CausalHistory history, OperationLog log, SpanTree tree) {
    this.history = history;
    this.log = log;
    this.tree = tree;
    counts = new DeletionCounts(history, log);
    siblings = new SiblingSearch(history, log, tree);
    place = tree.newPlace();
    scratch = tree.newPlace();
  }

  /** Carries out the events from {@code start} on, none of which has been. */
  void integrate(int start, EditRecorder recorder) {
    boolean atOnce = start == 0 && log.size() >= MANY_OPERATIONS;
    integrate(atOnce ? fillTree(recorder) : start, log.eventCount(), recorder);
  }

  /** Carries out the first events into the empty tree, and returns the first that is left. */
  private int fillTree(EditRecorder recorder) {
    SpanChain chain = new SpanChain(history, log, counts, STEPS_AN_OPERATION * log.size());
    int done = chain.carryOut();
    tree.fill(chain);
    if (recorder.isOn()) {
      recorder.filled(tree);
    }
    return done == log.size() ? log.eventCount() : log.firstEvent(done);
  }

  /** Carries out the events of [start, end), of which none has been and those before have. */
  void integrate(int start, int end, EditRecorder recorder) {
    if (start == end) {
      return;
    }
    int operation = log.operationOfEvent(start);
    int event = start;
    while (event < end) {
      int stop = Math.min(end, log.endEvent(operation));
      int offset = event - log.firstEvent(operation);
      if (log.isInsert(operation)) {
        insert(operation, offset, event, stop - event, recorder);
      } else if (log.isDelete(operation)) {
        delete(operation, event, stop - event, recorder);
      } else if (log.isRestore(operation)) {
        restore(operation, event, stop - event, recorder);
      }
      event = stop;
      operation++;
    }
  }

  private void insert(int operation, int offset, int event, int count, EditRecorder recorder) {
    int unit = log.firstUnit(operation) + offset;
    int left = log.originLeft(operation, unit);
    int right = log.originRight(operation);
    if (edition != tree.edition() || place.unitBefore() != left) {
      tree.placeBehind(left, place);
    }
    boolean fits = place.unitAfter() == right || !place.hasRightSubtreeBehind();
    if (!fits) {
      long replica = history.replicaId(history.runReplica(history.runAt(event)));
      siblings.find(left, right, replica, place);
    }
    if (recorder.isOn()) {
      recorder.inserted(tree.indexOf(place), unit, count);
    }
    if (fits) {
      tree.insert(place, count);
    } else {
      tree.insert(place, count, siblings.rightDepth(), siblings.leftDepth());
    }
    edition = tree.edition();
  }

  private void delete(int operation, int event, int count, EditRecorder recorder) {
    int lowest = log.lowestTarget(operation, event, count);
    int end = lowest + count;
    int unit = tree.nextVisible(lowest, end);
    while (unit < end) {
      int index = recorder.isOn() ? tree.indexOf(unit, scratch) : 0;
      int deleted = tree.delete(unit, end - unit, scratch);
      if (recorder.isOn()) {
        recorder.deleted(index, deleted);
      }
      unit = tree.nextVisible(unit + deleted, end);
    }
  }

  private void restore(int operation, int event, int count, EditRecorder recorder) {
    counts.restore(operation, event, count, (unit, units) -> revive(unit, units, recorder));
  }

  /** Returns how many bytes of memory this takes beside the tree, about. */
  long memoryBytes() {
    return counts.memoryBytes();
  }

  /** Returns whether a delete event was taken back. */
  boolean isTakenBack(int deleteEvent) {
    return counts.isTakenBack(deleteEvent);
  }

  private void revive(int first, int count, EditRecorder recorder) {
    int end = first + count;
    int unit = first;
    while (unit < end) {
      int revived = tree.revive(unit, end - unit, scratch);
      if (recorder.isOn()) {
        recorder.inserted(tree.indexOf(unit, scratch), unit, revived);
      }
      unit += revived;
    }
  }
}
