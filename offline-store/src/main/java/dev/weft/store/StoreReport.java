package dev.weft.store;

import java.util.List;

/**
 * What a check found in a store. Immutable.
 *
 * @param documents the documents of which there is anything that could be looked at, by name
 * @param problems what is wrong, a sentence each; empty if the store is sound
 */
public record StoreReport(List<Document> documents, List<String> problems) {

  /** Creates a report with copies of the lists. */
  public StoreReport {
    documents = List.copyOf(documents);
    problems = List.copyOf(problems);
  }

  /** Returns whether everything is as it was written. */
  public boolean isSound() {
    return problems.isEmpty();
  }

  /**
   * What the log has of a document, as far as it can be read.
   *
   * @param document which document
   * @param events how many events, which are units inserted, deleted and restored
   * @param replicas how many replicas made them
   * @param bytes how many bytes they have in the public format
   */
  public record Document(DocumentId document, long events, int replicas, long bytes) {}
}
