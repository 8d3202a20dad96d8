package dev.weft.crdt;

import java.util.List;

/**
 * What became of the changes of one update. Immutable.
 *
 * @param applied how many units of work were new and are now part of the document, those of changes
 *     that had been waiting included
 * @param waiting how many changes wait in the backlog for others, in all
 * @param missing what the waiting changes wait for: at least these events must arrive first. For
 *     each replica the first event waited for, of up to 100 replicas; empty if nothing waits
 * @param dropped how many changes of this update could not wait because the backlog is full; they
 *     must be sent again
 * @param rejected the changes that had waited and turned out, when their turn came, to refer to
 *     what does not exist: they are discarded, with the reason
 */
public record ApplyResult(
    long applied, int waiting, List<EventId> missing, int dropped, List<Rejection> rejected) {

  /** Creates a result with copies of the lists. */
  public ApplyResult {
    missing = List.copyOf(missing);
    rejected = List.copyOf(rejected);
  }

  /** Returns whether everything that ever came in is part of the document. */
  public boolean isComplete() {
    return waiting == 0 && dropped == 0 && rejected.isEmpty();
  }

  /**
   * A change that had waited in the backlog and is not valid.
   *
   * @param first the change's first event
   * @param reason what is wrong with it
   */
  public record Rejection(EventId first, MalformedUpdateException reason) {}
}
