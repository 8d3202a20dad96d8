package dev.weft.crdt;

import java.util.Arrays;
import java.util.List;

/**
 * Writes a text with only the later part of its history: what is visible, which can be shown at
 * once, the text and the order of its units at the version where the history begins, and the
 * changes since. See {@code docs/FORMAT.md}, "Shallow snapshot".
 */
final class ShallowWriter {
  private ShallowWriter() {}

  /**
   * Writes contents with the history from an event on that all later ones come after.
   *
   * @param start how many events come before, at least one
   */
  static byte[] write(OpenRun openRun, int start) {
    Contents contents = openRun.settled();
    VersionVector version = contents.history.versionAfter(start);
    TextHistory past = new TextHistory(openRun);
    List<TextChange.Edit> unused = past.moveTo(version);

    int visible = contents.tree.length();
    char[] baseText = past.text().toCharArray();
    ByteWriter texts = new ByteWriter(visible + baseText.length + 16);
    texts.writeUtf8(contents.visibleText(0, visible), 0, visible);
    ByteWriter out = BinaryFormat.begin(BinaryFormat.SHALLOW, texts.size() / 2 + 64);
    DeflatedText.write(out, texts);
    int visibleBytes = texts.size();
    texts.writeUtf8(baseText, 0, baseText.length);
    int baseBytes = texts.size() - visibleBytes;
    out.writeVarint(baseBytes);
    Expansion.TEXT.write(out, RepeatWriter.write(texts.toBytes(), visibleBytes), baseBytes);

    int[] numbers = writeReplicas(contents, version, out);
    int head = contents.history.headOf(start);
    out.writeVarint(numbers[contents.history.runReplica(contents.history.runAt(head))]);
    int units = contents.log.unitsBefore(start);
    new BaseWriter(contents, past.order(), units, numbers).write(out);
    byte[] changes = contents.logged.since(version);
    out.writeBytes(changes, BinaryFormat.HEAD_BYTES, changes.length - BinaryFormat.TAIL_BYTES);
    return BinaryFormat.finish(out);
  }

  /** Writes the replicas that did something before, and returns the number of each there. */
  private static int[] writeReplicas(Contents contents, VersionVector version, ByteWriter out) {
    CausalHistory history = contents.history;
    int[] numbers = new int[history.replicaCount()];
    Arrays.fill(numbers, OperationLog.NONE);
    ByteWriter replicas = new ByteWriter(16 * numbers.length);
    int count = 0;
    for (int replica = 0; replica < numbers.length; replica++) {
      int next = (int) version.next(new ReplicaId(history.replicaId(replica)));
      if (next > 0) {
        numbers[replica] = count++;
        replicas.writeFixed64(history.replicaId(replica));
        replicas.writeVarint(next);
        replicas.writeFixed32(contents.logged.digests().of(replica, next));
      }
    }
    out.writeVarint(count);
    out.writeAll(replicas);
    return numbers;
  }
}
