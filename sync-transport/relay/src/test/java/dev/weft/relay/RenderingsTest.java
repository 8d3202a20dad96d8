package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** A version is written once for many who come one after the other. */
class RenderingsTest {
  private static final int LENGTH = 100_000;
  private static final int MAX_BYTES = 4 * LENGTH + 1_000;

  private final TextDocument ada = TextDocument.create(new ReplicaId(1));
  private final RelayedText text =
      new RelayedText(TextDocument.create(new ReplicaId(9)), RelayBounds.DEFAULT);
  private final ReaderBudget budget = new ReaderBudget(MAX_BYTES);
  private final Deque<Runnable> timers = new ArrayDeque<>();
  private final Renderings renderings =
      new Renderings(
          budget,
          (delay, task) -> {
            assertThat(delay).isEqualTo(Renderings.KEPT.toNanos());
            timers.add(task);
            return () -> timers.remove(task);
          });

  RenderingsTest() {
    type("x".repeat(LENGTH));
  }

  @Test
  void shouldWriteVersionOnceForAllWhoComeWithinAMoment() throws Exception {
    Rendering first = renderings.plain(text);
    first.letGo();
    assertThat(budget.used()).isZero();
    assertThat(budget.spareBytes()).isEqualTo(LENGTH);

    Rendering second = renderings.plain(text);

    assertThat(second).isSameAs(first);
    assertThat(StandardCharsets.UTF_8.decode(second.view()).toString())
        .isEqualTo(text.text().text());
    assertThat(budget.used()).isEqualTo(LENGTH);
    assertThat(budget.spareBytes()).isZero();
  }

  @Test
  void shouldKeepVersionNoLongerThanAMomentOrSomebodyUsesIt() throws Exception {
    Rendering first = renderings.plain(text);
    first.letGo();
    timers.remove().run();
    assertThat(budget.spareBytes()).isZero();
    assertThat(first.hold()).isFalse();

    Rendering second = renderings.plain(text);
    timers.remove().run();

    assertThat(second).isNotSameAs(first);
    assertThat(renderings.plain(text)).isSameAs(second);
    second.letGo();
    second.letGo();
    assertThat(second.hold()).isFalse();
    assertThat(budget.used()).isZero();
    assertThat(budget.spareBytes()).isZero();
  }

  @Test
  void shouldKeepOneVersionInEachFormAndOneTimerForIt() throws Exception {
    renderings.plain(text).letGo();
    renderings.event(text).letGo();
    type("y");
    Rendering newer = renderings.plain(text);
    newer.letGo();

    assertThat(timers).hasSize(2);
    assertThat(budget.spareBytes()).isBetween(2L * LENGTH, 2L * LENGTH + 1_000);
    assertThat(StandardCharsets.UTF_8.decode(renderings.plain(text).view()).toString())
        .isEqualTo(text.text().text());
    assertThat(renderings.plain(text)).isSameAs(newer);
  }

  @Test
  void shouldMakeWayForWhatOthersNeed() throws Exception {
    Rendering spare = renderings.plain(text);
    spare.letGo();

    budget.take(3 * LENGTH);
    assertThat(budget.spareBytes()).isEqualTo(LENGTH);
    budget.take(LENGTH);

    assertThat(budget.spareBytes()).isZero();
    assertThat(spare.hold()).isFalse();
    budget.giveBack(4 * LENGTH);
    assertThat(renderings.plain(text)).isNotSameAs(spare);
  }

  /** The first is let in however long it is. */
  @Test
  void shouldNotKeepWhatIsMoreThanThereIsRoomFor() throws Exception {
    type("x".repeat(4 * LENGTH));
    Rendering longest = renderings.plain(text);
    longest.letGo();

    assertThat(longest.hold()).isFalse();
    assertThat(budget.used()).isZero();
    assertThat(budget.spareBytes()).isZero();
  }

  @Test
  void shouldCountBytesOfEachVersionAndWriteNothing() throws Exception {
    budget.take(4 * LENGTH);
    assertThat(renderings.plainBytes(text)).isEqualTo(LENGTH);
    type("grüße, 世界 🌍\n");
    // Where others wrote between, the text lies in many pieces.
    VersionVector before = text.version();
    for (int i = 0; i < 100; i++) {
      ada.insert(i * 7, i % 2 == 0 ? "🌍" : "é");
    }
    take(before);

    assertThat(renderings.plainBytes(text))
        .isEqualTo(text.text().text().getBytes(StandardCharsets.UTF_8).length)
        .isEqualTo(renderings.plainBytes(text));
    assertThat(timers).isEmpty();
    budget.giveBack(4 * LENGTH);
    assertThat(renderings.plain(text).size()).isEqualTo((int) renderings.plainBytes(text));
  }

  private void type(String typed) {
    VersionVector before = text.version();
    ada.insert(ada.length(), typed);
    take(before);
  }

  private void take(VersionVector before) {
    RelayedText.Outcome outcome =
        text.takeFromRelay(ServerEvent.changes(Payload.of(ada.changesSince(before))));
    assertThat(outcome.accepted()).isNotEmpty();
  }
}
