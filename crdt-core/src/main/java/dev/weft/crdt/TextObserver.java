package dev.weft.crdt;

/** Is told of every change of a document's text. */
@FunctionalInterface
public interface TextObserver {

  /**
   * Is called on the thread that changed the document, after the change is complete. The document
   * may be read here but not edited: an edit from inside an observer throws {@link
   * IllegalStateException}.
   */
  void changed(TextChange change);
}
