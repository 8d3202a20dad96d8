package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.crdt.VersionVector;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Codes;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting and stopping. */
class RelayStopTest {
  private static final DocumentId NOTES = new DocumentId(Author.DOCUMENT);

  @TempDir Path directory;

  @Test
  void shouldWriteTellAndCloseWhenDrained() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1);
        Author ben = Author.join(relay.uri(), 2)) {
      ada.type("typed right before");
      ben.awaitText("typed right before");

      relay.server.drain(Duration.ofSeconds(10));

      for (Author author : new Author[] {ada, ben}) {
        RelayMessage.Drain drain = author.peer.hear(RelayMessage.Drain.class);
        assertThat(drain.deadlineMillis()).isEqualTo(10_000);
        author.peer.hear(RelayMessage.Durable.class, d -> d.vector().equals(ada.text.version()));
        assertThat(author.peer.closed().status()).isEqualTo(1001);
      }
      assertThat(relay.store.version(NOTES)).isEqualTo(ada.text.version());
    }
  }

  @Test
  void shouldAnswerSaveAndRefuseNewChannelsWhenDraining() throws Exception {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      relay.store.shut();
      ada.type("hello");
      ada.saySave("s1");
      relay.store.awaitKnock();
      CompletableFuture<Void> drained =
          CompletableFuture.runAsync(() -> relay.server.drain(Duration.ofSeconds(20)));
      ada.peer.hear(RelayMessage.Drain.class);

      ada.peer.say(new ClientMessage.Open(2, "other", VersionVector.EMPTY));
      RelayMessage.Fault fault = ada.peer.hear(RelayMessage.Fault.class);
      assertThat(fault.refusal().code()).isEqualTo(Codes.DRAINING);
      assertThat(fault.refusal().retryable()).isTrue();
      assertThat(drained).isNotDone();

      relay.store.open();
      assertThat(ada.peer.hear(RelayMessage.SaveAcknowledged.class).id()).isEqualTo("s1");
      assertThat(ada.peer.closed().status()).isEqualTo(1001);
      drained.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void shouldCloseWithinDeadlineWhenStoreDoesNotAnswer() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      relay.store.shut();
      ada.type("hello");
      ada.saySave("s1");
      relay.store.awaitKnock();

      CompletableFuture<Void> drained =
          CompletableFuture.runAsync(() -> relay.server.drain(Duration.ofMillis(400)));

      assertThat(ada.peer.closed().status()).isEqualTo(1001);
      relay.store.open();
      drained.orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void shouldLetOthersInWhenStartedAgainOnSamePort() {
    try (TestRelay relay = TestRelay.start(directory);
        Author ada = Author.join(relay.uri(), 1)) {
      ada.type("hello");
      int port = relay.server.port();
      relay.server.drain(Duration.ofSeconds(10));
      relay.store.close();

      try (ChangeStore store = relay.openStore();
          RelayServer again = RelayServer.builder().port(port).store(store).build()) {
        again.start();
        ada.reconnect(again.uri(), Author.DOCUMENT);
        ada.type(" again").save("s");
        assertThat(again.port()).isEqualTo(port);
      }
      relay.store = new ProbedStore(relay.openStore());
    }
  }

  @Test
  void shouldNameHostAndPortWhenPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        TestRelay relay = TestRelay.start(directory);
        RelayServer second =
            RelayServer.builder().port(taken.getLocalPort()).store(relay.store).build()) {
      assertThatThrownBy(second::start)
          .isInstanceOf(RelayStartException.class)
          .hasMessage(
              "cannot listen on 127.0.0.1:"
                  + taken.getLocalPort()
                  + ": another program has that port; stop it, or choose another port");
    }
  }

  @Test
  void shouldNameHostWhenItIsUnknown() {
    try (TestRelay relay = TestRelay.start(directory);
        RelayServer second =
            RelayServer.builder().host("no-such-host.invalid").store(relay.store).build()) {
      assertThatThrownBy(second::start)
          .isInstanceOf(RelayStartException.class)
          .hasMessageStartingWith("cannot listen on no-such-host.invalid:0: ");
    }
  }

  @Test
  void shouldSayWhatIsMissingWhenUsedWrongly() {
    assertThatIllegalStateException()
        .isThrownBy(() -> RelayServer.builder().build())
        .withMessage("a relay needs a store");
    assertThatThrownBy(() -> RelayServer.builder().port(70_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port must be from 0 to 65535, port=70000");
    try (TestRelay relay = TestRelay.start(directory)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> relay.server.start())
          .withMessage("a relay is started once");
    }
  }
}
