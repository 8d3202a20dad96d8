package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.MalformedUpdateException;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.Payload;
import dev.weft.protocol.RelayMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a link that polls asks, in virtual time, of a relay that answers after 10 ms. */
class PollingLinkTest {
  private static final Duration ANSWER = Duration.ofMillis(10);

  private final VirtualTime time = new VirtualTime(new SplittableRandom(1));
  private final TextDocument text = TextDocument.create(new ReplicaId(1));
  private final TextDocument written = TextDocument.create(new ReplicaId(3));
  private final List<Long> askedAtMillis = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();
  private Duration answerAfter = ANSWER;
  private boolean answers = true;
  private int received;
  private int heard;
  private int sent;
  private PollingLink link;

  @BeforeEach
  void open() {
    link =
        new PollingLink(
            new VirtualScheduler(time.line(0)),
            this::request,
            new SplittableRandom(2),
            new Client());
    link.start();
    link.send(Frames.encode(new ClientMessage.Hello("test", "", Capabilities.NONE, "")));
    link.send(Frames.encode(new ClientMessage.Open(1, "notes", VersionVector.EMPTY)));
  }

  private void request(
      ClientMessage.@Nullable Hello hello,
      String document,
      List<ClientMessage> messages,
      Runnable hearing,
      Consumer<List<RelayMessage>> answered,
      Consumer<PollingLink.NoAnswer> failed) {
    if (!messages.isEmpty() && messages.get(0) instanceof ClientMessage.Ping ping) {
      RelayMessage pong = new RelayMessage.Pong(ping.nonce(), 0, null);
      time.at(ANSWER.toNanos(), () -> answered.accept(List.of(pong)));
    }
    if (messages.isEmpty() || !(messages.get(0) instanceof ClientMessage.Open open)) {
      return;
    }
    askedAtMillis.add(nowMillis());
    for (ClientMessage message : messages) {
      if (message instanceof ClientMessage.Edits edits) {
        write(edits);
      }
    }
    Payload news =
        open.vector().includes(text.version())
            ? Payload.EMPTY
            : Payload.of(text.changesSince(open.vector()));
    List<RelayMessage> answer =
        List.of(
            new RelayMessage.Opened(
                1, text.version(), news, false, VersionVector.EMPTY, RelayMessage.Access.WRITE));
    if (answers) {
      time.at(answerAfter.toNanos(), () -> answered.accept(answer));
    }
  }

  private void write(ClientMessage.Edits edits) {
    try {
      var unused = written.apply(edits.changes().bytes());
    } catch (MalformedUpdateException e) {
      throw new AssertionError(e);
    }
  }

