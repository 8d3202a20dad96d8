package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.FaultyProxy.Fault;
import dev.weft.client.SyncStatus.Connection;
import dev.weft.client.SyncStatus.Freshness;
import dev.weft.client.SyncStatus.Saves;
import dev.weft.crdt.VersionVector;
import dev.weft.store.DocumentId;
import dev.weft.store.SqliteChangeStore;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real clients, relay, sockets and stores, and a network that delays, throttles, cuts, doubles,
 * refuses and swallows, by seeded schedules: what people are told is true at every look, and in the
 * end everything is everywhere, once.
 *
 * <p>The seed chooses what happens; how the threads meet is the machine's choice, so a seed is
 * replayed as often as it takes. {@code -Dweft.schedules} sets how many there are.
 */
class FaultyNetworkTest {
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final Duration BOUND = Duration.ofMillis(800);

  private static final int STEPS = 30;

  @TempDir Path directory;

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void shouldTellTheTruthAndLoseNothingWhateverTheNetworkDoes() {
    Seeds.play(
        FaultyNetworkTest.class,
        Integer.getInteger("weft.schedules", 16),
        seed -> {
          try (Schedule schedule = new Schedule(directory.resolve("seed" + seed), seed)) {
            schedule.play();
          }
        });
  }

  /** One schedule. */
  private static final class Schedule implements AutoCloseable {
    private final Path directory;
    private final RandomGenerator random;
    private final TestRelay relay;
    private final List<FaultyProxy> proxies = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private final Set<SaveReceipt> receipts = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    Schedule(Path directory, long seed) {
      this.directory = directory;
      this.random = new SplittableRandom(seed);
      if (!directory.toFile().mkdirs()) {
        throw new AssertionError("not created: " + directory);
      }
      relay = new TestRelay(directory.resolve("relay"));
      for (int i = 0; i < 2; i++) {
        proxies.add(new FaultyProxy(relay.port(), seed * 1_000 + i));
      }
      for (int i = 0; i < 3; i++) {
        Transport transport = random.nextInt(5) == 0 ? Transport.POLLING : Transport.WEBSOCKET;
        devices.add(new Device("device" + i, proxies.get(i % 2), transport));
      }
    }

