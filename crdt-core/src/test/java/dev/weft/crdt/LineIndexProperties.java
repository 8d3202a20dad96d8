package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LineIndexProperties {

  @Property(tries = 200)
  void shouldFindTheLinesOfAnyText(@ForAll long seed) {
    Random random = new Random(seed);
    LineIndex lines = new LineIndex();
    StringBuilder text = new StringBuilder();
    for (int step = 0; step < 60; step++) {
      int index = random.nextInt(text.length() + 1);
      int most =
          random.nextInt(6) == 0 ? text.length() - index : Math.min(20, text.length() - index);
      int deleted = random.nextInt(most + 1);
      String inserted = text(random);
      lines.replace(index, deleted, inserted);
      text.replace(index, index + deleted, inserted);
      lines.checkInvariants();
      requireLines(lines, text);
    }
  }

  /** Returns a word, a few lines, or more of them than a block has. */
  private static String text(Random random) {
    int size =
        switch (random.nextInt(6)) {
          case 0 -> 0;
          case 1 -> random.nextInt(3_000);
          default -> random.nextInt(12);
        };
    StringBuilder text = new StringBuilder();
    int lineFeeds = 1 + random.nextInt(4);
    for (int i = 0; i < size; i++) {
      text.append(random.nextInt(4) < lineFeeds ? '\n' : 'x');
    }
    return text.toString();
  }

  private static void requireLines(LineIndex lines, CharSequence text) {
    int line = 0;
    int start = 0;
    for (int index = 0; index <= text.length(); index++) {
      assertThat(lines.lineAt(index)).isEqualTo(line);
      assertThat(lines.startOf(line)).isEqualTo(start);
      if (index < text.length() && text.charAt(index) == '\n') {
        line++;
        start = index + 1;
      }
    }
    assertThat(lines.lineCount()).isEqualTo(line + 1);
  }
}
