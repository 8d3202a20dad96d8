package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A few bytes that stand for much work: they may be taken in, and cost little memory and time. */
class AmplificationTest {
  private static final int UNITS = 65_536;
  private static final long AUTHOR = 1;

  @Test
  void shouldDeleteMuchAgainAndAgain() throws MalformedUpdateException {
    byte[] update = deletedAgain(2_000);
    Hostile.apply(update);
    Hostile.load(snapshotOf(update));
  }

  @Test
  void shouldRestoreMuchAgainAndAgain() throws MalformedUpdateException {
    UpdateWriter writer = new UpdateWriter(64);
    insert(writer);
    for (int i = 0; i < 1_000; i++) {
      writer.delete(Names.name(AUTHOR, 0), UNITS, false, 0);
      writer.restore(Names.name(AUTHOR, writer.sequence() - UNITS), UNITS, 0);
    }
    writer.endChange(0);
    byte[] update = writer.toBytes();
    Hostile.apply(update);
    Hostile.load(snapshotOf(update));
  }

  @Test
  void shouldTakeInAsManyEventsAsCanBeNumbered() throws MalformedUpdateException {
    Limits limits = new Limits(1 << 28, 10, 10, Integer.MAX_VALUE, 10, 1_000);
    UpdateWriter writer = new UpdateWriter(64);
    insert(writer);
    for (int i = 0; i < 32_766; i++) {
      writer.delete(Names.name(AUTHOR, 0), UNITS, false, 0);
    }
    writer.delete(Names.name(AUTHOR, 0), UNITS - 1, false, 0);
    writer.endChange(0);
    TextDocument document = TextDocument.create(new ReplicaId(7), limits);
    assertThat(document.apply(writer.toBytes()).applied()).isEqualTo(Integer.MAX_VALUE);
    assertThat(document.length()).isZero();
  }

  private static byte[] deletedAgain(int times) {
    UpdateWriter writer = new UpdateWriter(64);
    insert(writer);
    for (int i = 0; i < times; i++) {
      writer.delete(Names.name(AUTHOR, 0), UNITS, false, 0);
    }
    writer.endChange(0);
    return writer.toBytes();
  }

  private static void insert(UpdateWriter writer) {
    writer.change(AUTHOR, 0, new EventList(), 0);
    writer.insert(Names.none(), Names.none(), "a".repeat(UNITS).toCharArray(), 0, UNITS, 0);
  }

  private static byte[] snapshotOf(byte[] update) throws MalformedUpdateException {
    TextDocument document = TextDocument.create(new ReplicaId(7));
    document.apply(update);
    return document.snapshot();
  }
}