    void play() {
      for (int i = 0; i < STEPS; i++) {
        step();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(60)));
        devices.forEach(this::checkStatus);
      }
      heal();
      check();
    }

    private void step() {
      Device device = devices.get(random.nextInt(devices.size()));
      FaultyProxy proxy = proxies.get(random.nextInt(proxies.size()));
      switch (random.nextInt(20)) {
        case 0 -> proxy.inflict(Fault.DELAY);
        case 1 -> proxy.inflict(Fault.THROTTLE);
        case 2 -> darken(proxy);
        case 3 -> proxy.inflict(Fault.REFUSE);
        case 4, 5 -> proxy.inflict(Fault.NONE);
        case 6 -> proxy.cut();
        case 7 -> {
          proxy.doubling(random.nextBoolean());
          proxy.cut();
        }
        case 8 -> device.client.networkChanged();
        case 9 -> device.reopen();
        case 10 -> {
          if (random.nextInt(3) == 0) {
            relay.stop();
            relay.startAgain();
          }
        }
        case 11 -> {
          if (random.nextBoolean()) {
            sitInTheDark(proxy);
          }
        }
        case 12, 13, 14 -> device.save();
        default -> device.type();
      }
    }

    private void darken(FaultyProxy proxy) {
      if (proxy.fault() != Fault.BLACKHOLE) {
        proxy.inflict(Fault.BLACKHOLE);
        devices.stream()
            .filter(device -> device.proxy.equals(proxy))
            .forEach(Device::remembersWhetherConnected);
      }
    }

    /**
     * Long enough that everybody behind the proxy must have noticed; not three bounds, or the
     * connection is given up before anybody looks whether it was shown as stale.
     */
    private void sitInTheDark(FaultyProxy proxy) {
      darken(proxy);
      LockSupport.parkNanos(BOUND.plus(BOUND.dividedBy(8)).toNanos());
      devices.forEach(this::checkStatus);
      proxy.inflict(Fault.NONE);
    }

    private void checkStatus(Device device) {
      FaultyProxy proxy = device.proxy;
      boolean dark =
          proxy.fault() == Fault.BLACKHOLE
              && device.connectedInTheDark
              && System.nanoTime() - device.rememberedNanos > BOUND.toNanos();
      VersionVector before = device.text.version();
      SyncStatus status = device.text.status();
      VersionVector after = device.text.version();
      if (dark && isConnected(status)) {
        assertThat(status.freshness()).as("%s in the dark", status).isEqualTo(Freshness.STALE);
      }
      if (status.saves() == Saves.SAVED && before.equals(after)) {
        assertThat(relay.stored(NOTES).includes(before)).as("shows %s", status).isTrue();
      }
    }

    private static boolean isConnected(SyncStatus status) {
      return status.connection() == Connection.LIVE
          || status.connection() == Connection.CATCHING_UP
          || status.connection() == Connection.DRAINING;
    }

    private void heal() {
      for (FaultyProxy proxy : proxies) {
        proxy.doubling(false);
        proxy.inflict(Fault.NONE);
      }
      for (Device device : devices) {
        device.client.networkChanged();
      }
      for (Device device : devices) {
        try {
          device.keep(Await.done(device.text.save()));
        } catch (Exception e) {
          throw new AssertionError(device.text + " was not saved when all was well again", e);
        }
      }
      Await.inStep(devices.stream().map(device -> device.text).toArray(SharedText[]::new));
    }

    private void check() {
      assertThat(failures).isEmpty();
      String text = devices.get(0).text.text();
      for (Device device : devices) {
        assertThat(device.text.text()).isEqualTo(text);
        assertThat(device.text.deadLetters()).isEmpty();
      }
      for (String token : tokens) {
        int at = text.indexOf(token);
        assertThat(at).as("%s is in the text", token).isNotNegative();
        assertThat(text.indexOf(token, at + 1)).as("%s is there once", token).isNegative();
      }
      assertThat(text).hasSize(tokens.stream().mapToInt(String::length).sum());
      VersionVector stored = relay.stored(NOTES);
      assertThat(receipts).isNotEmpty().allMatch(receipt -> stored.includes(receipt.version()));
    }

    @Override
    public void close() {
      devices.forEach(Device::close);
      proxies.forEach(FaultyProxy::close);
      relay.close();
    }

    /** Somebody who types and saves. */
    private final class Device {
      final String name;
      final FaultyProxy proxy;
      final Transport transport;
      SqliteChangeStore store;
      WeftClient client;
      SharedText text;

      /**
       * Whether it was connected when its proxy had just let nothing pass any more: no sign of life
       * has come then that was asked for later. Of one that was not, Welcome may still be on its
       * way.
       */
      boolean connectedInTheDark;

      long rememberedNanos;

      Device(String name, FaultyProxy proxy, Transport transport) {
        this.name = name;
        this.proxy = proxy;
        this.transport = transport;
        open();
      }

      private void open() {
        URI address = proxy.uri();
        store = SqliteChangeStore.open(directory.resolve(name), new SecureRandom());
        client =
            WeftClient.builder()
                .relay(address)
                .store(store)
                .closeWithin(Duration.ofSeconds(30))
                .transport(transport)
                .staleAfter(BOUND)
                .backoff(Duration.ofMillis(20), Duration.ofMillis(200))
                .build();
        text = client.open(NOTES);
      }

      void reopen() {
        close();
        open();
      }

      void remembersWhetherConnected() {
        connectedInTheDark = isConnected(text.status());
        rememberedNanos = System.nanoTime();
      }

      void type() {
        String token = "<" + name + " " + tokens.size() + ">";
        tokens.add(token);
        text.transact(
            document -> {
              // Behind some token, so that none is torn.
              int at = document.text().lastIndexOf('>', random.nextInt(document.length() + 1)) + 1;
              document.insert(at, token);
            });
      }

      void save() {
        CompletableFuture<SaveReceipt> unused =
            text.save()
                .whenComplete(
                    (receipt, failure) -> {
                      if (receipt != null) {
                        keep(receipt);
                      } else if (!(failure instanceof IllegalStateException)) {
                        // Closed before the answer is all that may come between.
                        failures.add(failure);
                      }
                    });
      }

      void keep(SaveReceipt receipt) {
        receipts.add(receipt);
      }

      void close() {
        client.close();
        store.close();
      }
    }
  }
}
