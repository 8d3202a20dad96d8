package dev.weft.desktop.binding;

import dev.weft.crdt.TextDocument;
import dev.weft.desktop.EventThread;
import dev.weft.desktop.binding.Bound.Kind;
import java.util.List;
import javax.swing.text.AbstractDocument;
import javax.swing.text.BadLocationException;
import javax.swing.text.Document;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * The replacement of a range that is given as parts of the text's length.
 *
 * @param place where it starts
 * @param extent how long it is, as a part of the next eight units
 */
record Step(Author author, double place, double extent, String inserted) {
  private static final String YARN = "\uD83E\uDDF6";

  /** Who edits what, by which way. */
  enum Author {
    /** Selects a range in the component and types or pastes. */
    PERSON,
    /** Calls the component's document. */
    PROGRAM,
    /** Calls the shared text on the event dispatch thread. */
    SHARED_TEXT,
    /** Calls the shared text on another thread. */
    ANOTHER_THREAD
  }

  private int start(CharSequence text) {
    return (int) (place * text.length());
  }

  private int end(CharSequence text) {
    return start(text) + (int) (extent * Math.min(8, text.length() - start(text)));
  }

  /** Edits as the binding promises: in whole characters. */
  void applyTo(StringBuilder text) {
    int start = start(text);
    int end = end(text);
    boolean insertion = start == end;
    start -= partsPair(text, start) ? 1 : 0;
    end = insertion ? start : partsPair(text, end) ? end + 1 : end;
    text.replace(start, end, inserted);
  }

  /**
   * Returns the step as it suits a kind of component: a document that takes no filter learns only
   * afterwards that it parted a character.
   */
  Step fitting(Kind kind) {
    return kind == Kind.OTHER_DOCUMENT
        ? new Step(author, place, extent, inserted.replace(YARN, "y"))
        : this;
  }

  void takeOnItsThread(Bound bound) throws BadLocationException {
    if (author == Author.ANOTHER_THREAD) {
      take(bound);
    } else {
      EventThread.run(() -> take(bound));
    }
  }

  void take(Bound bound) throws BadLocationException {
    Document document = bound.component.getDocument();
    switch (author) {
      case PERSON -> {
        String shown = document.getText(0, document.getLength());
        bound.component.setCaretPosition(start(shown));
        bound.component.moveCaretPosition(end(shown));
        bound.component.replaceSelection(inserted);
      }
      case PROGRAM -> {
        String shown = document.getText(0, document.getLength());
        replace(document, start(shown), end(shown));
      }
      // One transaction: another device may write between the look at the text and the edit.
      case SHARED_TEXT, ANOTHER_THREAD -> bound.text.transact(this::edit);
    }
  }

  private void replace(Document document, int start, int end) throws BadLocationException {
    if (document instanceof AbstractDocument replacing) {
      replacing.replace(start, end - start, inserted, null);
    } else {
      document.remove(start, end - start);
      document.insertString(start, inserted, null);
    }
  }

  private void edit(TextDocument text) {
    String before = text.text();
    StringBuilder after = new StringBuilder(before);
    applyTo(after);
    // What is replaced may be widened to whole characters.
    int start = start(before) - (partsPair(before, start(before)) ? 1 : 0);
    int end = before.length() - (after.length() - start - inserted.length());
    text.replace(start, end, inserted);
  }

  private static boolean partsPair(CharSequence text, int index) {
    return index > 0
        && index < text.length()
        && Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
  }

  /** Returns lists of steps in which nothing is plain: pairs, line ends of all kinds, both ways. */
  static Arbitrary<List<Step>> lists(Author... authors) {
    Arbitrary<String> inserted =
        Arbitraries.of("a", "b", " ", "\n", "\r\n", "\t", "ab", YARN, "\u05D0")
            .list()
            .ofMaxSize(4)
            .map(parts -> String.join("", parts));
    Arbitrary<Double> places = Arbitraries.doubles().between(0, 1);
    return Combinators.combine(Arbitraries.of(authors), places, places, inserted)
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }
}
