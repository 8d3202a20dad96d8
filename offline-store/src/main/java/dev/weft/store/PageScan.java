package dev.weft.store;

import dev.weft.store.RawRecord.Layout;
import dev.weft.store.RawRecord.Varint;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a page as it stands, without the tree that leads to it: so a page that is
 * destroyed costs the rows in it and no others. Any bytes may come: what is no row is passed over.
 * Stateless but for what it reads from.
 *
 * <p>Source: <i>Database File Format</i>, section 1.6, "B-tree Pages".
 */
final class PageScan {
  private static final int TABLE_LEAF = 0x0d;
  private static final int INDEX_LEAF = 0x0a;
  private static final int INDEX_INTERIOR = 0x02;

  /** The database's header stands in the first page before the page's own. */
  private static final int DATABASE_HEADER_BYTES = 100;

  private final PageImage image;
  private final Set<String> tableShapes;
  private final Set<String> indexShapes;

  /** What takes the rows. */
  @FunctionalInterface
  interface Taker {
    void take(RawRecord row, boolean inIndex) throws IOException;
  }

  /**
   * Creates a scan.
   *
   * @param tableShapes the {@linkplain RawRecord#shape shapes} of the rows that are wanted
   * @param indexShapes the same of the entries of indexes
   */
  PageScan(PageImage image, Set<String> tableShapes, Set<String> indexShapes) {
    this.image = image;
    this.tableShapes = tableShapes;
    this.indexShapes = indexShapes;
  }

  /** Gives the rows that begin in a page. O(bytes of the rows). */
  void scan(int number, Taker taker) throws IOException {
    byte[] page = image.page(number);
    if (page == null) {
      return;
    }
    int header = number == 1 ? DATABASE_HEADER_BYTES : 0;
    int type = page[header];
    if (type != TABLE_LEAF && type != INDEX_LEAF && type != INDEX_INTERIOR) {
      return;
    }
    int cells = Bytes.unsigned16(page, header + 3);
    int pointers = header + (type == INDEX_INTERIOR ? 12 : 8);
    for (int i = 0; i < cells && pointers + 2 * i + 2 <= page.length; i++) {
      int at = Bytes.unsigned16(page, pointers + 2 * i);
      RawRecord row = type == TABLE_LEAF ? tableRow(page, at) : indexRow(page, at, type);
      if (row != null) {
        taker.take(row, type != TABLE_LEAF);
      }
    }
  }

  private @Nullable RawRecord tableRow(byte[] page, int at) throws IOException {
    Varint size = Varint.read(page, at, page.length);
    Varint rowid = size == null ? null : Varint.read(page, size.end(), page.length);
    if (size == null || rowid == null) {
      return null;
    }
    // The whole of a page is usable: no store reserves bytes at the end.
    return record(page, rowid.end(), size.value(), rowid.value(), page.length - 35, tableShapes);
  }

  private @Nullable RawRecord indexRow(byte[] page, int at, int type) throws IOException {
    Varint size = Varint.read(page, type == INDEX_INTERIOR ? at + 4 : at, page.length);
    if (size == null) {
      return null;
    }
    int mostLocal = (page.length - 12) * 64 / 255 - 23;
    return record(page, size.end(), size.value(), 0, mostLocal, indexShapes);
  }

  private @Nullable RawRecord record(
      byte[] page, int at, long size, long rowid, int mostLocal, Set<String> shapes)
      throws IOException {
    if (size < 1 || size > Integer.MAX_VALUE - 8 || size > image.bytes()) {
      return null;
    }
    int local = local((int) size, page.length, mostLocal);
    if (local > page.length - at - (local < size ? 4 : 0)) {
      return null;
    }
    Layout layout = Layout.read(page, at, at + local, (int) size);
    if (layout == null || !shapes.contains(layout.shape())) {
      return null;
    }
    byte[] payload = payload(page, at, local, (int) size);
    return payload == null ? null : new RawRecord(rowid, layout, payload);
  }

  /** How many bytes of a record stand in its page; the others are in overflow pages. */
  private static int local(int size, int pageSize, int mostLocal) {
    if (size <= mostLocal) {
      return size;
    }
    int least = (pageSize - 12) * 32 / 255 - 23;
    int filling = least + (size - least) % (pageSize - 4);
    return filling <= mostLocal ? filling : least;
  }

  private byte @Nullable [] payload(byte[] page, int at, int local, int size) throws IOException {
    if (local == size) {
      byte[] payload = new byte[size];
      System.arraycopy(page, at, payload, 0, size);
      return payload;
    }
    int first = Bytes.signed32(page, at + local);
    // Followed once before anything is allocated: garbage may claim any size.
    if (!isChain(first, size - local)) {
      return null;
    }
    byte[] payload = new byte[size];
    System.arraycopy(page, at, payload, 0, local);
    int filled = local;
    int next = first;
    while (filled < size) {
      byte[] overflow = image.page(next);
      if (overflow == null) {
        return null;
      }
      int count = Math.min(size - filled, overflow.length - 4);
      System.arraycopy(overflow, 4, payload, filled, count);
      filled += count;
      next = Bytes.signed32(overflow, 0);
    }
    return payload;
  }

  /** Returns whether a chain of overflow pages is as long as it must be, and ends there. */
  private boolean isChain(int first, int bytes) throws IOException {
    // Not a set of bits: garbage may name any page.
    Set<Integer> seen = new HashSet<>();
    int next = first;
    for (int left = bytes; left > 0; left -= image.pageSize() - 4) {
      byte[] page = image.page(next);
      if (page == null || !seen.add(next)) {
        return false;
      }
      next = Bytes.signed32(page, 0);
    }
    return next == 0;
  }
}
