package dev.weft.desktop.layout;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A font that remembers how wide the words are that it has measured, where letters depend on those
 * beside them: Hebrew, Arabic, Thai and others, for each of which Java makes a layout. Other text
 * is measured letter by letter, which is as fast as to remember. For the event dispatch thread.
 *
 * <p>Bounded: 4,096 texts and 500,000 units of theirs, about 1.5 megabytes, in a table where one
 * takes the place of another; once that many units are in it, it begins anew.
 */
final class RememberingFont extends Font {
  private static final long serialVersionUID = 1L;
  private static final int PLACES = 4_096;
  private static final int MOST_UNITS = 500_000;

  /** As of a comment that is one word to RSyntaxTextArea, and measured up to each of its rows. */
  private static final int LONGEST = 8_000;

  private final transient @Nullable Word[] words = new Word[PLACES];
  private int units;

  private static final class Word {
    private final char[] text;
    private final FontRenderContext rendering;
    private final Rectangle2D bounds;

    Word(char[] text, FontRenderContext rendering, Rectangle2D bounds) {
      this.text = text;
      this.rendering = rendering;
      this.bounds = bounds;
    }

    boolean is(char[] other, int start, int end, FontRenderContext otherRendering) {
      return Arrays.equals(text, 0, text.length, other, start, end)
          && rendering.equals(otherRendering);
    }
  }

  RememberingFont(Font font) {
    super(font);
  }

  @Override
  public Rectangle2D getStringBounds(char[] text, int start, int end, FontRenderContext rendering) {
    if (end - start > LONGEST || !textRequiresLayout(text, start, end)) {
      return super.getStringBounds(text, start, end, rendering);
    }
    int place = placeOf(text, start, end, rendering);
    Word word = words[place];
    if (word == null || !word.is(text, start, end, rendering)) {
      Rectangle2D bounds = super.getStringBounds(text, start, end, rendering);
      word = new Word(Arrays.copyOfRange(text, start, end), rendering, bounds);
      remember(word, place);
    }
    return (Rectangle2D) word.bounds.clone();
  }

  private void remember(Word word, int place) {
    units += word.text.length;
    if (units > MOST_UNITS) {
      forget();
      units = word.text.length;
    }
    words[place] = word;
  }

  /** Forgets all: Java remembers the font itself for longer than it is used. */
  void forget() {
    Arrays.fill(words, null);
    units = 0;
  }

  private static int placeOf(char[] text, int start, int end, FontRenderContext rendering) {
    // Swing asks for the same words as they are seen and as they are without smooth edges.
    int hash = rendering.hashCode();
    for (int i = start; i < end; i++) {
      hash = 31 * hash + text[i];
    }
    return (hash ^ (hash >>> 13)) & (PLACES - 1);
  }
}
