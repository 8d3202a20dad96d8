package dev.weft.cluster;

import dev.weft.store.DocumentId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The positions reached in the logs of the documents used last. Thread-safe. */
final class RecentPositions {
  private final Map<DocumentId, LogPosition> positions;

  RecentPositions(int capacity) {
    positions =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<DocumentId, LogPosition> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Returns the position reached, null if none is known. */
  synchronized @Nullable LogPosition get(DocumentId document) {
    return positions.get(document);
  }

  /** Returns the position reached, the start of the log if none is known. */
  LogPosition getOrStart(DocumentId document) {
    LogPosition known = get(document);
    return known == null ? LogPosition.START : known;
  }

  /**
   * Notes what was found by reading on from {@code known}. Who reads or appends at the same time
   * may have noted more already, and that stays; but a log that has become shorter is taken as it
   * is.
   */
  synchronized void put(DocumentId document, LogPosition known, LogPosition found) {
    LogPosition noted = positions.get(document);
    if (noted == null
        || noted.ordinal() <= found.ordinal()
        || (found.ordinal() < known.ordinal() && noted.ordinal() <= known.ordinal())) {
      positions.put(document, found);
    }
  }
}
