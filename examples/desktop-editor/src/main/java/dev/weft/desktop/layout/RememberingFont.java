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
 * <p>Bounded: 8,192 words of up to 64 units, in a table of as many places, where a word takes the
 * place of the one before it; some megabyte when full.
 */
final class RememberingFont extends Font {
  private static final long serialVersionUID = 1L;
  private static final int PLACES = 8_192;
  private static final int LONGEST = 64;

  private final transient @Nullable Word[] words = new Word[PLACES];

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
      words[place] = word;
    }
    return (Rectangle2D) word.bounds.clone();
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
