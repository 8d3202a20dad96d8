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
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A page over a link that takes longer for it than a silent relay is waited for, as 60 kB over 2
 * kB/s are: here all of it five times as quick. The two transports are tried at once, each in a
 * document of its own.
 */
class SlowLinkTest {
  private static final List<Transport> TRANSPORTS = List.of(Transport.WEBSOCKET, Transport.POLLING);
  private static final int BYTES_PER_SECOND = 10_000;
  private static final Duration BOUND = Duration.ofSeconds(1);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
  private static final int PAGE = 70_000;

  @TempDir Path directory;
  private TestRelay relay;
  private final Map<Transport, FaultyProxy> proxies = new EnumMap<>(Transport.class);
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void startRelay() {
    relay = new TestRelay(directory.resolve("relay"));
    for (Transport transport : TRANSPORTS) {
      FaultyProxy proxy = new FaultyProxy(relay.port(), 1);
      proxy.throttle(BYTES_PER_SECOND);
      proxies.put(transport, proxy);
    }
  }

  @AfterEach
  void stopAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    proxies.values().forEach(FaultyProxy::close);
    relay.close();
  }

  private SharedText text(String name, URI address, Transport transport, DocumentId document) {
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
            .closeWithin(Duration.ofSeconds(30))
            .build();
    open.add(client);
    return client.open(document);
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

  @Test
  void shouldSendAPage() throws Exception {
    List<SharedText> anns = new ArrayList<>();
    for (Transport transport : TRANSPORTS) {
      SharedText ann =
          text("ann " + transport, proxy(transport).uri(), transport, document(transport));
      Await.status(ann, status -> status.connection() == Connection.LIVE);
      anns.add(ann);
    }
    proxies.values().forEach(proxy -> proxy.inflict(Fault.THROTTLE));

    List<CompletableFuture<SaveReceipt>> saves = new ArrayList<>();
    for (SharedText ann : anns) {
      ann.insert(0, page());
      saves.add(ann.save());
    }

    for (int i = 0; i < TRANSPORTS.size(); i++) {
      Await.done(saves.get(i));
      assertThat(relay.stored(document(TRANSPORTS.get(i)))).isEqualTo(anns.get(i).version());
    }
    assertThat(proxy(Transport.WEBSOCKET).connections()).as("never taken for dead").isEqualTo(1);
  }

  @Test
  void shouldReceiveAPage() throws Exception {
    List<SharedText> anns = new ArrayList<>();
    for (Transport transport : TRANSPORTS) {
      SharedText ann =
          text("ann " + transport, relay.uri(), Transport.WEBSOCKET, document(transport));
      ann.insert(0, page());
      Await.done(ann.save());
      anns.add(ann);
    }
    proxies.values().forEach(proxy -> proxy.inflict(Fault.THROTTLE));

    List<SharedText> bobs = new ArrayList<>();
    for (Transport transport : TRANSPORTS) {
      bobs.add(text("bob " + transport, proxy(transport).uri(), transport, document(transport)));
    }

    for (int i = 0; i < TRANSPORTS.size(); i++) {
      Await.done(bobs.get(i).caughtUp());
      assertThat(bobs.get(i).text()).isEqualTo(anns.get(i).text());
    }
  }

  private FaultyProxy proxy(Transport transport) {
    return Objects.requireNonNull(proxies.get(transport));
  }

  private static DocumentId document(Transport transport) {
    return new DocumentId(transport.name().toLowerCase(Locale.ROOT));
  }
}
