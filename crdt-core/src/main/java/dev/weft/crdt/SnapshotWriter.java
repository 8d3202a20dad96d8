package dev.weft.crdt;

/**
 * Writes a document's text and whole history as a snapshot, column by column. See {@code
 * docs/FORMAT.md}, "Snapshot".
 */
final class SnapshotWriter {
  static final int INSERT = 0;
  static final int DELETE_FORWARD = 1;
  static final int DELETE_BACKWARD = 2;

  /** An insert directly behind where the operation before left off. */
  static final int INSERT_HERE = 3;

  private SnapshotWriter() {}

  static byte[] write(Contents contents) {
    char[] visible = contents.visibleText(0, contents.tree.length());
    ByteWriter out = BinaryFormat.begin(BinaryFormat.SNAPSHOT, visible.length / 2 + 64);
    writeText(out, visible);
    ByteWriter history = new ByteWriter(1024);
    writeRuns(history, contents.history);
    writeOperations(history, contents.log);
    CompressedSection.write(out, history);
    writeText(out, deletedText(contents));
    return BinaryFormat.finish(out);
  }

  private static void writeText(ByteWriter out, char[] text) {
    ByteWriter utf8 = new ByteWriter(text.length);
    utf8.writeUtf8(text, 0, text.length);
    CompressedSection.write(out, utf8);
  }

  /** Returns the deleted units' text in the order in which they were inserted. */
  private static char[] deletedText(Contents contents) {
    int units = contents.text.size();
    char[] all = new char[units];
    contents.text.copy(0, units, all, 0);
    boolean[] visible = new boolean[units];
    contents.tree.forEachVisible(
        0,
        contents.tree.length(),
        (unit, count) -> java.util.Arrays.fill(visible, unit, unit + count, true));
    char[] deleted = new char[units - contents.tree.length()];
    int size = 0;
    for (int unit = 0; unit < units; unit++) {
      if (!visible[unit]) {
        deleted[size++] = all[unit];
      }
    }
    return deleted;
  }

  private static void writeRuns(ByteWriter out, CausalHistory history) {
    out.writeVarint(history.replicaCount());
    for (int replica = 0; replica < history.replicaCount(); replica++) {
      out.writeFixed64(history.replicaId(replica));
    }
    ByteWriter runReplicas = new ByteWriter(64);
    ByteWriter lengths = new ByteWriter(64);
    ByteWriter dependencyCounts = new ByteWriter(64);
    ByteWriter dependencies = new ByteWriter(64);
    for (int run = 0; run < history.runCount(); run++) {
      runReplicas.writeVarint(history.runReplica(run));
      lengths.writeVarint(history.runEnd(run) - history.runStart(run));
      int from = history.dependenciesStart(run);
      int to = history.dependenciesEnd(run);
      dependencyCounts.writeVarint(to - from);
      for (int i = from; i < to; i++) {
        dependencies.writeVarint(history.runStart(run) - history.dependency(i));
      }
    }
    out.writeVarint(history.runCount());
    writeColumn(out, runReplicas);
    writeColumn(out, lengths);
    writeColumn(out, dependencyCounts);
    writeColumn(out, dependencies);
  }

  private static void writeOperations(ByteWriter out, OperationLog log) {
    ByteWriter headers = new ByteWriter(1024);
    ByteWriter lefts = new ByteWriter(1024);
    ByteWriter rights = new ByteWriter(1024);
    ByteWriter targets = new ByteWriter(1024);
    int here = OperationLog.NONE;
    for (int operation = 0; operation < log.size(); operation++) {
      int count = log.endEvent(operation) - log.firstEvent(operation);
      if (log.isDelete(operation)) {
        boolean backward = log.isBackward(operation);
        int kind = backward ? DELETE_BACKWARD : DELETE_FORWARD;
        headers.writeVarint((long) count << UpdateWriter.KIND_BITS | kind);
        int target = log.target(operation);
        targets.writeSignedVarint((long) target - here);
        here = backward ? target - count : target - 1;
      } else {
        int unit = log.firstUnit(operation);
        int left = log.originLeft(operation, unit);
        int right = log.originRight(operation);
        int kind = left == here ? INSERT_HERE : INSERT;
        headers.writeVarint((long) count << UpdateWriter.KIND_BITS | kind);
        if (kind == INSERT) {
          lefts.writeSignedVarint((long) left - here);
        }
        rights.writeVarint(right == OperationLog.NONE ? 0 : (long) unit - right);
        here = unit + count - 1;
      }
    }
    out.writeVarint(log.size());
    writeColumn(out, headers);
    writeColumn(out, lefts);
    writeColumn(out, rights);
    writeColumn(out, targets);
  }

  private static void writeColumn(ByteWriter out, ByteWriter column) {
    out.writeVarint(column.size());
    out.writeAll(column);
  }
}
