package dev.weft.crdt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction or one applied update did to a document's text: a list of edits in UTF-16
 * indexes. Applied one after the other to the text before, they give the text after. Immutable.
 *
 * @param origin who made the change
 * @param source what {@link TextDocument#transact(Object, Runnable)} named as the source, so that
 *     an editor can tell its own edits; null if none was named
 * @param edits the edits, each in terms of the text that the edits before it left; never empty
 */
public record TextChange(Origin origin, @Nullable Object source, List<Edit> edits) {

  /** Creates a change with a copy of the list. */
  public TextChange {
    edits = List.copyOf(edits);
  }

  /** Creates a change of which no source was named. */
  public TextChange(Origin origin, List<Edit> edits) {
    this(origin, null, edits);
  }

  /** Tells an editor's own changes from those that came from elsewhere. */
  public enum Origin {
    /** Made through this document's edit methods. */
    LOCAL,
    /** Came in through {@link TextDocument#apply}. */
    REMOTE
  }

  /**
   * The replacement of a range of text.
   *
   * @param index where, in UTF-16 units from 0
   * @param deletedLength how many units from there are removed
   * @param inserted what stands there instead; empty for a deletion
   */
  public record Edit(int index, int deletedLength, String inserted) {}

  /** Applies the edits, in order, to a text that equals the document's before the change. */
  public void applyTo(StringBuilder text) {
    for (Edit edit : edits) {
      text.replace(edit.index, edit.index + edit.deletedLength, edit.inserted);
    }
  }
}
