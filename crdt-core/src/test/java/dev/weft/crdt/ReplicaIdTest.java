package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaIdTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1, 0x0123_4567_89ab_cdefL})
  void shouldReadWhatItWrote(long bits) {
    ReplicaId id = new ReplicaId(bits);
    assertThat(id.toString()).hasSize(16).matches("[0-9a-f]+");
    assertThat(ReplicaId.parse(id.toString())).isEqualTo(id);
  }

  @Test
  void shouldCompareUnsigned() {
    assertThat(new ReplicaId(1)).isLessThan(new ReplicaId(2));
    assertThat(new ReplicaId(Long.MAX_VALUE)).isLessThan(new ReplicaId(Long.MIN_VALUE));
    assertThat(new ReplicaId(Long.MIN_VALUE)).isLessThan(new ReplicaId(-1));
    assertThat(new ReplicaId(-1)).isEqualByComparingTo(new ReplicaId(-1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "000000000000000",
        "00000000000000001",
        "000000000000000g",
        "+000000000000001"
      })
  void shouldRefuseTextThatIsNoId(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReplicaId.parse(text))
        .withMessage("a replica id is 16 hexadecimal digits, text=\"" + text + "\"");
  }

  @Test
  void shouldDrawAllBitsFromTheRandomSource() {
    assertThat(ReplicaId.random(new SplittableRandom(7)))
        .isEqualTo(ReplicaId.random(new SplittableRandom(7)))
        .isNotEqualTo(ReplicaId.random(new SplittableRandom(8)));
    assertThat(ReplicaId.random(new Random(3)).bits()).isEqualTo(new Random(3).nextLong());
  }
}
