package dev.weft.store;

import dev.weft.crdt.EventRange;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a repair did. Immutable.
 *
 * @param problems what was wrong, a sentence each; empty if nothing was
 * @param documents what the store has now, by document
 * @param unreadable what is there and could not be read, a sentence each
 * @param setAside where the damaged database is, untouched; null if nothing was repaired
 */
public record RepairReport(
    List<String> problems,
    List<Document> documents,
    List<String> unreadable,
    @Nullable Path setAside) {

  /** Creates a report with copies of the lists. */
  public RepairReport {
    problems = List.copyOf(problems);
    documents = List.copyOf(documents);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * What became of a document.
   *
   * @param document which document
   * @param events how many events its log has now
   * @param waiting how many changes build on what is missing, or may have been discarded: they are
   *     kept as dead letters
   * @param missing what the store had and is not found, as far as that can be told; what of it the
   *     relay holds comes back with the next connection
   * @param lost how many events of that the relay was not known to hold
   */
  public record Document(
      DocumentId document, long events, int waiting, List<EventRange> missing, long lost) {

    /** Creates a report with a copy of the list. */
    public Document {
      missing = List.copyOf(missing);
    }
  }
}
