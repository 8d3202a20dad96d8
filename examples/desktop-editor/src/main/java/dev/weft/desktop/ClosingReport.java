package dev.weft.desktop;

import dev.weft.client.SyncStatus;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What became of a document when its window was closed. Immutable.
 *
 * @param document which document
 * @param directory the store on this device that keeps it
 * @param hasRelay whether there is a relay at all
 * @param version what the document had
 * @param status how the text stood, after it was flushed to the store
 * @param failure why it was not all flushed, as a sentence; null if it was
 */
public record ClosingReport(
    DocumentId document,
    Path directory,
    boolean hasRelay,
    VersionVector version,
    SyncStatus status,
    @Nullable String failure) {

  /** Returns one sentence for a person: where everything is, and what is still to be sent. */
  public String describe() {
    if (failure != null) {
      return document + ": " + failure;
    }
    if (version.isEmpty()) {
      return "nothing was written into " + document + ".";
    }
    if (!hasRelay) {
      return document + " is kept in " + directory + ".";
    }
    long waiting = status.undurableChanges();
    return waiting == 0
        ? document + " is saved on the relay."
        : StatusWords.changesAre(waiting)
            + " not known to be saved on the relay; all of "
            + document
            + " is kept in "
            + directory
            + ", and "
            + ClosingQuestion.whenOpenedAgain(status);
  }
}
