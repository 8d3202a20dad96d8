package dev.weft.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * Which pages the write-ahead log of a database holds, read without SQLite, from any bytes.
 * Immutable.
 *
 * <pre>
 * header  32 bytes: magic, version, page size, checkpoint, salt 1, salt 2, checksum (8)
 * frame   24 bytes and a page: page number, database size if a commit, salts, checksum (8)
 * </pre>
 *
 * <p>All numbers are big-endian; a frame's checksum goes on from the one before. SQLite reads the
 * frames up to the last commit before the chain breaks. Where one is damaged, what was committed
 * behind it is there still, and its rows have checksums of their own; so those frames are told too,
 * apart. Frames of an earlier use of the file have other salts.
 *
 * <p>Source: <i>Database File Format</i>, section 4, "The Write-Ahead Log".
 */
final class WriteAheadLog {
  static final int HEADER_BYTES = 32;
  static final int FRAME_HEADER_BYTES = 24;

  private static final int MAGIC_LITTLE_ENDIAN = 0x377f0682;
  private static final int MAGIC_BIG_ENDIAN = 0x377f0683;
  private static final int VERSION = 3_007_000;

  /** A log of nothing. */
  static final WriteAheadLog NONE = new WriteAheadLog(0, 0, Map.of(), Map.of(), false);

  private final int pageSize;
  private final int databasePages;
  private final Map<Integer, Long> committed;
  private final Map<Integer, Long> cutOff;
  private final boolean damaged;

  private WriteAheadLog(
      int pageSize,
      int databasePages,
      Map<Integer, Long> committed,
      Map<Integer, Long> cutOff,
      boolean damaged) {
    this.pageSize = pageSize;
    this.databasePages = databasePages;
    this.committed = Map.copyOf(committed);
    this.cutOff = Map.copyOf(cutOff);
    this.damaged = damaged;
  }

  /**
   * Reads which pages there are. O(bytes).
   *
   * @param presumedPageSize the size of a page if the log's header does not say it
   */
  static WriteAheadLog read(FileChannel file, int presumedPageSize) throws IOException {
    if (file.size() <= HEADER_BYTES) {
      // SQLite leaves an empty file between two uses.
      return NONE;
    }
    return new Reader(file).read(presumedPageSize);
  }

  /** Returns the size of a page, 0 if the log's header does not say it. */
  int pageSize() {
    return pageSize;
  }

  /** Returns how many pages the database has with the last commit; 0 if there was none. */
  int databasePages() {
    return databasePages;
  }

  /** Returns where in the file the latest page of each number is, of those that SQLite reads. */
  Map<Integer, Long> committed() {
    return committed;
  }

  /** Returns the same of all pages up to the last commit, also those behind a damaged frame. */
  Map<Integer, Long> cutOff() {
    return cutOff;
  }

  /** Returns whether SQLite cannot read something that was committed. */
  boolean isDamaged() {
    return damaged;
  }

  static boolean isPageSize(int size) {
    return size >= 512 && size <= 65_536 && Integer.bitCount(size) == 1;
  }

  /** Goes through a file once. */
  private static final class Reader {
    private final FileChannel file;
    private final Map<Integer, Long> committed = new HashMap<>();
    private final Map<Integer, Long> cutOff = new HashMap<>();
    private int sum0;
    private int sum1;

    Reader(FileChannel file) {
      this.file = file;
    }

    WriteAheadLog read(int presumedPageSize) throws IOException {
      ByteBuffer header = at(0, HEADER_BYTES);
      int magic = header.getInt(0);
      ByteOrder order = magic == MAGIC_BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      add(header, 0, 24, order);
      boolean whole =
          (magic == MAGIC_LITTLE_ENDIAN || magic == MAGIC_BIG_ENDIAN)
              && header.getInt(4) == VERSION
              && isPageSize(header.getInt(8))
              && sum0 == header.getInt(24)
              && sum1 == header.getInt(28);
      int pageSize = whole ? header.getInt(8) : presumedPageSize;
      int frameBytes = FRAME_HEADER_BYTES + pageSize;
      // Without a header, the first frame tells which use of the file this is.
      ByteBuffer first = whole ? header : at(HEADER_BYTES, FRAME_HEADER_BYTES);
      long salts = first.getLong(whole ? 16 : 8);

      Map<Integer, Long> pending = new HashMap<>();
      boolean chained = whole;
      int databasePages = 0;
      long end = file.size() - frameBytes;
      for (long start = HEADER_BYTES; start <= end; start += frameBytes) {
        ByteBuffer frame = at(start, frameBytes);
        if (chained) {
          add(frame, 0, 8, order);
          add(frame, FRAME_HEADER_BYTES, pageSize, order);
          boolean sound =
              frame.getLong(8) == salts
                  && sum0 == frame.getInt(16)
                  && sum1 == frame.getInt(20)
                  && frame.getInt(0) > 0;
          if (!sound) {
            chained = false;
          }
        }
        if (frame.getLong(8) != salts || frame.getInt(0) <= 0) {
          continue;
        }
        pending.put(frame.getInt(0), start + FRAME_HEADER_BYTES);
        if (frame.getInt(4) > 0) {
          // What no commit follows was rolled back, or never finished.
          (chained ? committed : cutOff).putAll(pending);
          databasePages = chained ? frame.getInt(4) : databasePages;
          pending.clear();
        }
      }
      return new WriteAheadLog(
          whole ? pageSize : 0, databasePages, committed, cutOff, !cutOff.isEmpty());
    }

    private void add(ByteBuffer bytes, int from, int count, ByteOrder order) {
      bytes.order(order);
      for (int at = from; at < from + count; at += 8) {
        sum0 += bytes.getInt(at) + sum1;
        sum1 += bytes.getInt(at + 4) + sum0;
      }
      bytes.order(ByteOrder.BIG_ENDIAN);
    }

    private ByteBuffer at(long position, int count) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(count);
      PageImage.readFully(file, position, bytes);
      return bytes.clear();
    }
  }
}
