package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntRowsTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 15, 16, 17, 4_095, 4_096, 4_097, 8_192, 20_001})
  void shouldFindTheLastValueThatIsNoGreater(int size) {
    IntRows rows = new IntRows();
    for (int i = 0; i < size; i++) {
      rows.add(-i, 3 * i, 7, i);
    }
    for (int hint : new int[] {0, 1, size / 3, Math.max(0, size - 1), size + 7}) {
      for (int key = -1; key < 3 * size + 3; key += 1 + size / 5_000) {
        assertThat(rows.floor(1, key, hint))
            .as("key=%d hint=%d", key, hint)
            .isEqualTo(Math.min(size - 1, Math.floorDiv(key, 3)));
      }
    }
  }

  @Test
  void shouldKeepWhatIsInARow() {
    IntRows rows = new IntRows();
    for (int i = 0; i < 5_000; i++) {
      rows.add(i, -i, 2 * i, 3);
      rows.set(i, 3, i + 1);
    }
    IntRows copy = new IntRows(rows);
    rows.truncate(1_024);
    rows.add(9, 9, 9, 9);

    assertThat(rows.size()).isEqualTo(1_025);
    assertThat(copy.size()).isEqualTo(5_000);
    for (int row = 0; row < copy.size(); row++) {
      assertThat(copy.get(row, 0)).isEqualTo(row);
      assertThat(copy.get(row, 1)).isEqualTo(-row);
      assertThat(copy.get(row, 2)).isEqualTo(2 * row);
      assertThat(copy.get(row, 3)).isEqualTo(row + 1);
    }
  }

  @Test
  void shouldFindTheLastOfEqualValues() {
    IntRows rows = new IntRows();
    for (int i = 0; i < 20_000; i++) {
      rows.add(i / 5_000, -i, 7, i);
    }
    for (int hint = 0; hint < 20_000; hint += 1_234) {
      assertThat(rows.floor(0, 0, hint)).isEqualTo(4_999);
      assertThat(rows.floor(0, 2, hint)).isEqualTo(14_999);
    }
    rows.truncate(12_000);
    assertThat(rows.floor(0, 2, 15_000)).isEqualTo(11_999);
  }
}
