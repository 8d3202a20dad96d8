package dev.weft.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class GapBufferProperties {
  @Property(tries = 200)
  void shouldHoldWhatStringBuilderHolds(@ForAll Random random) {
    GapBuffer buffer = new GapBuffer();
    StringBuilder expected = new StringBuilder();
    for (int edit = 0; edit < 60; edit++) {
      int start = random.nextInt(expected.length() + 1);
      int end = start + random.nextInt(expected.length() - start + 1);
      String inserted = "x".repeat(random.nextInt(4) == 0 ? random.nextInt(3000) : 1) + edit;
      buffer.replace(start, end, inserted);
      expected.replace(start, end, inserted);
      assertThat(buffer.length()).isEqualTo(expected.length());
    }
    assertThat(buffer.text()).isEqualTo(expected.toString());
  }
}
