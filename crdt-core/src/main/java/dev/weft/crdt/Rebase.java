package dev.weft.crdt;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes the edits that only another document has anew, as edits of this one: what was inserted
 * there goes behind what it stands behind there, as far as that is here, and what was deleted there
 * is deleted. Not thread-safe.
 */
final class Rebase {
  private static final int NOT_HERE = -2;
  private static final int FORGOTTEN = -3;

  private final OpenRun openRun;
  private final Contents here;
  private final Contents there;
  private final int[] common;
  private final VisibleUnits visibleThen;
  // Behind which units here, what; and first and last unit of what is deleted here.
  private final List<Insertion> insertions = new ArrayList<>();
  private final List<int[]> deletions = new ArrayList<>();
  private long events;

  /** Text to be inserted behind a unit, or at the start. */
  private record Insertion(int behind, StringBuilder text) {}

  /** Works out what is to be done, and does none of it. O(what both documents hold). */
  Rebase(OpenRun openRun, Contents there) {
    this.openRun = openRun;
    this.there = there;
    here = openRun.settled();
    common = CommonHistory.of(there, here);
    visibleThen = new VisibleUnits(there.history, there.log);
    for (int replica = 0; replica < common.length; replica++) {
      addEvents(replica, common[replica]);
    }
    walk();
  }

  /** Returns up to which events both documents are the same. */
  VersionVector common() {
    return there.history.versionOf(common);
  }

  /** Returns how many events {@link #carryOut} takes. */
  long eventCount() {
    return events;
  }

  private void addEvents(int replica, int end) {
    CausalHistory history = there.history;
    int sequence = 0;
    while (sequence < end) {
      int event = history.event(replica, sequence);
      int added = history.inARow(event, end - sequence);
      visibleThen.add(event, event + added, (unit, count) -> {});
      sequence += added;
    }
  }

  /** Goes through the units there in their order, and collects what is to be done here. */
  private void walk() {
    int behind = OperationLog.NONE;
    for (SpanNode.Leaf leaf = there.tree.firstLeaf(); leaf != null; leaf = leaf.next) {
      for (int span = 0; span < leaf.count; span++) {
        boolean shown = leaf.isAlive(span);
        for (int unit = leaf.first(span); unit < leaf.end(span); unit++) {
          int same = unitHere(unit);
          if (same == NOT_HERE) {
            if (shown) {
              insert(behind, unit);
            }
          } else {
            behind = same == FORGOTTEN ? behind : same;
            take(unit, same, behind, shown);
          }
        }
      }
    }
  }

  private void take(int unit, int same, int behind, boolean shown) {
    boolean shownThen = visibleThen.isVisible(unit);
    boolean shownHere = same != FORGOTTEN && here.tree.isVisible(same);
    if (shownThen && !shown && shownHere) {
      delete(same);
    } else if (!shownThen && shown && !shownHere) {
      // Who restored it there may not be known here.
      insert(behind, unit);
    }
  }

  private void insert(int behind, int unit) {
    int last = insertions.size() - 1;
    if (last < 0 || insertions.get(last).behind != behind) {
      insertions.add(new Insertion(behind, new StringBuilder()));
      last++;
    }
    insertions.get(last).text.append(there.text.charAt(unit));
    events++;
  }

  private void delete(int unit) {
    int last = deletions.size() - 1;
    if (last >= 0 && deletions.get(last)[1] == unit - 1) {
      deletions.get(last)[1] = unit;
    } else {
      deletions.add(new int[] {unit, unit});
    }
    events++;
  }

  /**
   * Returns the number that a unit of the other document has here; {@link #FORGOTTEN} if it was
   * deleted before the history here begins, {@link #NOT_HERE} if it never came here.
   */
  private int unitHere(int unit) {
    int event = there.log.eventOfUnit(unit);
    int run = there.history.runAt(event);
    int replica = there.history.runReplica(run);
    int sequence = there.history.runSequence(run) + event - there.history.runStart(run);
    if (sequence >= common[replica]) {
      return NOT_HERE;
    }
    int same = here.history.findReplica(there.history.replicaId(replica));
    int unitHere = here.log.unitOfEvent(here.history.event(same, sequence));
    if (unitHere == OperationLog.NONE) {
      return FORGOTTEN;
    }
    if (here.text.charAt(unitHere) != there.text.charAt(unit)) {
      throw CommonHistory.beforeTheHistory(there.history.replicaId(replica));
    }
    return unitHere;
  }

  void carryOut(LocalEdits edits, EditRecorder recorder) {
    for (int[] deletion : deletions) {
      openRun.deleteUnits(deletion[0], deletion[1] - deletion[0] + 1, recorder);
    }
    for (Insertion insertion : insertions) {
      Contents contents = openRun.settled();
      Place place = contents.tree.newPlace();
      contents.tree.placeBehind(insertion.behind, place);
      edits.insert(contents.tree.indexOf(place), insertion.text);
    }
  }
}
