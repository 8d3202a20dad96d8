package dev.weft.desktop;

import dev.weft.store.DocumentId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which documents were opened last, the newest first; in a file beside the store, a name a line.
 * Reading and writing wait for the disk. Thread-safe.
 */
final class LastOpened {
  private static final int MOST = 12;

  private final Path file;
  // Read by the event dispatch thread too, which must not wait for who writes the file.
  private volatile List<DocumentId> documents = List.of();

  /**
   * Creates a list that is not read yet.
   *
   * @param directory where the store is
   */
  LastOpened(Path directory) {
    file = directory.resolve("last-opened");
  }

  /**
   * Reads the file, as far as it can be read: it is a help, and no document depends on it. A line
   * that is no document's name is left out, as somebody else's.
   */
  synchronized void read() {
    try {
      documents =
          Files.readAllLines(file).stream()
              .flatMap(line -> documentOf(line).stream())
              .limit(MOST)
              .toList();
    } catch (IOException notThereOrNotReadable) {
      documents = List.of();
    }
  }

  private static Optional<DocumentId> documentOf(String line) {
    try {
      return Optional.of(new DocumentId(line));
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }

  /** Returns them; waits for nothing. */
  List<DocumentId> documents() {
    return documents;
  }

  /** Puts a document first, and writes the file. */
  synchronized void opened(DocumentId document) throws IOException {
    List<DocumentId> now = new ArrayList<>(documents);
    now.remove(document);
    now.add(0, document);
    documents = List.copyOf(now.subList(0, Math.min(MOST, now.size())));
    Path written = file.resolveSibling(file.getFileName() + ".new");
    Files.write(written, documents.stream().map(DocumentId::value).toList());
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
