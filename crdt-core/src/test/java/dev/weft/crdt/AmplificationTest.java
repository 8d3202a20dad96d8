package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
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
    Limits limits = new Limits(1 << 28, 10, 10, Limits.MOST_UNITS, 10, 1_000);
    UpdateWriter writer = new UpdateWriter(64);
    insert(writer);
    for (int i = 0; i < 32_766; i++) {
      writer.delete(Names.name(AUTHOR, 0), UNITS, false, 0);
    }
    int left = Limits.MOST_UNITS - 32_767 * UNITS;
    writer.delete(Names.name(AUTHOR, 0), left, false, 0);
    writer.endChange(0);
    TextDocument document = TextDocument.create(new ReplicaId(7), limits);
    assertThat(document.apply(writer.toBytes()).applied()).isEqualTo(Limits.MOST_UNITS);
    assertThat(document.length()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> document.insert(0, "a"))
        .withMessageContaining("maxUnits");
    List<TextChange.Edit> since =
        document.history().moveTo(VersionVector.of(new ReplicaId(AUTHOR), UNITS));
    assertThat(since).hasSize(1);
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
    writer.change(AUTHOR, 0, 0, new EventList(), 0);
    writer.insert(Names.none(), Names.none(), "a".repeat(UNITS).toCharArray(), 0, UNITS, 0);
  }

  private static byte[] snapshotOf(byte[] update) throws MalformedUpdateException {
    TextDocument document = TextDocument.create(new ReplicaId(7));
    document.apply(update);
    return document.snapshot();
  }

  /** A few bytes restore many deletes, which is done once and takes no memory to say again. */
  @Test
  void shouldRestoreManyDeletesAgainAndAgain() throws MalformedUpdateException {
    int deletes = 100_000;
    UpdateWriter base = new UpdateWriter(64);
    base.change(AUTHOR, 0, 0, new EventList(), 0);
    char[] text = "ab".repeat(deletes).toCharArray();
    base.insert(Names.none(), Names.none(), text, 0, text.length, 0);
    for (int i = 0; i < deletes; i++) {
      base.delete(Names.name(AUTHOR, 2 * i), 1, false, 0);
    }
    base.endChange(0);
    TextDocument document = TextDocument.create(new ReplicaId(7));
    document.apply(base.toBytes());
    long operations = document.footprint().operations();
    assertThat(document.text()).isEqualTo("b".repeat(deletes));

    for (int author = 1; author <= 100; author++) {
      UpdateWriter restores = new UpdateWriter(64);
      restores.change(AUTHOR + author, 0, 0, new EventList(), 0);
      for (int i = 0; i < 100; i++) {
        restores.restore(Names.name(AUTHOR, text.length), deletes, 0);
      }
      restores.endChange(0);
      document.apply(restores.toBytes());
    }

    assertThat(document.text()).isEqualTo("ab".repeat(deletes));
    assertThat(document.footprint().operations() - operations).isEqualTo(10_000);
    TextDocument loaded = TextDocument.load(new ReplicaId(8), document.snapshot());
    assertThat(loaded.text()).isEqualTo(document.text());
    assertThat(loaded.footprint().operations()).isEqualTo(document.footprint().operations());
  }

  @Test
  void shouldTellObserversOfMuchThatComesAndGoesAsOneEdit() throws MalformedUpdateException {
    UpdateWriter base = new UpdateWriter(64);
    insert(base);
    base.endChange(0);
    UpdateWriter turns = new UpdateWriter(64);
    turns.change(2, 0, 0, new EventList(), 0);
    for (int i = 0; i < 700; i++) {
      turns.delete(Names.name(AUTHOR, 0), UNITS, false, 0);
      turns.restore(Names.name(2, 2 * i * UNITS), UNITS, 0);
    }
    turns.delete(Names.name(AUTHOR, 0), 10, false, 0);
    turns.endChange(0);
    TextDocument document = TextDocument.create(new ReplicaId(7));
    document.apply(base.toBytes());
    StringBuilder mirror = new StringBuilder(document.text());
    List<TextChange> changes = new ArrayList<>();
    Subscription unused =
        document.observe(
            change -> {
              changes.add(change);
              change.applyTo(mirror);
            });
    assertThat(document.lineCount()).isEqualTo(1);
    document.apply(turns.toBytes());

    assertThat(changes).singleElement().satisfies(c -> assertThat(c.edits()).hasSize(1));
    assertThat(mirror.toString()).isEqualTo(document.text());
    assertThat(document.lineOfOffset(document.length())).isZero();
    assertThat(document.textAt(document.version())).isEqualTo(document.text());
  }
}
