package dev.weft.desktop.binding;

import javax.swing.event.DocumentListener;
import javax.swing.event.UndoableEditListener;
import javax.swing.text.AttributeSet;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import javax.swing.text.Element;
import javax.swing.text.PlainDocument;
import javax.swing.text.Position;
import javax.swing.text.Segment;

/** A document that is not an {@link javax.swing.text.AbstractDocument}, and so takes no filter. */
final class ForeignDocument implements Document {
  private final PlainDocument content = new PlainDocument();

  @Override
  public int getLength() {
    return content.getLength();
  }

  @Override
  public void addDocumentListener(DocumentListener listener) {
    content.addDocumentListener(listener);
  }

  @Override
  public void removeDocumentListener(DocumentListener listener) {
    content.removeDocumentListener(listener);
  }

  @Override
  public void addUndoableEditListener(UndoableEditListener listener) {
    content.addUndoableEditListener(listener);
  }

  @Override
  public void removeUndoableEditListener(UndoableEditListener listener) {
    content.removeUndoableEditListener(listener);
  }

  @Override
  public Object getProperty(Object key) {
    return content.getProperty(key);
  }

  @Override
  public void putProperty(Object key, Object value) {
    content.putProperty(key, value);
  }

  @Override
  public void remove(int offset, int length) throws BadLocationException {
    content.remove(offset, length);
  }

  @Override
  public void insertString(int offset, String text, AttributeSet attributes)
      throws BadLocationException {
    content.insertString(offset, text, attributes);
  }

  @Override
  public String getText(int offset, int length) throws BadLocationException {
    return content.getText(offset, length);
  }

  @Override
  public void getText(int offset, int length, Segment text) throws BadLocationException {
    content.getText(offset, length, text);
  }

  @Override
  public Position getStartPosition() {
    return content.getStartPosition();
  }

  @Override
  public Position getEndPosition() {
    return content.getEndPosition();
  }

  @Override
  public Position createPosition(int offset) throws BadLocationException {
    return content.createPosition(offset);
  }

  @Override
  public Element[] getRootElements() {
    return content.getRootElements();
  }

  @Override
  public Element getDefaultRootElement() {
    return content.getDefaultRootElement();
  }

  @Override
  public void render(Runnable r) {
    content.render(r);
  }
}
