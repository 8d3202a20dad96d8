package dev.weft.crdt;

/**
 * Reads a snapshot into {@link Contents} of its own, every number checked. Not thread-safe.
 *
 * <p>The order of the text is not stored but reached again from the history, so a snapshot cannot
 * claim an order that its history does not have.
 */
final class SnapshotReader {
  private final Contents contents;
  private final Limits limits;
  private char[] visible = {};
  private char[] deleted = {};

  private SnapshotReader(int nodeCapacity, Limits limits) {
    this.contents = new Contents(nodeCapacity);
    this.limits = limits;
  }

  /** Reads the body of a snapshot. */
  static Contents read(ByteReader in, Limits limits, int nodeCapacity)
      throws MalformedUpdateException {
    return new SnapshotReader(nodeCapacity, limits).read(in);
  }

  /** Reads only the visible text from the body of a snapshot. */
  static String readText(ByteReader in, Limits limits) throws MalformedUpdateException {
    return new String(new SnapshotReader(SpanTree.DEFAULT_NODE_CAPACITY, limits).readText(in));
  }

  private Contents read(ByteReader in) throws MalformedUpdateException {
    visible = readText(in);
    ByteReader history = CompressedSection.read(in, "history section", limits.maxUpdateBytes());
    deleted = readText(in);
    in.requireEnd("snapshot");
    int unitCount = visible.length + deleted.length;
    readRuns(history);
    readOperations(history, unitCount);
    history.requireEnd("history section");
    contents.integrator.integrate(0, new EditRecorder(contents.text));
    if (contents.tree.length() != visible.length) {
      throw history.malformed(
          "a history that leaves " + visible.length + " units", contents.tree.length() + " units");
    }
    fillText(unitCount);
    if (contents.text.hasSurrogates()) {
      checkPairs(history);
    }
    return contents;
  }

  private char[] readText(ByteReader in) throws MalformedUpdateException {
    ByteReader section = CompressedSection.read(in, "text section", limits.maxUpdateBytes());
    char[] units = new char[section.remaining()];
    int count = section.readUtf8(section.remaining(), units);
    return java.util.Arrays.copyOf(units, count);
  }

  private void readRuns(ByteReader in) throws MalformedUpdateException {
    int replicaCount = in.readCount("replica count", 8);
    if (replicaCount > limits.maxReplicas()) {
      throw in.malformed(
          "at most " + limits.maxReplicas() + " replicas (maxReplicas)",
          Integer.toString(replicaCount));
    }
    for (int i = 0; i < replicaCount; i++) {
      long id = in.readFixed64("replica id");
      if (contents.history.findOrAddReplica(id) != i) {
        throw in.malformed("different replica ids", new ReplicaId(id) + " twice");
      }
    }
    int runCount = in.readCount("run count", 3);
    ByteReader replicas = in.readSection("replica column");
    ByteReader lengths = in.readSection("length column");
    ByteReader dependencyCounts = in.readSection("dependency count column");
    ByteReader dependencies = in.readSection("dependency column");
    int[] dependsOn = new int[4];
    for (int run = 0; run < runCount; run++) {
      int start = contents.history.eventCount();
      int replica = replicas.readInt("replica number", replicaCount - 1);
      int length = lengths.readInt("run length", limits.maxUnits() - start);
      if (length == 0) {
        throw lengths.malformed("a run of at least one event", "0");
      }
      int count = dependencyCounts.readInt("dependency count", dependencies.remaining());
      if (count > dependsOn.length) {
        dependsOn = new int[Math.max(count, 2 * dependsOn.length)];
      }
      for (int i = 0; i < count; i++) {
        int distance = dependencies.readInt("distance of a dependency", start);
        if (distance == 0) {
          throw dependencies.malformed("a dependency before the run", "the run itself");
        }
        dependsOn[i] = start - distance;
      }
      contents.history.appendRemote(replica, dependsOn, count, length);
    }
    replicas.requireEnd("replica column");
    lengths.requireEnd("length column");
    dependencyCounts.requireEnd("dependency count column");
    dependencies.requireEnd("dependency column");
  }

