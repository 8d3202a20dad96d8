package dev.weft.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  private final TextTable table = new TextTable(1, List.of("name", "ms", "ratio"));

  @Test
  void shouldAlignWordsToTheLeftAndNumbersToTheRight() {
    table.add(List.of("a", "1.00", "1"), List.of());
    table.add(List.of("longer", "123", "12,345"), List.of());

    assertThat(table.lines())
        .containsExactly(
            "name      ms   ratio", //
            "a       1.00       1",
            "longer   123  12,345");
  }

  @Test
  void shouldNumberFootnotesAndShareEqualOnes() {
    table.add(List.of("a", "-", "-"), List.of("cannot"));
    table.add(List.of("b", "2", "1"), List.of("odd", "cannot"));

    assertThat(table.lines())
        .containsExactly(
            "name  ms  ratio", //
            "a      -      - [1]",
            "b      2      1 [1] [2]",
            "[1] cannot",
            "[2] odd");
  }

  @Test
  void shouldRefuseRowThatIsNotAsWideAsTheHead() {
    assertThatThrownBy(() -> table.add(List.of("a", "1"), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row must have 3 cells, has 2");
  }

  @Test
  void shouldGiveThreeSignificantDigits() {
    assertThat(TableReport.significant(0)).isEqualTo("0");
    assertThat(TableReport.significant(0.0123456)).isEqualTo("0.0123");
    assertThat(TableReport.significant(0.5)).isEqualTo("0.500");
    assertThat(TableReport.significant(1)).isEqualTo("1.00");
    assertThat(TableReport.significant(12.345)).isEqualTo("12.3");
    assertThat(TableReport.significant(1234.4)).isEqualTo("1,234");
  }

  @Test
  void shouldGiveRatiosBeyondTenInWholeNumbers() {
    assertThat(TableReport.ratio(9.87)).isEqualTo("9.87");
    assertThat(TableReport.ratio(10.4)).isEqualTo("10");
    assertThat(TableReport.ratio(1234.4)).isEqualTo("1,234");
  }
}
