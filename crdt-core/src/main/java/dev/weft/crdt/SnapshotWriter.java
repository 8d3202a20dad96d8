package dev.weft.crdt;

import java.util.Arrays;

/**
 * Writes a document's text and whole history as a snapshot: what is visible, which can be shown at
 * once, then what was deleted, then who did what. See {@code docs/FORMAT.md}, "Snapshot".
 */
final class SnapshotWriter {
  private SnapshotWriter() {}

  static byte[] write(Contents contents) {
    int visible = contents.tree.length();
    int deleted = contents.text.size() - visible;
    // Both texts, one after the other: much of what was deleted repeats what was not.
    ByteWriter texts = new ByteWriter(contents.text.size() + 16);
    texts.writeUtf8(contents.visibleText(0, visible), 0, visible);
    ByteWriter out = BinaryFormat.begin(BinaryFormat.SNAPSHOT, texts.size() / 2 + 64);
    DeflatedText.write(out, texts);
    int visibleBytes = texts.size();
    texts.writeUtf8(deletedText(contents), 0, deleted);
    int deletedBytes = texts.size() - visibleBytes;
    out.writeVarint(deletedBytes);
    Expansion.TEXT.write(out, RepeatWriter.write(texts.toBytes(), visibleBytes), deletedBytes);
    VersionNames.write(contents.log, out);
    HistoryWriter.write(contents, out);
    return BinaryFormat.finish(out);
  }

  /** Returns the deleted units' text in the order in which they were inserted. */
  private static char[] deletedText(Contents contents) {
    int units = contents.text.size();
    char[] all = new char[units];
    contents.text.copy(0, units, all, 0);
    boolean[] visible = new boolean[units];
    contents.tree.forEachVisible(
        0, contents.tree.length(), (unit, count) -> Arrays.fill(visible, unit, unit + count, true));
    char[] deleted = new char[units - contents.tree.length()];
    int size = 0;
    for (int unit = 0; unit < units; unit++) {
      if (!visible[unit]) {
        deleted[size++] = all[unit];
      }
    }
    return deleted;
  }
}