  private long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(time.nanos());
  }

  private int requestsWithin(Duration duration) {
    int before = askedAtMillis.size();
    time.runFor(duration.toNanos());
    return askedAtMillis.size() - before;
  }

  @Test
  void shouldAskLessAndLessOftenWhileNothingHappens() {
    assertThat(requestsWithin(Duration.ofSeconds(1))).isEqualTo(2);
    time.runFor(Duration.ofSeconds(5).toNanos());

    // Each 2 s, or a quarter less: those who were cut off together do not ask together.
    assertThat(requestsWithin(Duration.ofMinutes(1))).isBetween(29, 40);
  }

  @Test
  void shouldAskOftenWhileSomebodyWrites() {
    time.runFor(Duration.ofSeconds(10).toNanos());
    int requests = 0;
    for (int i = 0; i < 100; i++) {
      text.insert(0, "x");
      requests += requestsWithin(Duration.ofMillis(100));
    }

    // Two of the ten seconds may pass before it is noticed that somebody does.
    assertThat(requests).isBetween(49, 83);
  }

  @Test
  void shouldAskAtOnceForWhatTheClientSaysAndNeverTwiceAtATime() {
    time.runFor(Duration.ofSeconds(10).toNanos());
    TextDocument own = TextDocument.create(new ReplicaId(2));
    int before = askedAtMillis.size();
    int sentBefore = sent;
    for (int i = 0; i < 3; i++) {
      VersionVector had = own.version();
      own.insert(0, "x");
      link.send(Frames.encode(new ClientMessage.Edits(1, Payload.of(own.changesSince(had)), null)));
    }

    assertThat(askedAtMillis).hasSize(before + 1);
    assertThat(askedAtMillis.get(before)).isEqualTo(nowMillis());
    time.runFor(Duration.ofMillis(25).toNanos());
    assertThat(askedAtMillis).hasSize(before + 2);
    assertThat(sent).isGreaterThan(sentBefore);
  }

  /** It would say that nothing is on its way, as it does on a connection that lasts. */
  @Test
  void shouldTellASignOfLifeBehindWhatWasUnderWayBefore() {
    time.runFor(Duration.ofSeconds(1).toNanos());
    link.demand();
    link.demand();
    assertThat(received).isOne();
    answerAfter = Duration.ofSeconds(30);
    text.insert(0, "x");
    time.runFor(Duration.ofSeconds(3).toNanos());

    link.send(Frames.encode(new ClientMessage.Ping(1, 0, null)));
    time.runFor(Duration.ofSeconds(20).toNanos());
    assertThat(received).isOne();
    assertThat(heard).isOne();

    time.runFor(Duration.ofSeconds(10).toNanos());
    assertThat(received).isEqualTo(2);
    link.demand();
    assertThat(received).isEqualTo(3);
  }

  @Test
  void shouldAskForNothingMoreOnceItIsClosed() {
    time.runFor(Duration.ofSeconds(1).toNanos());
    link.close("enough");
    time.runFor(Duration.ofSeconds(1).toNanos());

    assertThat(closed).containsExactly("enough");
    assertThat(requestsWithin(Duration.ofMinutes(1))).isZero();
  }

  @Test
  void shouldSayEverythingBeforeItIsClosed() {
    time.runFor(Duration.ofSeconds(10).toNanos());
    TextDocument own = TextDocument.create(new ReplicaId(2));
    for (String word : List.of("last ", "words")) {
      VersionVector had = own.version();
      own.insert(own.length(), word);
      link.send(Frames.encode(new ClientMessage.Edits(1, Payload.of(own.changesSince(had)), null)));
    }
    link.close("enough");

    // The second waits for the answer to the first.
    assertThat(written.text()).isEqualTo("last ");
    assertThat(closed).isEmpty();
    time.runFor(Duration.ofSeconds(1).toNanos());
    assertThat(written.text()).isEqualTo("last words");
    assertThat(closed).containsExactly("enough");
  }

  @Test
  void shouldCloseThoughNothingIsAnsweredAnyMore() {
    time.runFor(Duration.ofSeconds(1).toNanos());
    answers = false;
    time.runFor(Duration.ofSeconds(3).toNanos());
    link.close("enough");
    time.runFor(Duration.ofSeconds(1).toNanos());

    assertThat(closed).containsExactly("enough");
  }

  @Test
  void shouldAskForNoMoreThanIsTaken() {
    text.insert(0, "x".repeat(3 << 20));
    time.runFor(Duration.ofMillis(100).toNanos());
    text.insert(0, "y".repeat(3 << 20));
    time.runFor(Duration.ofSeconds(10).toNanos());
    assertThat(received).isZero();

    assertThat(requestsWithin(Duration.ofMinutes(1))).isZero();

    link.demand();
    link.demand();
    assertThat(received).isEqualTo(2);
    assertThat(requestsWithin(Duration.ofMinutes(1))).isGreaterThan(20);
  }

  /** What the client says has nothing to do with what it has no room for. */
  @Test
  void shouldSendWhatTheClientSaysThoughItTakesNothing() {
    text.insert(0, "x".repeat(5 << 20));
    time.runFor(Duration.ofSeconds(10).toNanos());
    assertThat(requestsWithin(Duration.ofSeconds(10))).isZero();
    TextDocument own = TextDocument.create(new ReplicaId(2));
    own.insert(0, "mine");
    text.insert(0, "news");
    int sentBefore = sent;
    int askedBefore = askedAtMillis.size();

    link.send(
        Frames.encode(
            new ClientMessage.Edits(1, Payload.of(own.changesSince(VersionVector.EMPTY)), null)));
    time.runFor(Duration.ofSeconds(10).toNanos());

    assertThat(askedAtMillis).hasSize(askedBefore + 1);
    assertThat(sent).isGreaterThan(sentBefore);
    for (int i = 0; i < 3; i++) {
      link.demand();
    }
    assertThat(received).isEqualTo(2);
    time.runFor(Duration.ofSeconds(10).toNanos());
    assertThat(received).isEqualTo(3);
  }

  private final class Client implements Link.Listener {
    @Override
    public void opened() {}

    @Override
    public void received(byte[] message) {
      received++;
    }

    @Override
    public void hearing() {
      heard++;
    }

    @Override
    public void sent(int bytes) {
      sent += bytes;
    }

    @Override
    public void closed(String reason, Link.OtherWays others) {
      closed.add(reason);
    }
  }
}
