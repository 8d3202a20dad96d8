package dev.weft.crdt;

/**
 * Says that changes cannot be taken in because this document does not know the history that they
 * were made on: it was opened from a shallow snapshot, and they are by somebody who had not seen
 * all that came before it, or need what was deleted before it. The document is as it was.
 *
 * <p>Whoever made them opens a snapshot of this document under a new replica id and has {@link
 * TextDocument#rebase} write them anew.
 */
public final class ShallowHistoryException extends MalformedUpdateException {
  private static final long serialVersionUID = 1L;

  ShallowHistoryException(int offset, String actual) {
    super(
        offset,
        "changes made on the history that is here",
        actual,
        "this document lacks the history that the update (byte " + offset + ") needs: " + actual);
  }
}
