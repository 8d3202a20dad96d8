package dev.weft.desktop.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.TextChange.Edit;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Edits in chunks of few characters, beside the same in a string. */
class TextSoFarProperties {
  @Property
  void shouldBeWhatEditsMakeAndTellWhatTheyDelete(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int chunkLength) {
    SplittableRandom random = new SplittableRandom(seed);
    TextSoFar text = new TextSoFar(chunkLength);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      int index = random.nextInt(expected.length() + 1);
      int end = Math.min(expected.length(), index + random.nextInt(12));
      String inserted = "the loom".substring(random.nextInt(9));
      String deleted = text.make(new Edit(index, end - index, inserted));

      assertThat(deleted).isEqualTo(expected.substring(index, end));
      assertThat(text).hasToString(expected.replace(index, end, inserted).toString());
    }
  }
}
