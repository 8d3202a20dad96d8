package dev.weft.bench.latency;

import java.util.Locale;

/**
 * One case that is measured.
 *
 * @param clients how many connections there are; 1 for a writer alone and its reader
 * @param flood where a neighbour types
 */
record Scenario(int clients, FloodAt flood) {

  /** Where a neighbour types as fast as it can. */
  enum FloodAt {
    /** Nowhere. */
    NONE,
    /** In a document of its own. */
    OTHER,
    /** In the first of the documents. */
    SAME;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
