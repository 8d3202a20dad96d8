package dev.weft.desktop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * How the person here wants to see texts; kept in a file beside the store, a word a line. Reading
 * and writing wait for the disk. Immutable.
 *
 * @param dark whether light text stands on a dark ground
 * @param zoom by how many steps the text is larger than normal, or smaller if less than 0
 */
record Look(boolean dark, int zoom) {
  static final Look NORMAL = new Look(false, 0);

  /** A step less or more than these changes nothing in a pane, whose text has bounds of its own. */
  static final int SMALLEST = -7;

  static final int LARGEST = 12;

  private static final String DARK = "dark";
  private static final String ZOOM = "zoom ";

  Look {
    zoom = Math.max(SMALLEST, Math.min(LARGEST, zoom));
  }

  /**
   * Reads what was kept in a directory, as far as it can be read: it is a help, and no document
   * depends on it. A line that says nothing of this is left out, as somebody else's.
   */
  static Look read(Path directory) {
    try {
      Look read = NORMAL;
      for (String line : Files.readAllLines(file(directory))) {
        read = read.with(line.strip());
      }
      return read;
    } catch (IOException notThereOrNotReadable) {
      return NORMAL;
    }
  }

  private Look with(String line) {
    if (line.equals(DARK)) {
      return withDark(true);
    }
    if (line.startsWith(ZOOM)) {
      try {
        return withZoom(Integer.parseInt(line.substring(ZOOM.length())));
      } catch (NumberFormatException notOne) {
        return this;
      }
    }
    return this;
  }

  /**
   * Keeps it in a directory.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  void write(Path directory) {
    List<String> lines = new ArrayList<>();
    if (dark) {
      lines.add(DARK);
    }
    lines.add(ZOOM + zoom);
    Path file = file(directory);
    Path written = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(written, lines);
      Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(Path directory) {
    return directory.resolve("look");
  }

  Look withDark(boolean wanted) {
    return new Look(wanted, zoom);
  }

  /** Returns it with another size of text; one beyond the bounds is the bound. */
  Look withZoom(int steps) {
    return new Look(dark, steps);
  }

  /** Gives the text of a pane its size. For the event dispatch thread. */
  void zoom(EditorPane pane) {
    pane.resetTextSize();
    for (int step = 0; step < zoom; step++) {
      pane.enlargeText();
    }
    for (int step = 0; step > zoom; step--) {
      pane.shrinkText();
    }
  }
}
