package dev.weft.crdt;

import java.util.List;

/**
 * What one replica did in a row: nobody else's events came to it in between, and nobody else went
 * on from the middle of it. Immutable.
 *
 * @param author who did it
 * @param start the sequence number of the first event
 * @param end the sequence number after the last event
 * @param parents the causal heads of what the author had seen, each the last event of a run, or of
 *     what came before {@link TextDocument#historyBase}
 * @param arrived edits that make of the text that the run told before left, that which the author
 *     saw; of the first run, of no text, or of that at {@link TextDocument#historyBase}: from left
 *     to right, each in terms of the text that the edits before it left
 * @param edits what the author did, one edit after the other, each in terms of the text that the
 *     edits before it left
 * @param restores whether some of the edits bring back what had been deleted, as an undo does,
 *     rather than insert it anew
 */
public record HistoryRun(
    ReplicaId author,
    long start,
    long end,
    List<EventId> parents,
    List<TextChange.Edit> arrived,
    List<TextChange.Edit> edits,
    boolean restores) {

  /** Creates a run with copies of the lists. */
  public HistoryRun {
    parents = List.copyOf(parents);
    arrived = List.copyOf(arrived);
    edits = List.copyOf(edits);
  }
}
