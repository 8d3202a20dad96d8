package dev.weft.lab.day;

import java.util.ArrayList;
import java.util.List;

/** A table of the report: a caption, names of columns, and rows that begin with their name. */
final class Table {
  private final String caption;
  private final List<String> columns;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String caption, String... columns) {
    this.caption = caption;
    this.columns = List.of(columns);
  }

  Table row(String... cells) {
    return row(List.of(cells));
  }

  Table row(List<String> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(cells.size() + " cells of " + columns.size());
    }
    rows.add(cells);
    return this;
  }

  String html() {
    StringBuilder html = new StringBuilder("<table><caption>");
    html.append(escape(caption)).append("</caption><thead><tr>");
    columns.forEach(
        column -> html.append("<th scope=\"col\">").append(escape(column)).append("</th>"));
    html.append("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      html.append("<tr><th scope=\"row\">").append(escape(row.get(0))).append("</th>");
      row.subList(1, row.size())
          .forEach(cell -> html.append("<td>").append(escape(cell)).append("</td>"));
      html.append("</tr>\n");
    }
    return html.append("</tbody></table>\n").toString();
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
