package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void shouldRefuseABoundThatIsNotPositive(int bound) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(bound, 1, 1, 1, 1, 1))
        .withMessage("maxUpdateBytes must be positive, maxUpdateBytes=" + bound);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(1, bound, 1, 1, 1, 1))
        .withMessageContaining("maxReplicas=" + bound);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(1, 1, bound, 1, 1, 1))
        .withMessageContaining("maxRuns=" + bound);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(1, 1, 1, bound, 1, 1))
        .withMessageContaining("maxUnits=" + bound);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(1, 1, 1, 1, bound, 1))
        .withMessageContaining("maxBacklogChanges=" + bound);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limits(1, 1, 1, 1, 1, bound))
        .withMessageContaining("maxBacklogBytes=" + bound);
  }

  @Test
  void shouldRefuseAnUpdateThatIsTooLong() throws MalformedUpdateException {
    byte[] update = written("0123456789".repeat(10));
    TextDocument enough = limited(update.length, 10, 1_000);
    enough.apply(update);
    assertThat(enough.length()).isEqualTo(100);

    TextDocument tooLittle = limited(update.length - 1, 10, 1_000);
    assertRefused(tooLittle, update, String.valueOf(update.length - 1));
  }

  @Test
  void shouldRefuseAnUpdateThatNamesTooManyReplicas() throws MalformedUpdateException {
    TextDocument document = limited(1 << 20, 2, 1_000);
    document.apply(written(new ReplicaId(11), "a"));
    document.apply(written(new ReplicaId(12), "b"));

    assertRefused(document, written(new ReplicaId(13), "c"), "2");
  }

  @Test
  void shouldRefuseAnUpdateThatMakesTheDocumentTooLarge() throws MalformedUpdateException {
    TextDocument document = limited(1 << 20, 10, 100);
    document.apply(written(new ReplicaId(11), "a".repeat(60)));

    assertRefused(document, written(new ReplicaId(12), "b".repeat(41)), "100");
    document.apply(written(new ReplicaId(12), "b".repeat(40)));
    assertThat(document.length()).isEqualTo(100);
  }

  @Test
  void shouldRefuseAnUpdateThatBeginsTooManyRuns() throws MalformedUpdateException {
    TextDocument document =
        TextDocument.create(new ReplicaId(1), new Limits(1 << 20, 10, 2, 1_000, 10, 1 << 20), 4);
    TextDocument author = TextDocument.create(new ReplicaId(11));
    author.insert(0, "a");
    document.apply(author.changesSince(VersionVector.EMPTY));
    document.apply(written(new ReplicaId(12), "b"));
    author.insert(0, "c");

    assertRefused(document, author.changesSince(VersionVector.EMPTY), "maxRuns");
    assertThatThrownBy(
            () ->
                TextDocument.load(
                    new ReplicaId(1),
                    merged(author, document).snapshot(),
                    new Limits(1 << 20, 10, 2, 1_000, 10, 1 << 20)))
        .isInstanceOf(MalformedUpdateException.class)
        .hasMessageContaining("maxRuns");
  }

  private static TextDocument merged(TextDocument author, TextDocument other)
      throws MalformedUpdateException {
    TextDocument all = TextDocument.create(new ReplicaId(2));
    all.apply(other.changesSince(VersionVector.EMPTY));
    all.apply(author.changesSince(VersionVector.EMPTY));
    return all;
  }

  @Test
  void shouldHaveRoomAgainWhenWhatWaitedIsApplied() throws MalformedUpdateException {
    TextDocument author = TextDocument.create(new ReplicaId(11));
    TextDocument reader =
        TextDocument.create(new ReplicaId(1), new Limits(1 << 20, 10, 100, 1_000, 1, 100), 4);
    for (int round = 0; round < 50; round++) {
      long start = author.nextSequence();
      author.insert(0, "a");
      byte[] first = author.ownChangesSince(start);
      author.insert(1, "b");
      byte[] second = author.ownChangesSince(start + 1);

      ApplyResult early = reader.apply(second);
      assertThat(early.dropped()).as("round %d", round).isZero();
      assertThat(early.waiting()).isEqualTo(1);
      assertThat(reader.apply(first).isComplete()).isTrue();
    }
    assertThat(reader.text()).isEqualTo(author.text());
  }

  private static void assertRefused(TextDocument document, byte[] update, String bound) {
    String text = document.text();
    VersionVector version = document.version();
    assertThatThrownBy(() -> document.apply(update))
        .isInstanceOf(MalformedUpdateException.class)
        .hasMessageContaining(bound);
    document.checkInvariants();
    assertThat(document.text()).isEqualTo(text);
    assertThat(document.version()).isEqualTo(version);
  }

  private static TextDocument limited(int maxUpdateBytes, int maxReplicas, int maxUnits) {
    return TextDocument.create(
        new ReplicaId(1), new Limits(maxUpdateBytes, maxReplicas, 100, maxUnits, 10, 1 << 20), 4);
  }

  private static byte[] written(String text) {
    return written(new ReplicaId(11), text);
  }

  private static byte[] written(ReplicaId replica, String text) {
    TextDocument author = TextDocument.create(replica);
    author.insert(0, text);
    return author.changesSince(VersionVector.EMPTY);
  }

  @Test
  void shouldRefuseAnEditByOneReplicaTooMany() throws MalformedUpdateException {
    TextDocument document = limited(1 << 20, 1, 1_000);
    document.apply(written(new ReplicaId(11), "abc"));
    byte[] before = document.snapshot();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> document.insert(0, "x"))
        .withMessageContaining("maxReplicas");
    assertThat(document.snapshot()).isEqualTo(before);
  }

  @Test
  void shouldRefuseAnEditThatBeginsOneRunTooMany() throws MalformedUpdateException {
    Limits limits = new Limits(1 << 20, 10, 2, 1_000, 10, 1_000);
    TextDocument document = TextDocument.create(new ReplicaId(1), limits);
    document.apply(written(new ReplicaId(11), "abc"));
    document.insert(0, "x");
    document.insert(1, "y");
    document.apply(document.snapshot());
    TextDocument loaded = TextDocument.load(new ReplicaId(2), document.snapshot(), limits);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> loaded.delete(0, 1))
        .withMessageContaining("maxRuns");
    assertThat(loaded.text()).isEqualTo("xyabc");
  }

  /** However far from the limits an edit was, none goes beyond. */
  @Test
  void shouldReachEachLimitAndNotExceedIt() throws MalformedUpdateException {
    TextDocument runs = limited(new Limits(1 << 20, 10_000, 1_500, 100_000, 10, 1_000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> editInTurnsWith(new ReplicaId(11), runs))
        .withMessageContaining("maxRuns");
    assertThat(runs.footprint().runs()).isEqualTo(1_500);

    TextDocument units = limited(new Limits(1 << 20, 10_000, 100_000, 1_500, 10, 1_000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> editInTurnsWith(new ReplicaId(11), units))
        .withMessageContaining("maxUnits");
    assertThat(units.length()).isEqualTo(1_500);
  }

  private static TextDocument limited(Limits limits) {
    return TextDocument.create(new ReplicaId(1), limits);
  }

  private static void editInTurnsWith(ReplicaId id, TextDocument document) {
    TextDocument other = TextDocument.create(id);
    while (true) {
      other.insert(0, "a");
      try {
        document.apply(other.ownChangesSince(other.nextSequence() - 1));
        document.insert(0, "b");
        other.apply(document.ownChangesSince(document.nextSequence() - 1));
      } catch (MalformedUpdateException e) {
        throw new IllegalArgumentException(e);
      }
    }
  }
}
