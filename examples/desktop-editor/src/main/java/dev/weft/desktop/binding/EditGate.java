package dev.weft.desktop.binding;

import javax.swing.text.AttributeSet;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import javax.swing.text.DocumentFilter;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the content of an {@link javax.swing.text.AbstractDocument} and offers each edit to
 * the binding first, so that what the shared text refuses never reaches the document. A filter that
 * the document had before sees each edit of a person first, and may still change it. Confined to
 * the event dispatch thread.
 */
final class EditGate extends DocumentFilter {
  private static final DocumentFilter OPEN = new DocumentFilter();

  private final SharedTextBinding binding;
  private final @Nullable DocumentFilter previous;

  EditGate(SharedTextBinding binding, @Nullable DocumentFilter previous) {
    this.binding = binding;
    this.previous = previous;
  }

  boolean isOf(SharedTextBinding other) {
    return binding == other;
  }

  boolean isOfClosedBinding() {
    return binding.isClosed();
  }

  /** Returns the filter that the document had before, for when this one goes. */
  @Nullable DocumentFilter previous() {
    return previous;
  }

  @Override
  public void insertString(
      FilterBypass content, int offset, @Nullable String text, @Nullable AttributeSet attributes)
      throws BadLocationException {
    first().insertString(way(content), offset, text, attributes);
  }

  @Override
  public void remove(FilterBypass content, int offset, int length) throws BadLocationException {
    first().remove(way(content), offset, length);
  }

  @Override
  public void replace(
      FilterBypass content,
      int offset,
      int length,
      @Nullable String text,
      @Nullable AttributeSet attributes)
      throws BadLocationException {
    first().replace(way(content), offset, length, text, attributes);
  }

  /** Returns who sees the edit first: what comes from the shared text is not for a filter. */
  private DocumentFilter first() {
    return previous == null || binding.isShowing() ? OPEN : previous;
  }

  /** Returns the way to the content: through the shared text, unless it comes from there. */
  private FilterBypass way(FilterBypass content) {
    return binding.isShowing() || binding.isClosed() ? content : new Offering(content);
  }

  /** Offers edits to the shared text before it lets them through. */
  private final class Offering extends FilterBypass {
    private final FilterBypass content;

    Offering(FilterBypass content) {
      this.content = content;
    }

    @Override
    public Document getDocument() {
      return content.getDocument();
    }

    @Override
    public void insertString(int offset, @Nullable String text, @Nullable AttributeSet attributes)
        throws BadLocationException {
      replace(offset, 0, text, attributes);
    }

    @Override
    public void remove(int offset, int length) throws BadLocationException {
      replace(offset, length, null, null);
    }

    @Override
    public void replace(
        int offset, int length, @Nullable String text, @Nullable AttributeSet attributes)
        throws BadLocationException {
      binding.offer(content, offset, length, text == null ? "" : text, attributes);
    }
  }
}
