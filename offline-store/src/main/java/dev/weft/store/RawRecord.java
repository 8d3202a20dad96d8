package dev.weft.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table, or of an index, as SQLite lays it out: a header of serial types, then the
 * values. A column that is the row's number stands as null. Immutable.
 *
 * <p>Source: <i>Database File Format</i>, section 2.1, "Record Format".
 */
final class RawRecord {
  private final long rowid;
  private final Layout layout;
  private final byte[] payload;

  RawRecord(long rowid, Layout layout, byte[] payload) {
    this.rowid = rowid;
    this.layout = layout;
    this.payload = payload;
  }

  /** Returns the row's number; 0 of an index. */
  long rowid() {
    return rowid;
  }

  /**
   * Returns the kinds of the columns, a letter each: {@code N}ull, {@code I}nteger, {@code R}eal,
   * {@code T}ext, {@code B}lob.
   */
  String shape() {
    return layout.shape;
  }

  boolean isNull(int column) {
    return layout.shape.charAt(column) == 'N';
  }

  long integer(int column) {
    int type = (int) layout.types[column];
    if (type == 8 || type == 9) {
      return type == 8 ? 0 : 1;
    }
    return type == 0 ? 0 : Bytes.signed(payload, layout.starts[column], Layout.width(type));
  }

  String text(int column) {
    return new String(blob(column), StandardCharsets.UTF_8);
  }

  byte[] blob(int column) {
    return Arrays.copyOfRange(payload, layout.starts[column], layout.starts[column + 1]);
  }

  /** Where the columns of a record stand in it. Immutable. */
  static final class Layout {
    /** More than any table of a store has. */
    private static final int MAX_COLUMNS = 12;

    private final long[] types;
    private final int[] starts;
    private final String shape;

    private Layout(long[] types, int[] starts, String shape) {
      this.types = types;
      this.starts = starts;
      this.shape = shape;
    }

    /**
     * Reads the header of a record; null if no record begins there.
     *
     * @param end where the bytes end that belong to the record in this page
     * @param size how many bytes the record has in all
     */
    static @Nullable Layout read(byte[] page, int start, int end, int size) {
      Varint varint = Varint.read(page, start, end);
      if (varint == null || varint.value() < 1 || varint.value() > end - start) {
        return null;
      }
      int headerEnd = start + (int) varint.value();
      long[] types = new long[MAX_COLUMNS];
      int[] starts = new int[MAX_COLUMNS + 1];
      StringBuilder shape = new StringBuilder();
      int columns = 0;
      long reached = varint.value();
      int at = varint.end();
      while (at < headerEnd) {
        varint = Varint.read(page, at, headerEnd);
        if (varint == null || columns == MAX_COLUMNS || !isType(varint.value())) {
          return null;
        }
        types[columns] = varint.value();
        starts[columns] = (int) reached;
        shape.append(kind(varint.value()));
        reached += width(varint.value());
        if (reached > size) {
          return null;
        }
        columns++;
        at = varint.end();
      }
      starts[columns] = (int) reached;
      return reached == size ? new Layout(types, starts, shape.toString()) : null;
    }

    String shape() {
      return shape;
    }

    private static boolean isType(long type) {
      return type >= 0 && type != 10 && type != 11 && width(type) <= Integer.MAX_VALUE / 2;
    }

    private static char kind(long type) {
      if (type >= 12) {
        return type % 2 == 0 ? 'B' : 'T';
      }
      return type == 0 ? 'N' : type == 7 ? 'R' : 'I';
    }

    private static int width(int type) {
      return (int) width((long) type);
    }

    private static long width(long type) {
      if (type >= 12) {
        return (type - 12) / 2;
      }
      return switch ((int) type) {
        case 1, 2, 3, 4 -> type;
        case 5 -> 6;
        case 6, 7 -> 8;
        default -> 0;
      };
    }
  }

  /**
   * A number of 1 to 9 bytes: seven bits each, the highest first, of a ninth all eight.
   *
   * @param value the number
   * @param end where the byte after it is
   */
  record Varint(long value, int end) {
    /** Reads a number; null if it does not end before {@code end}. */
    static @Nullable Varint read(byte[] bytes, int start, int end) {
      long value = 0;
      for (int i = 0; i < 9 && start + i < end; i++) {
        byte next = bytes[start + i];
        if (i == 8) {
          return new Varint(value << 8 | (next & 0xff), start + 9);
        }
        value = value << 7 | (next & 0x7f);
        if (next >= 0) {
          return new Varint(value, start + i + 1);
        }
      }
      return null;
    }
  }
}
