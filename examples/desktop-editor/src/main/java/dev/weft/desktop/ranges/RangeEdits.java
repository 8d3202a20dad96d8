package dev.weft.desktop.ranges;

import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;

/** Is told of each edit of a document as of a range that others took the place of. */
@FunctionalInterface
public interface RangeEdits extends DocumentListener {
  /**
   * Something was edited; called where the document calls its listeners.
   *
   * @param offset where, in UTF-16 units
   * @param removed how many units were taken out there
   * @param inserted how many were put in
   */
  void edited(int offset, int removed, int inserted);

  @Override
  default void insertUpdate(DocumentEvent event) {
    edited(event.getOffset(), 0, event.getLength());
  }

  @Override
  default void removeUpdate(DocumentEvent event) {
    edited(event.getOffset(), event.getLength(), 0);
  }

  /** Nothing of the text is edited when it gets other attributes. */
  @Override
  default void changedUpdate(DocumentEvent event) {}
}
