package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EventIdTest {

  @Test
  void shouldOrderByReplicaUnsignedThenBySequenceNumber() {
    EventId first = new EventId(new ReplicaId(1), 9);
    assertThat(first).isLessThan(new EventId(new ReplicaId(1), 10));
    assertThat(first).isLessThan(new EventId(new ReplicaId(-1), 0));
    assertThat(first).isEqualByComparingTo(new EventId(new ReplicaId(1), 9));
  }

  @Test
  void shouldNameReplicaAndSequenceNumber() {
    assertThat(new EventId(new ReplicaId(0xabL), 7)).hasToString("00000000000000ab@7");
  }

  @Test
  void shouldRefuseANegativeSequenceNumber() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EventId(new ReplicaId(1), -1))
        .withMessage("sequence must not be negative, sequence=-1");
  }
}
