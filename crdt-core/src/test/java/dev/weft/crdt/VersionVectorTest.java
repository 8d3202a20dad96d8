package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.crdt.VersionVector.Order;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionVectorTest {
  private static final ReplicaId A = new ReplicaId(1);
  private static final ReplicaId B = new ReplicaId(-2);

  @Test
  void shouldHaveSeenNothingWhenEmpty() {
    assertThat(VersionVector.EMPTY.isEmpty()).isTrue();
    assertThat(VersionVector.EMPTY.size()).isZero();
    assertThat(VersionVector.EMPTY.next(A)).isZero();
    assertThat(VersionVector.EMPTY.replicas()).isEmpty();
    assertThat(VersionVector.EMPTY.includes(new EventId(A, 0))).isFalse();
    assertThat(VersionVector.EMPTY).hasToString("");
    assertThat(VersionVector.of(A, 0)).isEqualTo(VersionVector.EMPTY);
  }

  @Test
  void shouldIncludeEventsBelowTheEnd() {
    VersionVector vector = VersionVector.of(A, 3);

    assertThat(vector.next(A)).isEqualTo(3);
    assertThat(vector.includes(new EventId(A, 2))).isTrue();
    assertThat(vector.includes(new EventId(A, 3))).isFalse();
    assertThat(vector.includes(new EventId(B, 0))).isFalse();
    assertThat(vector.includesAll(List.of(new EventId(A, 0), new EventId(A, 2)))).isTrue();
    assertThat(vector.includesAll(List.of(new EventId(A, 0), new EventId(B, 0)))).isFalse();
    assertThat(vector.includesAll(List.of())).isTrue();
  }

  @Test
  void shouldOrderByWhatHasBeenSeen() {
    VersionVector less = VersionVector.of(A, 1);
    VersionVector more = VersionVector.of(A, 2);
    VersionVector other = VersionVector.of(B, 1);

    assertThat(less.compare(more)).isEqualTo(Order.BEFORE);
    assertThat(more.compare(less)).isEqualTo(Order.AFTER);
    assertThat(more.compare(other)).isEqualTo(Order.CONCURRENT);
    assertThat(less.compare(VersionVector.of(A, 1))).isEqualTo(Order.EQUAL);
    assertThat(VersionVector.EMPTY.compare(less)).isEqualTo(Order.BEFORE);
    assertThat(less.merge(other).compare(other)).isEqualTo(Order.AFTER);
  }

  @Test
  void shouldNeverGoBackWhenBuilt() {
    VersionVector vector = new VersionVector.Builder().advance(A, 5).advance(A, 3).build();
    assertThat(vector).isEqualTo(VersionVector.of(A, 5));
  }

  @Test
  void shouldNotChangeWhenItsBuilderGoesOn() {
    VersionVector.Builder builder = new VersionVector.Builder().advance(A, 1);
    VersionVector before = builder.build();
    VersionVector after = builder.advance(A, 2).advance(B, 1).build();

    assertThat(before).isEqualTo(VersionVector.of(A, 1));
    assertThat(after).isEqualTo(VersionVector.of(A, 2).merge(VersionVector.of(B, 1)));
    assertThat(after.toBuilder().advance(A, 9).build().next(A)).isEqualTo(9);
    assertThat(after.next(A)).isEqualTo(2);
  }

  @Test
  void shouldHoldManyReplicas() {
    VersionVector.Builder builder = new VersionVector.Builder();
    for (long id = 0; id < 1_000; id++) {
      builder.advance(scattered(id), id + 1);
    }
    VersionVector vector = builder.build();

    assertThat(vector.size()).isEqualTo(1_000);
    assertThat(vector.next(scattered(7))).isEqualTo(8);
    assertThat(vector.eventsSince(VersionVector.EMPTY)).isEqualTo(500_500);
  }

  private static ReplicaId scattered(long id) {
    return new ReplicaId(id * 0x9e37_79b9_7f4a_7c15L);
  }

  @Test
  void shouldWriteReplicasAscendingUnsigned() {
    VersionVector vector = VersionVector.of(B, 7).merge(VersionVector.of(A, 3));
    assertThat(vector).hasToString("0000000000000001:3,fffffffffffffffe:7");
    assertThat(VersionVector.parse("fffffffffffffffe:7,0000000000000001:3")).isEqualTo(vector);
  }

  @Test
  void shouldRefuseANegativeEnd() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VersionVector.of(A, -1))
        .withMessageContaining("next must not be negative, next=-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000001",
        "0000000000000001:",
        "0000000000000001:x",
        "0000000000000001:-1",
        "1:3",
        "000000000000000g:3",
        "0000000000000001:3,",
        ",0000000000000001:3",
        "0000000000000001:9223372036854775808",
        " "
      })
  void shouldRefuseTextThatIsNoVector(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> VersionVector.parse(text));
  }

  @Test
  void shouldQuoteThePairThatIsWrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VersionVector.parse("0000000000000001:3,0000000000000002"))
        .withMessageContaining("\"0000000000000002\"");
  }

  @Test
  void shouldRefuseBytesThatAreNoVector() {
    byte[] valid = VersionVector.of(A, 3).merge(VersionVector.of(B, 200)).toBytes();
    for (int length = 0; length < valid.length; length++) {
      byte[] cut = Arrays.copyOf(valid, length);
      assertThatThrownBy(() -> VersionVector.parse(cut))
          .isInstanceOf(MalformedUpdateException.class);
    }
    byte[] longer = Arrays.copyOf(valid, valid.length + 1);
    assertThatThrownBy(() -> VersionVector.parse(longer))
        .isInstanceOf(MalformedUpdateException.class);
  }

  @Test
  void shouldRefuseBytesThatNameMoreReplicasThanTheyHold() {
    byte[] hostile = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07};
    assertThatThrownBy(() -> VersionVector.parse(hostile))
        .isInstanceOf(MalformedUpdateException.class);
  }

  @Test
  void shouldRefuseBytesWhoseReplicasAreOutOfOrderOrSeenToZero() {
    byte[] one = VersionVector.of(A, 3).toBytes();
    byte[] twice = new byte[2 * one.length - 1];
    System.arraycopy(one, 0, twice, 0, one.length);
    System.arraycopy(one, 1, twice, one.length, one.length - 1);
    twice[0] = 2;
    assertThatThrownBy(() -> VersionVector.parse(twice))
        .isInstanceOf(MalformedUpdateException.class)
        .hasMessageContaining("a replica id above 0000000000000001");

    byte[] zero = one.clone();
    zero[zero.length - 1] = 0;
    assertThatThrownBy(() -> VersionVector.parse(zero))
        .isInstanceOf(MalformedUpdateException.class)
        .hasMessageContaining("a positive next sequence number");
  }
}
