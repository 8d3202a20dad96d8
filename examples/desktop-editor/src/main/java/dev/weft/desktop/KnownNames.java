package dev.weft.desktop;

import dev.weft.crdt.ReplicaId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What those called themselves who were met in documents, by the ids under which they said to
 * write; in a file beside the store, one a line, the last met at the end. Nobody has proved any of
 * it. Reading and writing wait for the disk and are for one thread at a time; the rest is for the
 * event dispatch thread, but {@link #names}, which any may call.
 */
final class KnownNames {
  /** Of more, the last met. */
  static final int MOST = 500;

  /** In code points; what is shown of a name is shorter. */
  private static final int LONGEST = 64;

  private final Path file;
  private volatile Map<ReplicaId, String> names = Map.of();

  /**
   * Creates names that are not read yet.
   *
   * @param directory where the store is
   */
  KnownNames(Path directory) {
    file = directory.resolve("known-names");
  }

  /** Reads the file, as far as it can be read: it is a help, and no document depends on it. */
  void read() {
    Map<ReplicaId, String> read = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        putLine(line, read);
      }
    } catch (IOException notThereOrNotReadable) {
      read.clear();
    }
    names = last(read);
  }

  /** A line that is not one of these is left out, as somebody else's. */
  private static void putLine(String line, Map<ReplicaId, String> into) {
    int space = line.indexOf(' ');
    String name = line.substring(space + 1).strip();
    if (space < 0 || name.isEmpty()) {
      return;
    }
    try {
      into.put(ReplicaId.parse(line.substring(0, space)), cut(name));
    } catch (IllegalArgumentException notAnId) {
      // Left out.
    }
  }

  private static String cut(String name) {
    return name.codePointCount(0, name.length()) <= LONGEST
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LONGEST));
  }

  private static Map<ReplicaId, String> last(Map<ReplicaId, String> all) {
    Map<ReplicaId, String> last = new LinkedHashMap<>();
    all.entrySet().stream()
        .skip(Math.max(0, all.size() - MOST))
        .forEach(each -> last.put(each.getKey(), each.getValue()));
    return Collections.unmodifiableMap(last);
  }

  /** Returns the names; waits for nothing. */
  Map<ReplicaId, String> names() {
    return names;
  }

  /**
   * Takes in what some are called now, and waits for nothing.
   *
   * @return whether there is something to {@link #write}
   */
  boolean heard(Map<ReplicaId, String> here) {
    Map<ReplicaId, String> known = names;
    if (here.entrySet().stream()
        .allMatch(each -> cut(each.getValue()).equals(known.get(each.getKey())))) {
      return false;
    }
    Map<ReplicaId, String> now = new LinkedHashMap<>(known);
    here.forEach(
        (replica, name) -> {
          now.remove(replica);
          now.put(replica, cut(name));
        });
    names = last(now);
    return true;
  }

  /** Writes the file. */
  void write() throws IOException {
    List<String> lines = new ArrayList<>();
    names.forEach((replica, name) -> lines.add(replica + " " + name));
    Path written = file.resolveSibling(file.getFileName() + ".new");
    Files.write(written, lines);
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
