package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** A fork starts as its origin is, and neither sees what the other does. */
class ForkTest {
  private final Random random = new Random(42);

  @Test
  void shouldGoItsOwnWayAndMergeBackAsIfItHadReceivedEverythingByWire() throws Exception {
    TextDocument origin = TextDocument.create(new ReplicaId(1), Limits.DEFAULT, 4);
    edit(origin, 200);
    TextDocument fork = origin.fork(new ReplicaId(2));
    TextDocument received = TextDocument.load(new ReplicaId(2), origin.snapshot());
    assertThat(fork.text()).isEqualTo(origin.text());
    assertThat(fork.version()).isEqualTo(origin.version());
    String before = fork.text();

    edit(origin, 100);
    assertThat(fork.text()).isEqualTo(before);
    fork.checkInvariants();
    for (int i = 0; i < 100; i++) {
      int index = random.nextInt(fork.length() + 1);
      fork.insert(index, "x");
      received.insert(index, "x");
    }
    origin.checkInvariants();

    byte[] forked = fork.ownChangesSince(0);
    assertThat(forked).isEqualTo(received.ownChangesSince(0));
    origin.apply(forked);
    fork.apply(origin.changesSince(fork.version()));
    assertThat(fork.text()).isEqualTo(origin.text());
    fork.checkInvariants();
    origin.checkInvariants();
  }

  @Test
  void shouldRefuseAnIdThatHasWritten() throws Exception {
    TextDocument origin = TextDocument.create(new ReplicaId(1));
    TextDocument other = TextDocument.create(new ReplicaId(2));
    other.insert(0, "a");
    origin.apply(other.ownChangesSince(0));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> origin.fork(new ReplicaId(1)))
        .withMessageContaining("0000000000000001");
    assertThatIllegalArgumentException().isThrownBy(() -> origin.fork(new ReplicaId(2)));
    assertThatIllegalStateException()
        .isThrownBy(() -> origin.transact(() -> origin.fork(new ReplicaId(3))));
  }

  private void edit(TextDocument document, int edits) {
    for (int i = 0; i < edits; i++) {
      int length = document.length();
      if (length > 0 && random.nextInt(3) == 0) {
        int start = random.nextInt(length);
        document.delete(start, Math.min(length, start + 1 + random.nextInt(3)));
      } else {
        document.insert(random.nextInt(length + 1), "é€ab".substring(random.nextInt(4)));
      }
    }
  }
}
