package dev.weft.store;

import dev.weft.crdt.VersionVector;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The versions of the documents used last, so that asking for one reads no disk. Thread-safe. */
final class RecentDocuments {
  private final Map<DocumentId, Entry> entries;

  RecentDocuments(int capacity) {
    entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<DocumentId, Entry> eldest) {
            return size() > capacity;
          }
        };
  }

  synchronized @Nullable Entry get(DocumentId document) {
    return entries.get(document);
  }

  synchronized void put(DocumentId document, Entry entry) {
    entries.put(document, entry);
  }

  synchronized void remove(DocumentId document) {
    entries.remove(document);
  }

  /**
   * What is known of a document.
   *
   * @param row its row in the table of documents
   * @param version what the store holds of it
   */
  record Entry(long row, VersionVector version) {}
}
