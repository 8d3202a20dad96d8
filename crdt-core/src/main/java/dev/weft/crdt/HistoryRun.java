package dev.weft.crdt;

import java.util.List;

/**
 * What one replica did in a row, with nobody else's events coming to it in between. Immutable.
 *
 * @param author who did it
 * @param start the sequence number of the first event
 * @param end the sequence number after the last event
 * @param dependencies the causal heads on which it was done, but for the author's own event before
 * @param arrived edits that make of the text that the run told before left, or of no text, that
 *     which the author saw: from left to right, each in terms of the text that the edits before it
 *     left
 * @param edits what the author did, one edit after the other, each in terms of the text that the
 *     edits before it left
 */
public record HistoryRun(
    ReplicaId author,
    long start,
    long end,
    List<EventId> dependencies,
    List<TextChange.Edit> arrived,
    List<TextChange.Edit> edits) {

  /** Creates a run with copies of the lists. */
  public HistoryRun {
    dependencies = List.copyOf(dependencies);
    arrived = List.copyOf(arrived);
    edits = List.copyOf(edits);
  }
}
