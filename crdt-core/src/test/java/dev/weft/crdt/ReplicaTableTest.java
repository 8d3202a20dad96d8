package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplicaTableTest {
  private static final long HASH_FACTOR = 0x9e3779b97f4a7c15L;

  /** Returns the n-th of many ids that have one hash. */
  static long hashedAlike(int n) {
    long inverse = HASH_FACTOR;
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - HASH_FACTOR * inverse; // Newton: each step doubles the bits that are right
    }
    return ((long) n << 32 | n) * inverse;
  }

  @Test
  void shouldFindIdsThatHaveOneHash() {
    ReplicaTable table = new ReplicaTable();
    for (int n = 0; n < 1_000; n++) {
      assertThat(table.find(hashedAlike(n))).isEqualTo(-1);
      assertThat(table.add(hashedAlike(n))).isEqualTo(n);
    }
    for (int n = 0; n < 1_000; n++) {
      assertThat(table.find(hashedAlike(n))).isEqualTo(n);
      assertThat(table.id(n)).isEqualTo(hashedAlike(n));
    }
  }

  @Test
  void shouldForgetTheLastIdsAndNoOthers() {
    Random random = new Random(1);
    ReplicaTable table = new ReplicaTable();
    List<Long> ids = new ArrayList<>();
    int next = 0;
    for (int round = 0; round < 500; round++) {
      int more = random.nextInt(50);
      for (int i = 0; i < more; i++) {
        long id = random.nextBoolean() ? hashedAlike(next) : random.nextLong();
        next++;
        table.add(id);
        ids.add(id);
      }
      List<Long> forgotten =
          ids.subList(ids.size() - random.nextInt(ids.size() + 1) / 2, ids.size());
      List<Long> gone = List.copyOf(forgotten);
      forgotten.clear();
      table.truncate(ids.size());

      ReplicaTable copy = new ReplicaTable(table);
      assertThat(copy.size()).isEqualTo(ids.size());
      for (int replica = 0; replica < ids.size(); replica++) {
        assertThat(copy.find(ids.get(replica))).isEqualTo(replica);
      }
      for (long id : gone) {
        assertThat(copy.find(id)).isEqualTo(-1);
      }
    }
  }
}
