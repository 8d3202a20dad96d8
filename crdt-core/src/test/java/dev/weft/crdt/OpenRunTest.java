package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpenRunTest {
  private final Contents contents = new Contents(SpanTree.DEFAULT_NODE_CAPACITY);
  private final OpenRun run = new OpenRun(contents, new ReplicaId(7));

  private void type(int index, String keys) {
    for (int i = 0; i < keys.length(); i++) {
      run.type(index + i, keys.substring(i, i + 1));
    }
  }

  private void requireBehind(int events) {
    assertThat(contents.log.eventCount()).isEqualTo(run.eventCount() - events);
    assertThat(contents.history.eventCount()).isEqualTo(run.eventCount() - events);
  }

  private String settledText() {
    Contents settled = run.settled();
    settled.checkInvariants();
    requireBehind(0);
    return new String(settled.visibleText(0, run.length()));
  }

  @Test
  void shouldKeepWhatIsTypedToItself() {
    type(0, "weft");

    requireBehind(4);
    assertThat(run.length()).isEqualTo(4);
    assertThat(contents.tree.length()).isZero();
    assertThat(settledText()).isEqualTo("weft");
    assertThat(contents.log.size()).isEqualTo(1);
  }

  @Test
  void shouldGoOnWithARunThatWasSettled() {
    type(0, "we");
    run.settled();
    type(2, "ft");

    requireBehind(2);
    assertThat(settledText()).isEqualTo("weft");
    assertThat(contents.log.size()).isEqualTo(1);
  }

  @Test
  void shouldSettleWhenTypingBeginsElsewhere() {
    type(0, "weft");
    type(0, "a ");

    requireBehind(2);
    assertThat(settledText()).isEqualTo("a weft");
  }

  @Test
  void shouldKeepBackspacesToItself() {
    type(0, "warped");
    run.delete(5, 6);
    run.delete(4, 5);

    requireBehind(2);
    assertThat(run.length()).isEqualTo(4);
    assertThat(settledText()).isEqualTo("warp");
    assertThat(contents.log.size()).isEqualTo(2);
    assertThat(contents.log.isBackward(1)).isTrue();
    assertThat(contents.log.target(1)).isEqualTo(5);
  }

  @Test
  void shouldKeepForwardDeletesToItself() {
    type(0, "unwarp");
    run.delete(0, 1);
    run.delete(0, 1);

    requireBehind(2);
    assertThat(settledText()).isEqualTo("warp");
    assertThat(contents.log.size()).isEqualTo(2);
    assertThat(contents.log.isBackward(1)).isFalse();
    assertThat(contents.log.target(1)).isEqualTo(0);
  }

  @Test
  void shouldSettleWhenDeletionTurns() {
    type(0, "abcdef");
    run.delete(2, 3);
    run.delete(2, 3);
    run.delete(1, 2);

    requireBehind(1);
    assertThat(settledText()).isEqualTo("aef");
  }

  @Test
  void shouldSettleAtTheEndsOfASpan() {
    type(0, "abcd");
    type(2, "XY");
    run.delete(3, 4);
    run.delete(2, 3);
    requireBehind(2);
    run.delete(1, 2);
    requireBehind(1);
    run.delete(1, 2);

    requireBehind(1);
    assertThat(settledText()).isEqualTo("ad");
  }

  @Test
  void shouldDeleteSeveralUnitsAtOnceInTheContents() {
    type(0, "abcd");
    run.delete(1, 3);

    requireBehind(0);
    assertThat(settledText()).isEqualTo("ad");
  }

  @Test
  void shouldNotTakeWhereARunEndedForAPlaceBetweenPairs() throws MalformedUpdateException {
    TextDocument document = TextDocument.create(new ReplicaId(7));
    TextDocument other = TextDocument.create(new ReplicaId(8));
    document.insert(0, "a");
    other.apply(document.changesSince(other.version()));
    other.insert(0, "\uD83D\uDE00");
    document.apply(other.changesSince(document.version()));

    assertThatThrownBy(() -> document.insert(1, "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("surrogate pair");
  }

  @Test
  void shouldGoOnDeletingWhereSurrogatePairsAreAround() {
    run.type(0, "ab\uD83D\uDE00cdef");
    run.settled();
    for (int index = 7; index > 4; index--) {
      assertThat(run.isBetweenPairs(index + 1)).isTrue();
      assertThat(run.isBetweenPairs(index)).isTrue();
      run.delete(index, index + 1);
    }
    requireBehind(3);
    assertThat(run.isBetweenPairs(4)).isTrue();
    run.delete(4, 5);
    requireBehind(4);
    assertThat(run.isBetweenPairs(3)).isFalse();
    assertThat(settledText()).isEqualTo("ab\uD83D\uDE00");
  }

  @Test
  void shouldGoOnDeletingAheadUpToASurrogatePair() {
    run.type(0, "abcd\uD83D\uDE00");
    run.settled();
    for (int i = 0; i < 4; i++) {
      assertThat(run.isBetweenPairs(1)).isTrue();
      run.delete(0, 1);
    }
    requireBehind(4);
    assertThat(run.isBetweenPairs(1)).isFalse();
    assertThat(settledText()).isEqualTo("\uD83D\uDE00");
  }
}
