package dev.weft.cluster;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What one relay tells the others: changes that it has taken in. Immutable.
 *
 * <pre>
 *   0        1                    9
 *   +--------+--------------------+----------------------------+
 *   | form 1 | sender, big-endian | update (docs/FORMAT.md)    |
 *   +--------+--------------------+----------------------------+
 * </pre>
 *
 * @param sender a random number for each relay's run, by which it knows its own
 * @param changes in causal order
 */
record Announcement(long sender, List<Change> changes) {
  private static final byte FORM = 1;
  private static final int HEADER_BYTES = 1 + Long.BYTES;

  /** About the most bytes of one announcement of several changes. */
  private static final int MAX_SHARED_BYTES = 256 << 10;

  /** Returns changes as few announcements, none of them needlessly long. */
  static List<byte[]> write(long sender, List<Change> changes) {
    List<byte[]> announcements = new ArrayList<>();
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < changes.size(); i++) {
      int size = changes.get(i).sizeInBytes();
      if (i > from && bytes + size > MAX_SHARED_BYTES) {
        announcements.add(writeOne(sender, changes.subList(from, i)));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    if (from < changes.size()) {
      announcements.add(writeOne(sender, changes.subList(from, changes.size())));
    }
    return announcements;
  }

  private static byte[] writeOne(long sender, List<Change> changes) {
    byte[] update = Change.combine(changes);
    return ByteBuffer.allocate(HEADER_BYTES + update.length)
        .put(FORM)
        .putLong(sender)
        .put(update)
        .array();
  }

  /** Returns whether an announcement is from {@code sender}, without reading it further. */
  static boolean isFrom(long sender, byte[] bytes) {
    return isReadable(bytes) && ByteBuffer.wrap(bytes, 1, Long.BYTES).getLong() == sender;
  }

  /**
   * Reads an announcement.
   *
   * @throws MalformedUpdateException if it is not of form 1
   */
  static Announcement read(byte[] bytes) throws MalformedUpdateException {
    if (!isReadable(bytes)) {
      throw new MalformedUpdateException(
          0, "an announcement of form 1", bytes.length == 0 ? "nothing" : "form " + bytes[0]);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    long sender = in.getLong();
    byte[] update = new byte[in.remaining()];
    in.get(update);
    return new Announcement(sender, Change.parse(update));
  }

  private static boolean isReadable(byte[] bytes) {
    return bytes.length > HEADER_BYTES && bytes[0] == FORM;
  }
}
