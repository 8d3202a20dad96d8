package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Payload;
import dev.weft.protocol.Presence;
import dev.weft.protocol.Refusal;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.DocumentId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people notice, and what operators see, of a relay that has too much of something: over real
 * sockets, with the figures that the relay tells. {@link OverloadTest} has the same by the step.
 */
class BusyRelayTest {
  @RegisterExtension
  final Silence silence =
      Silence.of(OpenDocument.class, WriteBehind.class, StoreHealth.class, RelayServer.class);

  @TempDir Path directory;

  private TestRelay start(Tuning tuning) {
    return TestRelay.start(directory, tuning, relay -> relay.operations("127.0.0.1", 0));
  }

  private static double figure(TestRelay relay, String sample) {
    return Scrape.of(relay.server.operationsPort()).value(sample);
  }

  /** Has one type and the other read it, some times in turn. */
  private static void converse(Author one, Author other, int turns) {
    for (int i = 0; i < turns; i++) {
      one.type("x");
      other.awaitVersion(one.text.version());
      other.type("y");
      one.awaitVersion(other.text.version());
    }
  }

  // --- Fairness ---

  /** More than may come at once, which the relay must not even read at first. */
  private static final int FLOOD = 250;

  @Test
  void shouldServeOthersAsUsualBesideAFloodAndOneWhoDoesNotRead() {
    Allowances few = new Allowances(50, 8 << 20, 100_000, 64 << 20);
    Tuning tuning = new Tuning().allowances(few).outboundBytes(16 << 10);
    try (TestRelay relay = start(tuning);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2);
        Author cem = Author.join(relay.uri(), 3, "letter");
        Author dan = Author.join(relay.uri(), 4, "letter");
        // It takes in Welcome and Opened, and then nothing.
        Peer deaf = Peer.connect(relay.uri(), 2);
        Author flood = Author.join(relay.uri(), 5)) {
      Author slow = Author.over(deaf, 6);
      deaf.say(new ClientMessage.Hello("slow/1", "", Capabilities.NONE, ""));
      deaf.hear(RelayMessage.Welcome.class);
      slow.open(Author.DOCUMENT);

      Random random = new Random(7);
      long begun = System.nanoTime();
      for (int i = 0; i < FLOOD; i++) {
        flood.type(noise(random));
      }
      converse(cem, dan, 20);
      converse(ada, ben, 20);
      double read = figure(relay, "weft_frames_received_total{kind=\"edits\"}") - 80;
      double seconds = (System.nanoTime() - begun) / 1e9;

      // What may come at once, four seconds' worth, and what it has had time for since.
      assertThat(read).isLessThanOrEqualTo(4 * 50 + 50 * seconds + 1);
      assertThat(flood.peer.hear(RelayMessage.Throttle.class).code()).isEqualTo(Codes.TOO_FAST);
      assertThat(figure(relay, "weft_throttles_total{code=\"too-fast\"}")).isPositive();

      // Nothing of it is lost, nor of what the one who did not read has missed.
      ada.awaitVersion(flood.text.version());
      assertThat(System.nanoTime() - begun).isGreaterThan(Duration.ofMillis(900).toNanos());
      flood.awaitVersion(ada.text.version());
      deaf.read();
      slow.awaitVersion(ada.text.version());
      assertThat(slow.text.text()).isEqualTo(flood.text.text());
      assertThat(figure(relay, "weft_conflations_total")).isPositive();
    }
  }

  /** Text that does not become smaller on the way: it is to be too much for a socket. */
  private static String noise(Random random) {
    StringBuilder text = new StringBuilder(20_000);
    for (int i = 0; i < 20_000; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }

  // --- Bulkheads ---

  @Test
  void shouldServeOtherDocumentsWhileOneCannotBeRead() {
    try (TestRelay relay = start(new Tuning());
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2);
        Peer waiting = Peer.greet(relay.uri())) {
      relay.store.unreadable = new DocumentId("stuck");
      waiting.say(new ClientMessage.Open(1, "stuck", VersionVector.EMPTY));
      Author late = Author.over(waiting, 3);

      converse(ada, ben, 20);
      ada.save("s1");
      try (Author other = Author.join(relay.uri(), 4, "letter")) {
        other.type("a third document").save("s2");
      }

      waiting.hearNothingOf(RelayMessage.Opened.class);
      relay.store.openReading();
      late.caughtUp();
    }
  }

  @Test
  void shouldServeOtherDocumentsWhileOneHoldsUpItsWorker() {
    CountDownLatch end = new CountDownLatch(1);
    try (TestRelay relay = TestRelay.start(directory, new Tuning(), each -> each.workers(2));
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2);
        Author cem = Author.join(relay.uri(), 3, "hard")) {
      OpenDocument hard =
          Objects.requireNonNull(relay.server.hub().openDocument(new DocumentId("hard")));
      hard.post(
          () -> {
            try {
              end.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });

      cem.type("this takes its time");
      converse(ada, ben, 20);
      ada.save("s1");

      end.countDown();
      cem.save("s2");
    }
  }

  @Test
  void shouldPassKeystrokesOnWhileTheStoreDoesNotAnswer() {
    try (TestRelay relay = start(new Tuning().storeSlow(Duration.ofSeconds(1)));
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2);
        Author cem = Author.join(relay.uri(), 3, "letter");
        Author dan = Author.join(relay.uri(), 4, "letter")) {
      relay.store.shut();
      ada.type("x");
      relay.store.awaitKnock();

      converse(ada, ben, 20);
      converse(cem, dan, 20);
      cem.saySave("s1");

      RelayMessage.StoreState state = dan.peer.hear(RelayMessage.StoreState.class);
      assertThat(state.code()).isEqualTo(Codes.STORE_SLOW);
      assertThat(figure(relay, "weft_store_available")).isZero();
      assertThat(figure(relay, "weft_store_unwritten_bytes")).isPositive();
      cem.peer.hearNothingOf(RelayMessage.SaveAcknowledged.class);

      relay.store.open();
      assertThat(cem.peer.hear(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("s1");
      assertThat(dan.peer.hear(RelayMessage.StoreState.class).available()).isTrue();
      ben.save("s2");
      assertThat(figure(relay, "weft_store_available")).isOne();
    }
  }

  // --- The breaker ---

  @Test
  void shouldRefuseSavesAtOnceAndPassKeystrokesOnWhileTheStoreFails() {
    try (TestRelay relay = start(new Tuning());
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2);
        Author cem = Author.join(relay.uri(), 3, "letter")) {
      relay.store.failure = "the disk is full";
      ada.type("x");
      RelayMessage.StoreState state = cem.peer.hear(RelayMessage.StoreState.class);
      assertThat(state.available()).isFalse();
      assertThat(state.code()).isEqualTo(Codes.STORE_UNAVAILABLE);
      assertThat(ben.peer.hear(RelayMessage.StoreState.class)).isEqualTo(state);

      converse(ada, ben, 20);
      ada.saySave("s1");
      Refusal refusal = ada.peer.hear(RelayMessage.SaveRefused.class).refusal();
      assertThat(refusal.code()).isEqualTo(Codes.STORE_UNAVAILABLE);
      assertThat(refusal.retryable()).isTrue();
      assertThat(refusal.retryAfterMillis()).isPositive();
      // Who comes now is told at once.
      try (Peer late = Peer.greet(relay.uri())) {
        assertThat(late.hear(RelayMessage.StoreState.class)).isEqualTo(state);
      }
      Scrape scrape = Scrape.of(relay.server.operationsPort());
      assertThat(scrape.value("weft_store_available")).isZero();
      assertThat(scrape.value("weft_saves_seconds_count{outcome=\"refused\"}")).isOne();
      assertThat(scrape.value("weft_refusals_total{code=\"store-unavailable\"}")).isPositive();
      assertThat(scrape.value("weft_store_write_seconds_count{outcome=\"failed\"}")).isPositive();

      relay.store.failure = null;
      assertThat(cem.peer.hear(RelayMessage.StoreState.class).available()).isTrue();
      ada.peer.hear(RelayMessage.Durable.class, d -> d.vector().includes(ben.text.version()));
      ada.save("s2");
      assertThat(figure(relay, "weft_store_available")).isOne();
    }
  }

  // --- What is left out, in order ---

  @Test
  void shouldLeaveOutPresenceThenFrequencyThenOpeningsAndNoSave() {
    LoadBounds none =
        new LoadBounds(Duration.ZERO, Duration.ZERO, Duration.ZERO, 1 << 30, 1L << 40);
    try (TestRelay relay = start(new Tuning().load(none));
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2);
        Peer cem = Peer.greet(relay.uri())) {
      // It goes by half a second in which documents had to wait for their workers.
      AtomicInteger channel = new AtomicInteger();
      Eventually.holds(
          () -> {
            converse(ada, ben, 20);
            int number = channel.incrementAndGet();
            ada.peer.say(new Presence(1, 5, number, false, 0, "ada", 0, List.of(), Payload.EMPTY));
            cem.say(new ClientMessage.Open(number, "other" + number, VersionVector.EMPTY));
            cem.say(new ClientMessage.Close(number));
            return isLeftOut(relay, "presence")
                && isLeftOut(relay, "keystroke-frequency")
                && isLeftOut(relay, "opening");
          },
          () -> "not all was left out");

      Refusal refusal = cem.hear(RelayMessage.Fault.class).refusal();
      assertThat(refusal.code()).isEqualTo(Codes.OVERLOADED);
      assertThat(refusal.retryAfterMillis()).isPositive();
      RelayMessage.Throttle throttle = ada.peer.hear(RelayMessage.Throttle.class);
      assertThat(throttle.code()).isEqualTo(Codes.OVERLOADED);
      assertThat(throttle.windowMillis()).isPositive();
      ada.save("s1");
      Scrape scrape = Scrape.of(relay.server.operationsPort());
      assertThat(scrape.value("weft_refusals_total{code=\"overloaded\"}")).isPositive();
      assertThat(scrape.value("weft_saves_seconds_count{outcome=\"refused\"}")).isZero();
    }
  }

  private static boolean isLeftOut(TestRelay relay, String what) {
    return figure(relay, "weft_shed_total{what=\"" + what + "\"}") > 0;
  }

  @Test
  void shouldTakeNoMoreConnectionsThanItMayAndSayWhen() {
    try (TestRelay relay = start(new Tuning().connections(1));
        Author ada = Author.join(relay.uri(), 1)) {
      assertThatThrownBy(() -> RawWebSocket.connect(relay.uri()))
          .hasMessageContaining("HTTP/1.1 503");
      assertThat(figure(relay, "weft_shed_total{what=\"connection\"}")).isOne();
      ada.type("x").save("s1");
    }
  }

  // --- The end ---

  @Test
  void shouldShowThatItDrainsAndLoseNothing() {
    try (TestRelay relay = start(new Tuning());
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2)) {
      int operations = relay.server.operationsPort();
      assertThat(Scrape.of(operations).value("weft_draining")).isZero();
      relay.store.shut();
      ada.type("typed right before");
      relay.store.awaitKnock();
      CompletableFuture<Void> drained =
          CompletableFuture.runAsync(() -> relay.server.drain(Duration.ofSeconds(20)));
      RelayMessage.Drain told = ada.peer.hear(RelayMessage.Drain.class);

      assertThat(told.jitterMillis()).isPositive();
      assertThat(Scrape.of(operations).value("weft_draining")).isOne();
      assertThat(Scrape.of(operations).value("weft_store_unwritten_bytes")).isPositive();
      Eventually.holds(() -> !canConnect(relay.server.port()), () -> "others still come in");
      // What is typed before the client has moved is taken all the same.
      ben.awaitText("typed right before");
      ben.type(", and right after");
      ada.awaitText("typed right before, and right after");

      relay.store.open();
      ben.peer.hear(RelayMessage.Durable.class, d -> d.vector().includes(ben.text.version()));
      drained.join();
      assertThat(ada.peer.closed().status()).isEqualTo(CloseStatus.GOING_AWAY);
      assertThat(relay.store.version(new DocumentId(Author.DOCUMENT)))
          .isEqualTo(ben.text.version());
    }
  }

  private static boolean canConnect(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
