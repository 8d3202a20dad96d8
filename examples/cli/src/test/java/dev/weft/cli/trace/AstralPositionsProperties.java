package dev.weft.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AstralPositionsProperties {
  /** Fractions of the text's length at the time, so that every edit fits. */
  record Edit(double position, double deleted, String inserted) {}

  @Property(tries = 300)
  void shouldFollowTextThroughItsEdits(
      @ForAll("texts") String start, @ForAll("edits") List<Edit> edits) {
    StringBuilder text = new StringBuilder(start);
    AstralPositions positions = new AstralPositions(start);
    assertAgrees(positions, text);
    for (Edit edit : edits) {
      int length = text.codePointCount(0, text.length());
      int position = (int) (edit.position * length);
      int deleted = (int) (edit.deleted * (length - position));
      text.replace(
          text.offsetByCodePoints(0, position),
          text.offsetByCodePoints(0, position + deleted),
          edit.inserted);
      positions.replace(position, deleted, edit.inserted);
      assertAgrees(positions, text);
    }
  }

  private static void assertAgrees(AstralPositions positions, StringBuilder text) {
    int length = text.codePointCount(0, text.length());
    assertThat(positions.length()).isEqualTo(length);
    for (int position = 0; position <= length; position++) {
      assertThat(positions.toUtf16(position)).isEqualTo(text.offsetByCodePoints(0, position));
      assertThat(positions.toCodePoint(positions.toUtf16(position))).isEqualTo(position);
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a", "ä", "漢", "😀", "𝄞", "\r\n")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    Arbitrary<Double> fraction = Arbitraries.doubles().between(0, 1);
    return Combinators.combine(fraction, fraction, texts()).as(Edit::new).list().ofMaxSize(12);
  }
}
