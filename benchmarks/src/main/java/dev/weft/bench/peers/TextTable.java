package dev.weft.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rows of cells in aligned columns, with numbered footnotes under them. The first columns are words
 * and stand to the left, the rest are numbers and stand to the right. Not thread-safe.
 */
public final class TextTable {
  private static final String GAP = "  ";

  private final int words;
  private final List<List<String>> rows = new ArrayList<>();
  private final List<Set<Integer>> rowNotes = new ArrayList<>();
  private final Map<String, Integer> notes = new LinkedHashMap<>();

  /** Creates a table with its head, of which {@code words} columns hold words. */
  public TextTable(int words, List<String> head) {
    this.words = words;
    rows.add(head);
    rowNotes.add(Set.of());
  }

  /** Adds a row, as wide as the head; equal notes share a number. */
  public void add(List<String> cells, List<String> said) {
    if (cells.size() != rows.get(0).size()) {
      throw new IllegalArgumentException(
          "a row must have " + rows.get(0).size() + " cells, has " + cells.size());
    }
    rows.add(List.copyOf(cells));
    Set<Integer> numbers = new TreeSet<>();
    for (String note : said) {
      numbers.add(notes.computeIfAbsent(note, n -> notes.size() + 1));
    }
    rowNotes.add(numbers);
  }

  /** Returns whether there is anything under the head. */
  boolean isEmpty() {
    return rows.size() == 1;
  }

  /** Returns the lines of the table and of its footnotes. */
  public List<String> lines() {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = rows.get(row).get(column);
        String padding = " ".repeat(widths[column] - cell.length());
        line.append(column == 0 ? "" : GAP);
        line.append(column < words ? cell + padding : padding + cell);
      }
      for (int note : rowNotes.get(row)) {
        line.append(" [").append(note).append(']');
      }
      lines.add(line.toString().stripTrailing());
    }
    notes.forEach((note, number) -> lines.add("[" + number + "] " + note));
    return lines;
  }
}
