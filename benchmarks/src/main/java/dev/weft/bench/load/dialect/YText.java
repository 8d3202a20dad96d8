package dev.weft.bench.load.dialect;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text of Yjs as its only writer has it, and what it tells others of its edits (update encoding,
 * version 1): of each insertion what stands to its left and right, of each deletion which units.
 * What is typed on at the end of the last insertion goes with it as one item, as in Yjs. Not
 * thread-safe.
 */
final class YText {
  private static final String NAME = "text";

  /** An item of text, with both neighbours, one, or none. */
  private static final int TEXT_ITEM = 4;

  private static final int HAS_LEFT = 0x80;
  private static final int HAS_RIGHT = 0x40;
  private static final long NONE = -1;

  private final long client;

  /** Of each visible unit, in the order of the text, its number. */
  private int[] units = new int[1 << 12];

  private int length;
  private long inserted;
  private long deleted;

  // What was not told.
  private final List<Item> items = new ArrayList<>();
  private final List<Deletion> deletions = new ArrayList<>();

  YText(long client) {
    this.client = client;
  }

  /** Text that was typed on. */
  private static final class Item {
    final long left;
    final long right;
    final StringBuilder text = new StringBuilder();

    Item(long left, long right) {
      this.left = left;
      this.right = right;
    }
  }

  private record Deletion(long first, long count) {}

  int length() {
    return length;
  }

  /** Returns how many units were inserted, and how many deleted, together. */
  long events() {
    return inserted + deleted;
  }

  /** Replaces {@code [start, end)}. */
  void replace(int start, int end, String text) {
    delete(start, end);
    insert(start, text);
  }

  private void delete(int start, int end) {
    for (int at = start; at < end; at++) {
      int last = deletions.size() - 1;
      if (last >= 0 && deletions.get(last).first + deletions.get(last).count == units[at]) {
        deletions.set(last, new Deletion(deletions.get(last).first, deletions.get(last).count + 1));
      } else {
        deletions.add(new Deletion(units[at], 1));
      }
    }
    System.arraycopy(units, end, units, start, length - end);
    length -= end - start;
    deleted += end - start;
  }

  private void insert(int at, String text) {
    if (text.isEmpty()) {
      return;
    }
    long left = at == 0 ? NONE : units[at - 1];
    long right = at == length ? NONE : units[at];
    Item last = items.isEmpty() ? null : items.get(items.size() - 1);
    if (last == null || left != inserted - 1 || right != last.right) {
      last = new Item(left, right);
      items.add(last);
    }
    last.text.append(text);
    if (length + text.length() > units.length) {
      units = Arrays.copyOf(units, 2 * (length + text.length()));
    }
    System.arraycopy(units, at, units, at + text.length(), length - at);
    for (int i = 0; i < text.length(); i++) {
      units[at + i] = (int) inserted++;
    }
    length += text.length();
  }

  /** Returns an update of what was not told before. */
  byte[] takeUpdate() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (items.isEmpty()) {
      Lib0.writeNumber(out, 0);
    } else {
      Lib0.writeNumber(out, 1);
      Lib0.writeNumber(out, items.size());
      Lib0.writeNumber(out, client);
      Lib0.writeNumber(out, inserted - items.stream().mapToLong(item -> item.text.length()).sum());
      items.forEach(item -> write(item, out));
    }
    if (deletions.isEmpty()) {
      Lib0.writeNumber(out, 0);
    } else {
      Lib0.writeNumber(out, 1);
      Lib0.writeNumber(out, client);
      Lib0.writeNumber(out, deletions.size());
      for (Deletion deletion : deletions) {
        Lib0.writeNumber(out, deletion.first);
        Lib0.writeNumber(out, deletion.count);
      }
    }
    items.clear();
    deletions.clear();
    return out.toByteArray();
  }

  private void write(Item item, ByteArrayOutputStream out) {
    out.write(
        TEXT_ITEM | (item.left == NONE ? 0 : HAS_LEFT) | (item.right == NONE ? 0 : HAS_RIGHT));
    writeUnit(item.left, out);
    writeUnit(item.right, out);
    if (item.left == NONE && item.right == NONE) {
      Lib0.writeNumber(out, 1);
      Lib0.writeText(out, NAME);
    }
    Lib0.writeText(out, item.text.toString());
  }

  private void writeUnit(long unit, ByteArrayOutputStream out) {
    if (unit != NONE) {
      Lib0.writeNumber(out, client);
      Lib0.writeNumber(out, unit);
    }
  }
}
