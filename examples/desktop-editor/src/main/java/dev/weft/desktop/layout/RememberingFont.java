package dev.weft.desktop.layout;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A font that remembers how wide the words are that it has measured, where letters depend on those
 * beside them: Hebrew, Arabic, Thai and others, for each of which Java makes a layout. Other text
 * is measured letter by letter, which is as fast as to remember. For the event dispatch thread.
 *
 * <p>Bounded: 4,096 texts and 500,000 units of theirs, about 1.5 megabytes; once it has as many it
 * begins anew.
 */
final class RememberingFont extends Font {
  private static final long serialVersionUID = 1L;
  private static final int MOST_WORDS = 4_096;
  private static final int MOST_UNITS = 500_000;

  /** As of a comment that is one word to RSyntaxTextArea, and measured up to each of its rows. */
  private static final int LONGEST = 8_000;

  private final transient Map<Word, Rectangle2D> words = new HashMap<>();

  /** What is looked for, one for all so that looking allocates nothing. */
  private final transient Word wanted = new Word();

  private final Font measuring;
  private int units;

  RememberingFont(Font font) {
    super(font);
    measuring = font;
  }

  /** A part of an array, as it is seen: with smooth edges or without. */
  private static final class Word {
    private char[] text = {};
    private int start;
    private int end;
    private FontRenderContext rendering = new FontRenderContext(null, false, false);

    void set(char[] text, int start, int end, FontRenderContext rendering) {
      this.text = text;
      this.start = start;
      this.end = end;
      this.rendering = rendering;
    }

    Word copy() {
      Word copy = new Word();
      copy.set(Arrays.copyOfRange(text, start, end), 0, end - start, rendering);
      return copy;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Word word
          && Arrays.equals(text, start, end, word.text, word.start, word.end)
          && rendering.equals(word.rendering);
    }

    @Override
    public int hashCode() {
      int hash = rendering.hashCode();
      for (int i = start; i < end; i++) {
        hash = 31 * hash + text[i];
      }
      return hash;
    }
  }

  @Override
  public Rectangle2D getStringBounds(char[] text, int start, int end, FontRenderContext rendering) {
    if (end - start > LONGEST || !textRequiresLayout(text, start, end)) {
      // Java finds what it knows of that font by identity, of this one by comparing them.
      return measuring.getStringBounds(text, start, end, rendering);
    }
    wanted.set(text, start, end, rendering);
    Rectangle2D bounds = words.get(wanted);
    if (bounds == null) {
      bounds = measuring.getStringBounds(text, start, end, rendering);
      if (words.size() == MOST_WORDS || units + end - start > MOST_UNITS) {
        forget();
      }
      words.put(wanted.copy(), bounds);
      units += end - start;
    }
    return (Rectangle2D) bounds.clone();
  }

  /** Forgets all: Java remembers the font itself for longer than it is used. */
  void forget() {
    words.clear();
    units = 0;
  }
}
