package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.FaultyProxy.Fault;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A page over a link that takes longer for it than a silent relay is waited for, as 60 kB over 2
 * kB/s are: here all of it twenty times as quick.
 */
class SlowLinkTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final int BYTES_PER_SECOND = 40_000;
  private static final Duration BOUND = Duration.ofMillis(400);
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(500);
  private static final int PAGE = 100_000;

  @TempDir Path directory;
  private TestRelay relay;
  private FaultyProxy proxy;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void startRelay() {
    relay = new TestRelay(directory.resolve("relay"));
    proxy = new FaultyProxy(relay.port(), 1);
    proxy.throttle(BYTES_PER_SECOND);
  }

  @AfterEach
  void stopAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    proxy.close();
    relay.close();
  }

  private SharedText text(String name, URI address, Transport transport) {
    SqliteChangeStore store = SqliteChangeStore.open(directory.resolve(name), new SecureRandom());
    open.add(store);
    WeftClient client =
        WeftClient.builder()
            .relay(address)
            .store(store)
            .transport(transport)
            .staleAfter(BOUND)
            .answerWithin(ANSWER_WITHIN)
            .backoff(Duration.ofMillis(20), Duration.ofMillis(200))
            .build();
    open.add(client);
    return client.open(NOTES);
  }

  /** Returns what packs badly. */
  private static String page() {
    RandomGenerator random = new SplittableRandom(1);
    StringBuilder page = new StringBuilder();
    while (page.length() < PAGE) {
      page.append((char) ('!' + random.nextInt(90)));
    }
    return page.toString();
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"WEBSOCKET", "POLLING"})
  void shouldSendAPage(Transport transport) throws Exception {
    SharedText ann = text("ann", proxy.uri(), transport);
    Await.status(ann, status -> status.connection() == Connection.LIVE);
    proxy.inflict(Fault.THROTTLE);

    ann.insert(0, page());

    Await.done(ann.save());
    assertThat(relay.stored(NOTES)).isEqualTo(ann.version());
  }

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"WEBSOCKET", "POLLING"})
  void shouldReceiveAPage(Transport transport) throws Exception {
    SharedText ann = text("ann", relay.uri(), Transport.WEBSOCKET);
    ann.insert(0, page());
    Await.done(ann.save());
    proxy.inflict(Fault.THROTTLE);

    SharedText bob = text("bob", proxy.uri(), transport);

    Await.done(bob.caughtUp());
    assertThat(bob.text()).isEqualTo(ann.text());
  }
}
