package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.protocol.Codes;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two devices with one identity, as a machine and its restored backup: that each has written as
 * much as the other does not make the one's text the other's.
 */
class ForkedIdentityTest {
  private static final DocumentId NOTES = new DocumentId("notes");

  @TempDir Path directory;
  private TestRelay relay;

  @BeforeEach
  void startRelay() {
    relay = new TestRelay(directory.resolve("relay"));
  }

  @AfterEach
  void stopRelay() {
    relay.close();
  }

  /** Opens a device's store, of which every one draws the same ids. */
  private Device device(String name) {
    return new Device(directory.resolve(name));
  }

  @Test
  void shouldNeverSayThatTheOthersTextIsSaved() throws Exception {
    try (Device one = device("one");
        Device other = device("other")) {
      assertThat(other.text.replica()).isEqualTo(one.text.replica());
      other.client.disconnect();
      Await.status(other.text, status -> status.connection() == Connection.OFFLINE);
      one.text.insert(0, "abc");
      other.text.insert(0, "xyz");
      assertThat(Await.done(one.text.save()).guarantee()).isEqualTo(Guarantee.FSYNCED);
      assertThat(other.text.version()).isEqualTo(one.text.version());
      CompletableFuture<SaveReceipt> saved = other.text.save();

      other.client.reconnect();

      assertThat(Await.failure(saved))
          .isInstanceOfSatisfying(
              SaveRefusedException.class,
              refusal -> assertThat(refusal.code()).isEqualTo(Codes.FORKED_IDENTITY));
      assertThat(other.text.status().saves()).isEqualTo(Saves.REFUSED);
      assertThat(other.text.text()).isEqualTo("xyz");
      assertThat(one.text.text()).isEqualTo("abc");
    }
  }

  @Test
  void shouldNotTakeOneWhoHasMoreThanTheRelayForAFork() throws Exception {
    try (Device one = device("one")) {
      one.text.insert(0, "abc");
      Await.done(one.text.save());
      one.client.disconnect();
      Await.status(one.text, status -> status.connection() == Connection.OFFLINE);
      one.text.insert(3, "def");

      one.client.reconnect();

      Await.done(one.text.save());
      assertThat(one.text.status().saves()).isEqualTo(Saves.SAVED);
    }
  }

  private final class Device implements AutoCloseable {
    final SqliteChangeStore store;
    final WeftClient client;
    final SharedText text;

    Device(Path path) {
      store = SqliteChangeStore.open(path, new Random(1));
      client =
          WeftClient.builder()
              .relay(relay.uri())
              .store(store)
              .closeWithin(Duration.ofSeconds(30))
              .backoff(Duration.ofMillis(20), Duration.ofMillis(200))
              .build();
      text = client.open(NOTES);
      Await.status(text, status -> status.connection() == Connection.LIVE);
    }

    @Override
    public void close() {
      client.close();
      store.close();
    }
  }
}
