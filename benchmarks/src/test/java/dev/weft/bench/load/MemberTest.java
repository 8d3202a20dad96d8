package dev.weft.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.bench.load.dialect.Edits;
import dev.weft.bench.load.dialect.WeftDialect;
import dev.weft.bench.load.net.EventLoop;
import dev.weft.bench.load.net.Network;
import dev.weft.protocol.Frames;
import dev.weft.protocol.RelayMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reader counts; it is not connected, and told of progress by hand. */
class MemberTest {
  private static final long WRITER = 7;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final WriterLog log = new WriterLog(WRITER);
  private final Tally tally = new Tally();
  private final EventLoop loop = newLoop();
  private final Member reader = newReader(ClientClass.NORMAL);
  private long now;

  private static EventLoop newLoop() {
    try {
      return new EventLoop();
    } catch (IOException e) {
      throw new AssertionError("a selector can be opened", e);
    }
  }

  private Member newReader(ClientClass who) {
    URI relay = URI.create("ws://127.0.0.1:1");
    Place place =
        new Place(
            loop,
            new WeftDialect(""),
            relay,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
    return new Member(
        place,
        tally,
        new Random(1),
        who,
        Network.DIRECT,
        "document",
        1,
        Edits.letters(1).get(),
        List.of(log));
  }

  @BeforeEach
  void write() {
    now = System.nanoTime();
    tally.countWithin(now - 10 * SECOND, now + 10 * SECOND);
    // Three edits in two messages, none of which came when it was due, and one that is not sent.
    log.typed(now - 5 * SECOND);
    log.typed(now - 4 * SECOND);
    log.sent(20);
    log.typed(now - 3 * SECOND);
    log.sent(33);
    log.typed(now - 2 * SECOND);
  }

  @AfterEach
  void close() throws IOException {
    loop.close();
  }

  @Test
  void shouldCountEachEditFromWhenItWasDue() {
    reader.progress(WRITER, 20);

    Histogram waits = waits(ClientClass.NORMAL);
    assertThat(waits.getTotalCount()).isEqualTo(2);
    assertThat(waits.getMinValue()).isGreaterThanOrEqualTo(seconds(4));
    assertThat(waits.getMaxValue()).isGreaterThanOrEqualTo(seconds(5)).isLessThan(seconds(60));
    assertThat(tally.editsDelivered).isEqualTo(2);
    assertThat(reader.hasAll()).isFalse();
  }

  @Test
  void shouldNotCountWhatIsHereInPart() {
    reader.progress(WRITER, 32);

    assertThat(waits(ClientClass.NORMAL).getTotalCount()).isEqualTo(2);
  }

  @Test
  void shouldCountNothingTwice() {
    reader.progress(WRITER, 20);
    reader.progress(WRITER, 20);
    reader.progress(WRITER, 33);
    reader.progress(WRITER, 20);

    assertThat(waits(ClientClass.NORMAL).getTotalCount()).isEqualTo(3);
  }

  @Test
  void shouldNotCountWhatOthersWrite() {
    reader.progress(WRITER + 1, 33);

    assertThat(waits(ClientClass.NORMAL).getTotalCount()).isZero();
  }

  @Test
  void shouldNotCountWhatWasDueAtAnotherTime() {
    tally.countWithin(now - 4 * SECOND, now - 3 * SECOND);
    reader.progress(WRITER, 33);

    assertThat(tally.editsDelivered).isEqualTo(1);
  }

  @Test
  void shouldCountWhatIsMissingAsHavingTakenUntilNow() {
    reader.progress(WRITER, 20);
    reader.giveUp(now + 5 * SECOND);

    assertThat(tally.editsMissing).isEqualTo(2);
    Histogram waits = waits(ClientClass.NORMAL);
    assertThat(waits.getTotalCount()).isEqualTo(4);
    assertThat(waits.getMaxValue()).isGreaterThanOrEqualTo(seconds(8));
  }

  @Test
  void shouldTellTheWaitsOfClassesApart() {
    Member slow = newReader(ClientClass.SLOW);
    slow.progress(WRITER, 33);
    slow.giveUp(now);

    assertThat(waits(ClientClass.SLOW).getTotalCount()).isEqualTo(4);
    assertThat(waits(ClientClass.NORMAL).getTotalCount()).isZero();
    assertThat(tally.editsDelivered).isZero();
    assertThat(tally.editsMissing).isZero();
  }

  @Test
  void shouldCountEachCaretOnceAndNoneThatWasOvertaken() {
    for (int shown = 1; shown <= 3; shown++) {
      assertThat(log.caretShown(now - SECOND)).isEqualTo(shown);
    }
    reader.caret(WRITER, 2);
    reader.caret(WRITER, 1);
    reader.caret(WRITER, 2);
    reader.caret(WRITER, 3);

    assertThat(tally.times(ClientClass.NORMAL, Tier.PRESENCE).getTotalCount()).isEqualTo(2);
    assertThat(tally.times(ClientClass.NORMAL, Tier.PRESENCE).getMinValue())
        .isGreaterThanOrEqualTo(seconds(1));
  }

  @Test
  void shouldCountHowOftenTheRelayAskedForLess() {
    Member flood = newReader(ClientClass.FLOOD);
    hear(flood, new RelayMessage.Throttle(0, 50, 5_000, "too-fast", "Too much."));
    hear(flood, new RelayMessage.Throttle(1, 50, 5_000, "too-fast", "Too much."));
    hear(flood, new RelayMessage.Throttle(0, 0, 5_000, "none", "As before."));
    hear(reader, new RelayMessage.Throttle(0, 100, 5_000, "overloaded", "Much to do."));

    assertThat(tally.throttles())
        .containsOnly(
            Map.entry(ClientClass.FLOOD, Map.of("too-fast", 2L)),
            Map.entry(ClientClass.NORMAL, Map.of("overloaded", 1L)));
  }

  private static void hear(Member member, RelayMessage message) {
    new WeftDialect("")
        .speaker("document", 1, Edits.letters(1).get(), member)
        .hear(ByteBuffer.wrap(Frames.encode(message)));
  }

  private Histogram waits(ClientClass who) {
    return tally.times(who, Tier.KEYSTROKE);
  }

  /** A histogram keeps three digits. */
  private static long seconds(long count) {
    return count * SECOND * 998 / 1_000;
  }
}
