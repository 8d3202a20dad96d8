package dev.weft.desktop.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"Ada", "Émile Zola", "김철수", "دينا", "नमिता", "😀 Ada", "<html><h1>x"})
  void shouldLeaveNamesAsTheyAre(String name) {
    assertThat(PersonName.of(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "\t\n",
        "\u202e\u2066",
        "\u200b\u200d\ufeff",
        "\u3164",
        "\u2800",
        "\u0301"
      })
  void shouldNameWhoShowsNoName(String name) {
    assertThat(PersonName.of(name)).isEqualTo("Somebody");
  }

  @Test
  void shouldLeaveOutWhatDirectsHowTextIsShown() {
    assertThat(PersonName.of("\u202eevil\u202c Ada\u2067")).isEqualTo("evil Ada");
    assertThat(PersonName.of(" A\nd\ta\u0000\u001b[31m ")).isEqualTo("A d a [31m");
    assertThat(PersonName.of("A\ud800b\udc00")).isEqualTo("Ab");
    assertThat(PersonName.of("\u0301\u0301e" + "\u0301".repeat(50) + "f"))
        .isEqualTo("e\u0301\u0301\u0301f");
  }

  @Test
  void shouldCutLongNamesAtCharacters() {
    assertThat(PersonName.of("x".repeat(24))).isEqualTo("x".repeat(24));
    assertThat(PersonName.of("x".repeat(25))).isEqualTo("x".repeat(23) + "…");
    assertThat(PersonName.of("😀".repeat(25))).isEqualTo("😀".repeat(23) + "…");
    assertThat(PersonName.of("x".repeat(22) + " yz")).isEqualTo("x".repeat(22) + "…");
  }

  @Test
  void shouldMakeShortVisibleLinesOfAnything() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 5_000; i++) {
      StringBuilder name = new StringBuilder();
      random.ints(random.nextInt(60), 0, 0x3000).forEach(c -> name.append((char) c));
      String shown = PersonName.of(name.toString());
      assertThat(shown).as("%s", name).isNotBlank().doesNotContainPattern("[\\p{C}\\p{Zl}\\p{Zp}]");
      assertThat(shown.codePointCount(0, shown.length())).isLessThanOrEqualTo(24);
      assertThat(PersonName.initials(shown)).isNotBlank();
    }
  }

  @ParameterizedTest
  @CsvSource({"Ada, A", "ada lovelace, AL", "Ada King Lovelace, AL", "😀 x, 😀X", "ß, ß"})
  void shouldStandForNameByInitials(String name, String initials) {
    assertThat(PersonName.initials(name)).isEqualTo(initials);
  }

  @Test
  void shouldFitNameIntoBytes() {
    assertThat(PersonName.fitting("Ada", 3)).isEqualTo("Ada");
    assertThat(PersonName.fitting("Adaé", 4)).isEqualTo("Ada");
    assertThat(PersonName.fitting("A\ud800d\udc00", 5)).isEqualTo("Ad");
    String fitting = PersonName.fitting("😀".repeat(200), 256);
    assertThat(fitting).isEqualTo("😀".repeat(64));
    assertThat(fitting.getBytes(StandardCharsets.UTF_8)).hasSize(256);
  }
}
