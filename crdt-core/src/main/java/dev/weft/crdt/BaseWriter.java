package dev.weft.crdt;

/**
 * Writes the order of the text at a version, as the base of a shallow snapshot: the visible units
 * by their names, stretch by stretch, and before which of them a deleted one stands. Not
 * thread-safe.
 */
final class BaseWriter {
  private static final int NONE = OperationLog.NONE;

  private final Contents contents;
  private final SpanTree tree;
  private final int unitCount;
  private final int[] numbers;
  private final RangeEncoder coder = new RangeEncoder();
  private final BaseModel model = new BaseModel(coder);
  // By replica: the sequence number behind what was told of it last.
  private final int[] expected;
  private int replicaBefore;
  private int stretches;

  // The stretch that goes on: the event before, and the deleted unit or name before it.
  private final EventName gap = new EventName();
  private boolean hasGap;
  private int stretchReplica = NONE;
  private int stretchSequence;
  private int stretchLength;

  /**
   * Creates a writer.
   *
   * @param tree an order of the contents' units, those visible that are at the version
   * @param unitCount how many units had been inserted then, which have the lowest numbers
   * @param numbers by replica, its number in the snapshot
   */
  BaseWriter(Contents contents, SpanTree tree, int unitCount, int[] numbers) {
    this.contents = contents;
    this.tree = tree;
    this.unitCount = unitCount;
    this.numbers = numbers;
    expected = new int[contents.history.replicaCount()];
  }

  /** Appends the stretches to a snapshot. */
  void write(ByteWriter out) {
    for (SpanNode.Leaf leaf = tree.firstLeaf(); leaf != null; leaf = leaf.next) {
      for (int span = 0; span < leaf.count; span++) {
        int end = Math.min(leaf.end(span), unitCount);
        if (leaf.first(span) < end) {
          take(leaf.first(span), end, leaf.isAlive(span));
        }
      }
    }
    takeGap(NONE);
    endStretch();
    model.gap(hasGap);
    if (hasGap) {
      writeGap();
    }
    out.writeVarint(stretches);
    Expansion.HISTORY.write(out, coder.finish(), stretches);
  }

  /** Notes what an earlier base says to have stood before a unit of it, or at its end. */
  private void takeGap(int unit) {
    HistoryBase base = contents.log.base();
    if (!hasGap && base != null && unit < base.unitCount() && base.nameBefore(unit, gap)) {
      endStretch();
      hasGap = true;
    }
  }

  private void take(int first, int end, boolean visible) {
    int unit = first;
    while (unit < end) {
      takeGap(unit);
      int operation = contents.log.operationOfUnit(unit);
      int event = contents.log.firstEvent(operation) + unit - contents.log.firstUnit(operation);
      int run = contents.history.runAt(event);
      int replica = contents.history.runReplica(run);
      int sequence = contents.history.runSequence(run) + event - contents.history.runStart(run);
      if (visible) {
        if (hasGap || replica != stretchReplica || sequence != stretchSequence + stretchLength) {
          beginStretch(replica, sequence);
        }
        stretchLength++;
      } else if (!hasGap) {
        endStretch();
        gap.set(contents.history.replicaId(replica), sequence);
        hasGap = true;
      }
      unit++;
    }
  }

  private void beginStretch(int replica, int sequence) {
    endStretch();
    model.gap(hasGap);
    if (hasGap) {
      writeGap();
    }
    stretchReplica = replica;
    stretchSequence = sequence;
    stretchLength = 0;
  }

  private void writeGap() {
    int replica = contents.history.findReplica(gap.replica);
    writeName(true, replica, gap.sequence, 1);
    hasGap = false;
  }

  private void endStretch() {
    if (stretchReplica != NONE) {
      writeName(false, stretchReplica, stretchSequence, stretchLength);
      int unused = model.length(stretchLength);
      stretches++;
      stretchReplica = NONE;
    }
  }

  private void writeName(boolean isGap, int replica, int sequence, int length) {
    replicaBefore = model.replica(replicaBefore, numbers[replica]);
    long unused = model.sequence(isGap, expected[replica], sequence);
    expected[replica] = sequence + length;
  }
}
