package dev.weft.desktop.binding;

import dev.weft.crdt.TextChange.Edit;
import dev.weft.crdt.TextDocument;
import java.util.function.Consumer;
import javax.swing.text.AbstractDocument;
import javax.swing.text.AttributeSet;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import javax.swing.text.Position;
import javax.swing.text.StyleConstants;
import org.jspecify.annotations.Nullable;

/**
 * What a Swing document shows of a shared text: all that stands in it but the text that an input
 * method is still composing. That one has no index in the shared text, so offsets in the document
 * and indexes in the shared text differ behind it. Confined to the event dispatch thread.
 */
final class ShownText {
  private final Document document;
  private @Nullable Position composedStart;
  private @Nullable Position composedEnd;
  private boolean changing;

  ShownText(Document document) {
    this.document = document;
  }

  /** Returns the length with composed text. */
  int lengthWithComposed() {
    return document.getLength();
  }

  /** Returns the length without composed text. */
  int length() {
    return document.getLength() - composedLength();
  }

  /** Returns which index of the shared text stands at an offset of the document. */
  int toIndex(int offset) {
    int composed = composedLength();
    return composed == 0 || offset <= composedStart()
        ? offset
        : Math.max(composedStart(), offset - composed);
  }

  /** Returns at which offset of the document an index of the shared text stands. */
  int toOffset(int index) {
    return index <= composedStart() ? index : index + composedLength();
  }

  /** Returns the edit that makes the text shown equal to the shared one. O(length). */
  Edit differenceTo(TextDocument shared) {
    try {
      StringBuilder shown = new StringBuilder(document.getText(0, document.getLength()));
      shown.delete(composedStart(), composedStart() + composedLength());
      return Offsets.difference(shown, shared.text());
    } catch (BadLocationException e) {
      throw new AssertionError("a document refuses its own text", e);
    }
  }

  /** Returns whether the document is being changed by {@link #change} or {@link #show}. */
  boolean isChanging() {
    return changing;
  }

  /** An edit of the document itself. */
  @FunctionalInterface
  interface Change {
    void make() throws BadLocationException;
  }

  /** Makes a change that the shared text has already. */
  void change(Change change) throws BadLocationException {
    changing = true;
    try {
      change.make();
    } finally {
      changing = false;
    }
  }

  /**
   * Makes an edit of the shared text in the document.
   *
   * @param shown is told of each edit of the document, in its offsets
   */
  void show(Edit edit, Consumer<Edit> shown) throws BadLocationException {
    int start = edit.index();
    int end = start + edit.deletedLength();
    int composed = composedLength();
    if (composed == 0 || end <= composedStart()) {
      make(edit, shown);
      return;
    }
    int behind = Math.max(start, composedStart());
    if (behind < end) {
      make(new Edit(behind + composed, end - behind, ""), shown);
    }
    int offset = start <= composedStart() ? start : start + composed;
    make(new Edit(offset, behind - start, edit.inserted()), shown);
  }

  private void make(Edit edit, Consumer<Edit> shown) throws BadLocationException {
    int offset = edit.index();
    int length = edit.deletedLength();
    String inserted = edit.inserted();
    change(
        () -> {
          if (document instanceof AbstractDocument replacing) {
            replacing.replace(offset, length, inserted, null);
          } else {
            if (length > 0) {
              document.remove(offset, length);
            }
            if (!inserted.isEmpty()) {
              document.insertString(offset, inserted, null);
            }
          }
        });
    shown.accept(edit);
  }

  // --- Composed text ---

  /** Returns whether text inserted with {@code attributes} is being composed. */
  static boolean isComposed(@Nullable AttributeSet attributes) {
    return attributes != null && attributes.isDefined(StyleConstants.ComposedTextAttribute);
  }

  /** Notes that a range of the document is composed text, instead of any before it. */
  void composing(int offset, int length) throws BadLocationException {
    composedStart = document.createPosition(offset);
    composedEnd = document.createPosition(offset + length);
  }

  boolean isComposing() {
    return composedLength() > 0;
  }

  /**
   * Returns whether an edit of the shared text has to wait until the composed text is committed. A
   * position at the very beginning of a document stays there whatever is inserted, so the component
   * would take for composed what another wrote there.
   */
  boolean mustWait(Edit edit) {
    return isComposing() && composedStart() == 0 && edit.index() == 0 && !edit.inserted().isEmpty();
  }

  private int composedStart() {
    return composedStart == null ? 0 : composedStart.getOffset();
  }

  /** The positions meet when the document loses what is between them. */
  private int composedLength() {
    return composedEnd == null ? 0 : composedEnd.getOffset() - composedStart();
  }
}
