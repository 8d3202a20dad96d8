package dev.weft.desktop.presence;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.crdt.ReplicaId;
import java.util.Optional;

/**
 * The extension of a presence that says under which id the person writes, so that a history, which
 * knows only ids, can tell names. Lines, the first of which says whose extension it is; those of a
 * later editor are passed over, as an earlier editor passes over all of it.
 */
final class WritesAs {
  private static final String FIRST = "weft-desktop";
  private static final String KEY = "writes-as ";

  private WritesAs() {}

  static byte[] toBytes(ReplicaId replica) {
    return (FIRST + "\n" + KEY + replica + "\n").getBytes(UTF_8);
  }

  /** Returns what an extension says that came from outside; nothing if it says something else. */
  static Optional<ReplicaId> of(byte[] extension) {
    String[] lines = new String(extension, UTF_8).split("\n", -1);
    if (!lines[0].equals(FIRST)) {
      return Optional.empty();
    }
    for (String line : lines) {
      if (line.startsWith(KEY)) {
        return replica(line.substring(KEY.length()));
      }
    }
    return Optional.empty();
  }

  private static Optional<ReplicaId> replica(String text) {
    try {
      return Optional.of(ReplicaId.parse(text));
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }
}
