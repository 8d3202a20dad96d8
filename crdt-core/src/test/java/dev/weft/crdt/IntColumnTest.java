package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntColumnTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 15, 16, 17, 4_095, 4_096, 4_097, 8_192, 20_001})
  void shouldFindTheLastValueThatIsNoGreater(int size) {
    IntColumn column = new IntColumn();
    for (int i = 0; i < size; i++) {
      column.add(3 * i);
    }
    for (int hint : new int[] {0, 1, size / 3, Math.max(0, size - 1), size + 7}) {
      for (int key = -1; key < 3 * size + 3; key += 1 + size / 5_000) {
        assertThat(column.floor(key, hint))
            .as("key=%d hint=%d", key, hint)
            .isEqualTo(Math.min(size - 1, Math.floorDiv(key, 3)));
      }
    }
  }

  @Test
  void shouldFindTheLastOfEqualValues() {
    IntColumn column = new IntColumn();
    for (int i = 0; i < 20_000; i++) {
      column.add(i / 5_000);
    }
    for (int hint = 0; hint < 20_000; hint += 1_234) {
      assertThat(column.floor(0, hint)).isEqualTo(4_999);
      assertThat(column.floor(2, hint)).isEqualTo(14_999);
    }
    column.truncate(12_000);
    assertThat(column.floor(2, 15_000)).isEqualTo(11_999);
  }
}
