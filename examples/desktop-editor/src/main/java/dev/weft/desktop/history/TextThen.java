package dev.weft.desktop.history;

import dev.weft.crdt.TextChange;
import java.awt.Rectangle;
import java.awt.event.FocusAdapter;
import java.awt.event.FocusEvent;
import java.awt.event.MouseEvent;
import java.util.function.Supplier;
import javax.swing.JTextArea;
import javax.swing.text.BadLocationException;
import javax.swing.text.PlainDocument;

/**
 * Shows a text at a version, read-only, and says of each place who wrote it. Confined to the event
 * dispatch thread.
 */
final class TextThen extends JTextArea {
  private static final long serialVersionUID = 1L;

  /** Swing takes long to break the lines of longer texts. */
  private static final int LONGEST_WRAPPED = 100_000;

  private final transient Supplier<AuthorStripes> stripes;

  TextThen(Supplier<AuthorStripes> stripes) {
    this.stripes = stripes;
    setName("text then");
    setEditable(false);
    setLineWrap(true);
    setWrapStyleWord(true);
    setTabSize(4);
    setToolTipText("");
    addFocusListener(
        new FocusAdapter() {
          @Override
          public void focusGained(FocusEvent event) {
            // Of what cannot be edited Swing shows none, but who wrote it is told of its place.
            getCaret().setVisible(true);
          }
        });
    getAccessibleContext().setAccessibleName("Text at the version shown");
    getAccessibleContext().setAccessibleDescription("Read-only. Who wrote it is told beside it.");
  }

  /** Shows a moment, which comes next after the one shown. */
  void show(Moment moment) {
    if (moment.whole() != null) {
      show(moment.whole());
      return;
    }
    try {
      for (TextChange.Edit edit : moment.edits()) {
        ((PlainDocument) getDocument())
            .replace(edit.index(), edit.deletedLength(), edit.inserted(), null);
      }
    } catch (BadLocationException e) {
      throw new AssertionError("what is shown is not what it was taken for", e);
    }
    if (moment.edits().size() == 1) {
      setCaretPosition(Math.min(moment.edits().get(0).index(), getDocument().getLength()));
    }
  }

  private void show(PlainDocument whole) {
    boolean wrapped = whole.getLength() <= LONGEST_WRAPPED;
    if (getLineWrap() != wrapped) {
      setLineWrap(wrapped);
    }
    int caret = Math.min(getCaretPosition(), whole.getLength());
    Rectangle sight = getVisibleRect();
    whole.putProperty(PlainDocument.tabSizeAttribute, getTabSize());
    setDocument(whole);
    setCaretPosition(caret);
    scrollRectToVisible(sight);
  }

  @Override
  public String getToolTipText(MouseEvent event) {
    int offset = viewToModel2D(event.getPoint());
    String words = stripes.get().words(offset);
    return offset < getDocument().getLength() ? "Written " + words : "This is " + words;
  }
}
