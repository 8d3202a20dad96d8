package dev.weft.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a database as they stand in its file, with some of them replaced by those of the
 * write-ahead log. Pages are numbered from 1. Not thread-safe; the channels stay the caller's.
 */
final class PageImage {
  private static final byte[] MAGIC = StoreDirectory.sqliteHeader();
  private static final int FREELIST_AT = 32;

  private final @Nullable FileChannel main;
  private final @Nullable FileChannel log;
  private final Map<Integer, Long> frames;
  private final int pageSize;

  /** How many pages the file has; of those behind it there are only the ones in the log. */
  private final int pages;

  private final long bytes;

  private PageImage(
      @Nullable FileChannel main,
      @Nullable FileChannel log,
      Map<Integer, Long> frames,
      int pageSize,
      int pages)
      throws IOException {
    this.main = main;
    this.log = log;
    this.frames = frames;
    this.pageSize = pageSize;
    this.pages = pages;
    bytes = (main == null ? 0 : main.size()) + (log == null ? 0 : log.size());
  }

  /** Creates the image of the file alone, which may be missing. */
  static PageImage of(@Nullable FileChannel main, int pageSize) throws IOException {
    long pages = main == null ? 0 : (main.size() + pageSize - 1) / pageSize;
    return new PageImage(
        main, null, Map.of(), pageSize, (int) Math.min(pages, Integer.MAX_VALUE - 1));
  }

  /**
   * Returns this image with pages of the log in the place of its own.
   *
   * @param replaced where in the log the page of a number is
   */
  PageImage overlaid(FileChannel from, Map<Integer, Long> replaced) throws IOException {
    return new PageImage(main, from, replaced, pageSize, pages);
  }

  int pageSize() {
    return pageSize;
  }

  /** Returns the number of the file's last page. */
  int pages() {
    return pages;
  }

  /** Returns the pages behind the file's last. */
  List<Integer> pagesBehind() {
    return frames.keySet().stream().filter(page -> page > pages).sorted().toList();
  }

  private boolean contains(int page) {
    return page > 0 && (page <= pages || frames.containsKey(page));
  }

  /** Returns the most bytes that a row can have. */
  long bytes() {
    return bytes;
  }

  /** Returns a page, filled up with zeros where the file ends; null if there is none. */
  byte @Nullable [] page(int number) throws IOException {
    if (!contains(number)) {
      return null;
    }
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    Long frame = frames.get(number);
    if (frame != null && log != null) {
      readFully(log, frame, page);
    } else if (main != null) {
      readFully(main, (number - 1L) * pageSize, page);
    }
    return page.array();
  }

  /** Returns the size of a page by the file's header; 0 if that is damaged. */
  static int pageSizeOf(FileChannel main) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(100);
    readFully(main, 0, header);
    if (!startsWithMagic(header.array())) {
      return 0;
    }
    int size = Bytes.unsigned16(header.array(), 16);
    size = size == 1 ? 65_536 : size;
    return WriteAheadLog.isPageSize(size) ? size : 0;
  }

  /**
   * Returns the pages that are in no use: what stands in them was deleted. Empty if their list is
   * not as long as the header says. O(free pages).
   */
  Set<Integer> freePages() throws IOException {
    Set<Integer> free = new HashSet<>();
    byte[] header = page(1);
    if (header == null) {
      return free;
    }
    int listed = Bytes.signed32(header, FREELIST_AT + 4);
    int trunk = Bytes.signed32(header, FREELIST_AT);
    while (trunk != 0) {
      byte[] page = page(trunk);
      if (page == null || !free.add(trunk)) {
        return Set.of();
      }
      int leaves = Bytes.signed32(page, 4);
      if (leaves < 0 || leaves > pageSize / 4 - 2) {
        return Set.of();
      }
      for (int i = 0; i < leaves; i++) {
        int leaf = Bytes.signed32(page, 8 + 4 * i);
        if (!contains(leaf)) {
          return Set.of();
        }
        free.add(leaf);
      }
      trunk = Bytes.signed32(page, 0);
    }
    return free.size() == listed ? free : Set.of();
  }

  private static boolean startsWithMagic(byte[] page) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (page[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  /** Reads until the buffer is full or the file ends; what is missing stays as it was. */
  static void readFully(FileChannel file, long position, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      int read = file.read(into, position + into.position());
      if (read < 0) {
        return;
      }
    }
  }
}
