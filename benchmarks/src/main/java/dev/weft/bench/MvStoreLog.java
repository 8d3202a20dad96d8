package dev.weft.bench;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreTool;
import org.h2.mvstore.type.ByteArrayDataType;

/**
 * The log of one document in H2's MVStore: the records that a {@code SqliteChangeStore} has in its
 * rows. Not thread-safe.
 *
 * <pre>
 * key    document (4 bytes), replica (8), end of the sequence numbers (8)
 * value  start of the sequence numbers (8), CRC32C of all the rest (4), the changes
 * </pre>
 */
final class MvStoreLog implements AutoCloseable {
  /** What MVStore does if it is told nothing. */
  static final int DEFAULT_RETENTION_MILLIS = 45_000;

  private static final int DOCUMENT = 1;
  private static final int KEY_BYTES = Integer.BYTES + 2 * Long.BYTES;
  private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;

  private final MVStore store;
  private final MVMap<byte[], byte[]> map;

  /**
   * Opens the file, which is created if it is missing.
   *
   * @param retentionMillis for how long what is in use no more is not overwritten
   */
  MvStoreLog(Path file, int retentionMillis) {
    // Else a commit returns before threads of the store's have given it to the system.
    store = new MVStore.Builder().fileName(file.toString()).autoCommitDisabled().open();
    store.setRetentionTime(retentionMillis);
    map =
        store.openMap(
            "change",
            new MVMap.Builder<byte[], byte[]>()
                .keyType(ByteArrayDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE));
  }

  /** Adds changes of one replica in sequence as one record, and commits. */
  void append(List<Change> changes, boolean synced) {
    long start = changes.get(0).start();
    byte[] bytes = Change.combine(changes);
    ByteBuffer key = ByteBuffer.allocate(KEY_BYTES);
    key.putInt(DOCUMENT)
        .putLong(changes.get(0).replica().bits())
        .putLong(changes.get(changes.size() - 1).end());
    ByteBuffer value = ByteBuffer.allocate(HEAD_BYTES + bytes.length);
    value.putLong(start).putInt(checksum(key.array(), start, bytes, 0)).put(bytes);
    map.put(key.array(), value.array());
    store.commit();
    if (synced) {
      store.sync();
    }
  }

  private static int checksum(byte[] key, long start, byte[] bytes, int offset) {
    CRC32C crc = new CRC32C();
    crc.update(key);
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, start));
    crc.update(bytes, offset, bytes.length - offset);
    return (int) crc.getValue();
  }

  /** Reads, checks and parses all records. */
  List<Change> readAll() {
    List<Change> changes = new ArrayList<>();
    Cursor<byte[], byte[]> cursor = map.cursor(null);
    while (cursor.hasNext()) {
      byte[] key = cursor.next();
      byte[] value = cursor.getValue();
      ByteBuffer head = ByteBuffer.wrap(value);
      if (checksum(key, head.getLong(), value, HEAD_BYTES) != head.getInt()) {
        throw new AssertionError("a record has a wrong checksum");
      }
      byte[] bytes = new byte[value.length - HEAD_BYTES];
      head.get(bytes);
      try {
        changes.addAll(Change.parse(bytes));
      } catch (MalformedUpdateException e) {
        throw new AssertionError("a record cannot be read", e);
      }
    }
    return changes;
  }

  /** Writes a closed file anew, without what is in use no more. */
  static void rewrite(Path file) {
    MVStoreTool.compact(file.toString(), false);
  }

  @Override
  public void close() {
    store.close();
  }
}
