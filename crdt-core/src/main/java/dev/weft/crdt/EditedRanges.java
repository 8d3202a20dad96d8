package dev.weft.crdt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds where in the text events left their mark: for one question, then thrown away. */
final class EditedRanges {
  private final Contents contents;
  private final RestoredDeletes restores;
  private final Place scratch;
  private final List<TextRange> found = new ArrayList<>();

  private EditedRanges(Contents contents) {
    this.contents = contents;
    this.restores = new RestoredDeletes(contents.history, contents.log);
    this.scratch = contents.tree.newPlace();
  }

  /** See {@link TextDocument#editedSince}. */
  static List<TextRange> since(VersionVector seen, Contents contents) {
    EditedRanges ranges = new EditedRanges(contents);
    CausalHistory history = contents.history;
    for (int replica = 0; replica < history.replicaCount(); replica++) {
      int next = history.next(replica);
      int known = (int) Math.min(next, seen.next(new ReplicaId(history.replicaId(replica))));
      if (known < next) {
        // A vector from outside may point inside of a pair, which counts as not seen.
        boolean partsPair = contents.logged.partsPair(history.event(replica, known));
        ranges.addEvents(replica, partsPair ? known - 1 : known, next);
      }
    }
    return ranges.joined();
  }

  private void addEvents(int replica, int start, int end) {
    OperationLog log = contents.log;
    int sequence = start;
    while (sequence < end) {
      int event = contents.history.event(replica, sequence);
      int operation = log.operationOfEvent(event);
      int count =
          contents.history.inARow(event, Math.min(end - sequence, log.endEvent(operation) - event));
      if (log.isInsert(operation)) {
        addUnits(log.firstUnit(operation) + event - log.firstEvent(operation), count);
      } else if (log.isDelete(operation)) {
        addUnits(log.lowestTarget(operation, event, count), count);
      } else if (log.isRestore(operation)) {
        for (int i = 0; i < count; i++) {
          addUnits(restores.unitTouchedBy(event + i), 1);
        }
      }
      sequence += count;
    }
  }

  private void addUnits(int first, int count) {
    int unit = first;
    while (unit < first + count) {
      int length = Math.min(first + count - unit, contents.tree.unitsFrom(unit));
      int index = contents.tree.indexOf(unit, scratch);
      found.add(new TextRange(index, contents.tree.isVisible(unit) ? index + length : index));
      unit += length;
    }
  }

  /** Returns what was found from left to right, what touches joined. */
  private List<TextRange> joined() {
    found.sort(Comparator.comparingInt(TextRange::start));
    List<TextRange> joined = new ArrayList<>();
    for (TextRange range : found) {
      int last = joined.size() - 1;
      if (last >= 0 && range.start() <= joined.get(last).end()) {
        TextRange before = joined.get(last);
        joined.set(last, new TextRange(before.start(), Math.max(before.end(), range.end())));
      } else {
        joined.add(range);
      }
    }
    return List.copyOf(joined);
  }
}