  private void readOperations(ByteReader in, int unitCount) throws MalformedUpdateException {
    int operationCount = in.readCount("operation count", 1);
    ByteReader headers = in.readSection("operation column");
    ByteReader lefts = in.readSection("origin left column");
    ByteReader rights = in.readSection("origin right column");
    ByteReader targets = in.readSection("target column");
    OperationLog log = contents.log;
    int here = OperationLog.NONE;
    for (int operation = 0; operation < operationCount; operation++) {
      long header = headers.readVarint("operation");
      int kind = (int) header & UpdateWriter.KIND_MASK;
      long length = header >>> UpdateWriter.KIND_BITS;
      int left = contents.history.eventCount() - log.eventCount();
      if (length == 0 || length > left) {
        throw headers.malformed("a length from 1 to " + left, Long.toString(length));
      }
      int count = (int) length;
      int units = log.unitCount();
      if (kind == SnapshotWriter.INSERT || kind == SnapshotWriter.INSERT_HERE) {
        if (count > unitCount - units) {
          throw headers.malformed("at most " + (unitCount - units) + " units", "" + count);
        }
        int originLeft =
            kind == SnapshotWriter.INSERT_HERE
                ? here
                : readUnit(lefts, "origin left", here, OperationLog.NONE, units);
        int distance = rights.readInt("distance of an origin right", units);
        log.appendInsert(originLeft, distance == 0 ? OperationLog.NONE : units - distance, count);
        here = units + count - 1;
      } else {
        boolean backward = kind == SnapshotWriter.DELETE_BACKWARD;
        int target =
            backward
                ? readUnit(targets, "target", here, count - 1, units)
                : readUnit(targets, "target", here, 0, units - count + 1);
        if (backward) {
          log.appendBackwardDelete(target, count);
          here = target - count;
        } else {
          log.appendForwardDelete(target, count);
          here = target - 1;
        }
      }
    }
    if (log.eventCount() != contents.history.eventCount() || log.unitCount() != unitCount) {
      throw headers.malformed(
          contents.history.eventCount() + " events that insert " + unitCount + " units",
          log.eventCount() + " that insert " + log.unitCount());
    }
    headers.requireEnd("operation column");
    lefts.requireEnd("origin left column");
    rights.requireEnd("origin right column");
    targets.requireEnd("target column");
  }

  /** Reads a unit number from {@code low} to below {@code high}, stored as a difference. */
  private static int readUnit(ByteReader column, String what, int here, int low, int high)
      throws MalformedUpdateException {
    long unit = here + column.readSignedVarint(what);
    if (unit < low || unit >= high) {
      throw column.malformed(what + " from " + low + " to below " + high, Long.toString(unit));
    }
    return (int) unit;
  }

  private void fillText(int unitCount) {
    char[] all = new char[unitCount];
    boolean[] placed = new boolean[unitCount];
    int[] taken = {0};
    contents.tree.forEachVisible(
        0,
        visible.length,
        (unit, count) -> {
          System.arraycopy(visible, taken[0], all, unit, count);
          java.util.Arrays.fill(placed, unit, unit + count, true);
          taken[0] += count;
        });
    int next = 0;
    for (int unit = 0; unit < unitCount; unit++) {
      if (!placed[unit]) {
        all[unit] = deleted[next++];
      }
    }
    contents.text.append(all, 0, unitCount);
  }

  /** Checks that no insert, origin or deletion parts a surrogate pair. */
  private void checkPairs(ByteReader in) throws MalformedUpdateException {
    OperationLog log = contents.log;
    for (int operation = 0; operation < log.size(); operation++) {
      int count = log.endEvent(operation) - log.firstEvent(operation);
      boolean whole;
      if (log.isDelete(operation)) {
        whole = true;
        int target = log.target(operation);
        int lowest = log.isBackward(operation) ? target - count + 1 : target;
        whole = !isLow(lowest) && !isHigh(lowest + count - 1);
      } else {
        int first = log.firstUnit(operation);
        int left = log.originLeft(operation, first);
        int right = log.originRight(operation);
        whole =
            isPaired(first, count)
                && (left == OperationLog.NONE || !isHigh(left))
                && (right == OperationLog.NONE || !isLow(right));
      }
      if (!whole) {
        throw in.malformed("whole surrogate pairs", "operation " + operation + " parts one");
      }
    }
    for (int run = 1; run < contents.history.runCount(); run++) {
      int start = contents.history.runStart(run);
      int unit = log.unitOfEvent(start);
      if (unit != OperationLog.NONE && isLow(unit)) {
        throw in.malformed("whole surrogate pairs", "run " + run + " parts one");
      }
    }
  }

  private boolean isPaired(int first, int count) {
    boolean open = false;
    for (int i = first; i < first + count; i++) {
      if (isLow(i) != open) {
        return false;
      }
      open = isHigh(i);
    }
    return !open;
  }

  private boolean isHigh(int unit) {
    return Character.isHighSurrogate(contents.text.charAt(unit));
  }

  private boolean isLow(int unit) {
    return Character.isLowSurrogate(contents.text.charAt(unit));
  }
}
