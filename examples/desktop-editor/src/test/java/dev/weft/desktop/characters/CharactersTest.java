package dev.weft.desktop.characters;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CharactersTest {
  /** Each is one character to people: of halves, accents, joined people, a flag, a skin, a kana. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "\uD83D\uDE00",
        "e\u0301\u0323",
        "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
        "\uD83C\uDDE9\uD83C\uDDEA",
        "\uD83D\uDC4D\uD83C\uDFFD",
        "\u304B\u3099",
        "\u2764\uFE0F\u200D\uD83D\uDD25",
        "\r\n"
      })
  void shouldFindBothEndsFromInside(String character) {
    String text = "a" + character + "\uD83D\uDE00b";
    int end = 1 + character.length();
    for (int offset = 0; offset <= text.length(); offset++) {
      boolean inside = offset > 1 && offset < end;
      boolean insideNext = offset == end + 1;
      assertThat(Characters.beginBefore(text, offset))
          .as("begin before %d", offset)
          .isEqualTo(inside ? 1 : insideNext ? end : offset);
      assertThat(Characters.endAfter(text, offset))
          .as("end after %d", offset)
          .isEqualTo(inside ? end : insideNext ? end + 2 : offset);
    }
  }

  @Test
  void shouldTellFlagsInRowApart() {
    String flags = "\uD83C\uDDE9\uD83C\uDDEA".repeat(3);
    assertThat(Characters.beginBefore(flags, 4)).isEqualTo(4);
    assertThat(Characters.beginBefore(flags, 6)).isEqualTo(4);
    assertThat(Characters.endAfter(flags, 6)).isEqualTo(8);
  }

  @Test
  void shouldTellFlagsInLongRowApart() {
    String flags = "\uD83C\uDDE9\uD83C\uDDEA".repeat(250);
    for (int flag = 0; flag < 1_000; flag += 4) {
      for (int offset = flag + 1; offset < flag + 4; offset++) {
        assertThat(Characters.beginBefore(flags, offset)).isEqualTo(flag);
        assertThat(Characters.endAfter(flags, offset)).isEqualTo(flag + 4);
      }
    }
  }

  /** However many accents there are, no more is read than a character is long. */
  @Test
  void shouldEndCharacterThatIsLongerThanAny() {
    String text = "e" + "\u0301".repeat(1_000_000);
    assertThat(Characters.endAfter(text, 500_000)).isBetween(500_000, 500_000 + Characters.LONGEST);
    assertThat(Characters.beginBefore(text, 500_000))
        .isBetween(500_000 - Characters.LONGEST, 500_000);
  }

  @Test
  void shouldKeepHalvesTogetherWhereCharacterIsAsLongAsAny() {
    String text = "\uD83D\uDE00" + "\u0301".repeat(100);
    assertThat(Characters.beginBefore(text, Characters.LONGEST + 1)).isZero();
  }
}
