package dev.weft.relay;

import dev.weft.protocol.Frames;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.RelayAddress;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.ChangeStore;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A relay: a server that clients connect to by WebSocket, and that keeps what they write in a
 * store. Thread-safe.
 *
 * <pre>{@code
 * try (ChangeStore store = SqliteChangeStore.open(directory, new SecureRandom());
 *     RelayServer relay = RelayServer.builder().port(7700).store(store).build()) {
 *   relay.start();
 *   System.out.println("listening on " + relay.uri());
 *   ...
 *   relay.drain(Duration.ofSeconds(10));
 * }
 * }</pre>
 *
 * <p>The store is the caller's: the relay does not close it, and it must be closed after the relay.
 */
public final class RelayServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RelayServer.class);

  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
  private static final Duration RECONNECT_AFTER = Duration.ofMillis(100);
  private static final Duration RECONNECT_JITTER = Duration.ofSeconds(1);

  private final String host;
  private final boolean everybody;
  private final boolean exposed;

  /** Whether it lets everybody in, of this machine alone. */
  private final boolean open;

  private final RelayThreads threads;
  private final RelayHub hub;
  private final Dashboard dashboard;
  private final HttpFront front;

  // Guarded by this.
  private boolean started;
  private boolean stopped;
  private Authenticator.Subscription changes = () -> {};

  private RelayServer(Builder builder, ChangeStore store) {
    this.host = builder.host;
    this.everybody = builder.authenticator == Authenticator.open();
    this.open = everybody && Hosts.isLoopback(builder.host);
    this.exposed = everybody && !builder.insecure && Hosts.isReachable(builder.host);
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    this.threads = new RelayThreads(builder.workers, builder.bounds.documents());
    this.hub =
        new RelayHub(
            store,
            builder.fanOut,
            builder.guarantee,
            builder.authenticator,
            builder.versions,
            new RelayEnvironment(
                System::nanoTime,
                new SecureRandom(),
                threads.timer(),
                threads.workers(),
                threads.storeReads(),
                threads.storeWrites(),
                all(meters, builder.meters)),
            builder.times,
            builder.bounds);
    this.dashboard = new Dashboard(hub, meters, DashboardDoor.VERSION, builder.figuresTold);
    this.front = new HttpFront(builder, open, hub, meters, dashboard);
  }

  private static MeterRegistry all(MeterRegistry own, @Nullable MeterRegistry others) {
    return others == null ? own : new CompositeMeterRegistry(Clock.SYSTEM, List.of(own, others));
  }

  /** Returns a builder of a relay on a free port of the loopback interface. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Begins to listen; returns when clients can connect.
   *
   * @throws RelayStartException if it cannot, because another program has the port, say
   * @throws IllegalStateException if it was started before
   */
  public synchronized void start() {
    if (started) {
      throw new IllegalStateException("a relay is started once");
    }
    if (exposed) {
      throw new RelayStartException(
          "refuses to listen on "
              + host
              + " without asking who clients are, since others can reach that address: set an"
              + " authenticator (weft relay: --tokens), or say that it is meant to be so"
              + " (--insecure)",
          null);
    }
    started = true;
    try {
      front.open();
      changes = hub.authenticator().onChange(changes());
    } catch (RuntimeException e) {
      stopQuietly();
      throw e;
    }
    log.info("listening on {}", uri());
    URI figures = front.ofOperations();
    if (figures == null && open) {
      figures = front.ofPages();
    }
    if (figures != null) {
      log.info("dashboard at {}", figures);
    }
    if (front.areFiguresReachable()) {
      log.warn(
          "everybody who can reach {} is told the relay's figures there, without a token: let nobody"
              + " but those who run it and what collects them reach that address",
          figures);
    }
    if (everybody) {
      // On this machine alone it is how one tries a relay out; anywhere else somebody has said so.
      log.atLevel(Hosts.isLoopback(host) ? Level.INFO : Level.WARN)
          .log(
              "everybody who can reach {} may read and write every document: nobody is asked for a"
                  + " token",
              host);
    }
  }

  private Authenticator.Listener changes() {
    return new Authenticator.Listener() {
      @Override
      public void changed(String name) {
        recheck(name);
      }

      @Override
      public void changed() {
        recheck();
      }
    };
  }

  /**
   * Has the authenticator asked again about the token of everybody who is connected, by whatever
   * way: what it would answer now may be another thing. Who is refused is disconnected with the
   * reason, and who may do more or less than before is told so; edits that are on their way are
   * measured by what is answered. Returns at once; a token that cannot be checked within the time
   * for Hello, 10 s by default, is refused for now, and its client may come again. An authenticator
   * that says by itself when its answers change has this done for it.
   */
  public void recheck() {
    hub.admissions().recheck(null);
  }

  /** As {@link #recheck()}, for those only who are connected under a name. */
  public void recheck(String name) {
    hub.admissions().recheck(Objects.requireNonNull(name, "name"));
  }

  /**
   * Returns where clients connect: {@code ws://HOST:PORT/v1/sync}, or {@code wss:} with TLS.
   *
   * @throws IllegalStateException if the relay has not been started
   */
  public URI uri() {
    return front.ofSockets().resolve(Frames.PATH);
  }

  /**
   * Returns the port that the relay listens on, or listened on before it was drained.
   *
   * @throws IllegalStateException if the relay has not been started
   */
  public int port() {
    return front.port();
  }

  /**
   * Returns the port of the address that is set by {@link Builder#operations}.
   *
   * @throws IllegalStateException if none is set, or the relay has not been started
   */
  public int operationsPort() {
    return front.operationsPort();
  }

  /**
   * Returns how many connections speak which version of the protocol, by its name, newest first; a
   * version that nobody speaks any more can be retired.
   */
  public Map<String, ConnectionCount> connectionsByVersion() {
    return hub.versions().counts();
  }

  /**
   * Says to who asks at {@code /health/ready} that the relay is not ready any more, so that whoever
   * spreads clients over relays sends no more of them here; everything else goes on as before. To
   * be called before {@link #drain} by as much time as they need to notice, if somebody does so.
   */
  public void leave() {
    log.info("not ready for more clients: about to stop");
    hub.leave();
  }

  /**
   * Stops in good order: takes no new clients, tells those that are there to come back later,
   * writes everything to the store, tells them that it is durable, and closes their connections.
   * Returns when that is done or {@code within} is over, whichever is first; what could not be
   * written then is still with the clients that wrote it. Does nothing if the relay is not running.
   */
  public void drain(Duration within) {
    drain(within, List.of());
  }

  /**
   * As {@link #drain(Duration)}, and sends the clients to other relays of the same documents: to
   * the first that answers, or back here if none does.
   *
   * @param elsewhere their addresses, {@code ws://host:port} or {@code wss://host:port}, best
   *     first; clients go to none without encryption from one with it
   * @throws IllegalArgumentException if there are more than 64, or one is no such address
   */
  public synchronized void drain(Duration within, List<URI> elsewhere) {
    List<String> relays = elsewhere.stream().map(RelayAddress::require).map(URI::toString).toList();
    if (!started || stopped) {
      return;
    }
    stopped = true;
    log.info("draining within {}", Sentences.of(within));
    hub.stopTaking();
    dashboard.tell();
    front.takeNoMore();
    RelayMessage.Drain announcement =
        new RelayMessage.Drain(
            "The relay is about to stop.",
            millis(within),
            millis(RECONNECT_AFTER),
            millis(RECONNECT_JITTER),
            relays);
    try {
      hub.drain(within, announcement).get(within.toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.error("the relay could not be drained", e);
    }
    dashboard.end();
    stopQuietly();
    log.info("stopped");
  }

  RelayHub hub() {
    return hub;
  }

  Dashboard dashboard() {
    return dashboard;
  }

  AddressTable addresses() {
    return front.addresses();
  }

  /** Returns how many connections of TCP clients have, whatever is spoken on them. */
  int sockets() {
    return front.sockets();
  }

  /** Returns how many tasks wait for their time. */
  int scheduled() {
    return threads.scheduled();
  }

  /** Drains the relay within five seconds. Closing again does nothing. */
  @Override
  public void close() {
    drain(CLOSE_WITHIN);
  }

  /** Stops as if the process had died: nothing is written or said any more. */
  synchronized void abort() {
    if (started && !stopped) {
      stopped = true;
      hub.abort();
      stopQuietly();
    }
  }

  private void stopQuietly() {
    changes.close();
    try {
      front.stop();
      threads.stop(CLOSE_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.warn("the server did not stop in good order", e);
    }
  }

  private static int millis(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
  }

  /** Sets up a {@link RelayServer}. Not thread-safe. */
  public static final class Builder {
    String host = "127.0.0.1";
    int port;
    private @Nullable ChangeStore store;
    private FanOut fanOut = FanOut.none();
    private Supplier<Guarantee> guarantee = () -> Guarantee.FSYNCED;
    private Authenticator authenticator = Authenticator.open();
    Origins origins = Origins.OWN;
    private int workers = Math.max(2, Runtime.getRuntime().availableProcessors());
    private List<ProtocolVersion> versions = ProtocolVersions.ALL;
    RelayTimes times = RelayTimes.DEFAULT;
    RelayBounds bounds = RelayBounds.DEFAULT;
    TrustedProxies proxies = TrustedProxies.NONE;
    int sendBufferBytes;
    private boolean insecure;
    private @Nullable MeterRegistry meters;
    String operationsHost = "127.0.0.1";
    int operationsPort = -1;
    @Nullable Certificates certificates;
    Duration certificatesLooked = FileWatch.INTERVAL;
    private Duration figuresTold = Dashboard.INTERVAL;

    private Builder() {}

    /**
     * Sets the host name or address to listen on, one of IPv6 with brackets or without; the
     * loopback address unless set.
     */
    public Builder host(String name) {
      host = Hosts.bare(Objects.requireNonNull(name, "host"));
      return this;
    }

    /**
     * Sets the port to listen on; 0, unless set, for any free one.
     *
     * @throws IllegalArgumentException if it is not from 0 to 65535
     */
    public Builder port(int number) {
      requirePort(number);
      port = number;
      return this;
    }

    /** Sets where documents are kept. Required. */
    public Builder store(ChangeStore changes) {
      store = Objects.requireNonNull(changes, "store");
      return this;
    }

    /**
     * Sets what leads to the other relays that share the store; none unless set. It is the
     * caller's, as the store is.
     */
    public Builder fanOut(FanOut otherRelays) {
      fanOut = Objects.requireNonNull(otherRelays, "fanOut");
      return this;
    }

    /**
     * Sets what tells how safe it is what the store has flushed; one disk unless set. Asked after a
     * flush, it must be true of all that was flushed before. It must not block.
     */
    public Builder guarantee(Supplier<Guarantee> ofStore) {
      guarantee = Objects.requireNonNull(ofStore, "guarantee");
      return this;
    }

    /** Sets who says what clients may do; unless set, everybody may write everything. */
    public Builder authenticator(Authenticator ofClients) {
      authenticator = Objects.requireNonNull(ofClients, "authenticator");
      return this;
    }

    /**
     * Sets from where web pages may use the relay, beside pages of its own; none unless set.
     * Programs that are no browsers are let in whatever this says.
     *
     * @param others {@code https://host[:port]} or {@code http://host[:port]} each, or {@code *}
     *     for all
     * @throws IllegalArgumentException if one is no such origin
     */
    public Builder origins(Collection<String> others) {
      origins = Origins.of(others);
      return this;
    }

    /**
     * Sets where what the relay counts and times goes, beside its own {@code /metrics}; nowhere
     * else unless set. The registry is the caller's.
     */
    public Builder meters(MeterRegistry registry) {
      meters = Objects.requireNonNull(registry, "meters");
      return this;
    }

    /**
     * Sets an address of its own for those who run the relay, at which it tells its figures ({@code
     * /metrics}, and {@code /} to look at) to everybody who comes there: it is not for the world.
     * Unless set, a relay that is open, on the loopback interface, tells them at its only address,
     * and any other tells them to nobody. {@code /health/live} and {@code /health/ready} are
     * answered at both.
     *
     * @param port 0 for any free one
     * @throws IllegalArgumentException if the port is not from 0 to 65535
     */
    public Builder operations(String name, int port) {
      requirePort(port);
      operationsHost = Hosts.bare(Objects.requireNonNull(name, "host"));
      operationsPort = port;
      return this;
    }

    private static void requirePort(int number) {
      if (number < 0 || number > 65_535) {
        throw new IllegalArgumentException("port must be from 0 to 65535, port=" + number);
      }
    }

    /**
     * Sets whether the relay may listen on an address that others can reach, though it lets
     * everybody write everything; false unless set.
     */
    public Builder insecure(boolean isMeant) {
      insecure = isMeant;
      return this;
    }

    /**
     * Sets how many connections are taken at most; 10,000 unless set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder connections(int most) {
      bounds = bounds.withConnections(requirePositive("connections", most));
      return this;
    }

    /**
     * Sets how many connections one address may have at most. Unless set it is 1,000, but where
     * only this machine can connect, as many as there may be in all. An address is one of IPv4, or
     * a network of IPv6 (/64). A tenth of that may come anew each second, and as many as there may
     * be at once after a while. Who is too many is answered with status 429 and a time to come
     * again.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder connectionsPerAddress(int most) {
      bounds = bounds.withConnectionsOfAddress(requirePositive("connectionsPerAddress", most));
      return this;
    }

    /**
     * Sets the proxies that clients come through: they are not limited themselves, and believed
     * when they say for which address they ask ({@code X-Forwarded-For}), and that they were asked
     * by TLS ({@code X-Forwarded-Proto}). None unless set: then what such headers say is ignored.
     *
     * @param addresses an IPv4 or IPv6 address each, or {@code ADDRESS/BITS} for all that begin
     *     alike
     * @throws IllegalArgumentException if one is neither
     */
    public Builder proxies(Collection<String> addresses) {
      proxies = TrustedProxies.of(addresses);
      return this;
    }

    /**
     * Sets how many documents are in memory at most; 10,000 unless set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder documents(int most) {
      bounds = bounds.withDocuments(requirePositive("documents", most));
      return this;
    }

    private static int requirePositive(String name, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(name + " must be positive, " + name + "=" + value);
      }
      return value;
    }

    /**
     * Sets how many threads work on documents; as many as there are processors unless set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder workers(int count) {
      workers = requirePositive("workers", count);
      return this;
    }

    /**
     * Has clients connect by TLS, 1.2 or 1.3, and by that alone; without unless set. The files are
     * looked at every second, and connections that come after a change are shown the new
     * certificate. While the files do not fit together, as when the one is written and the other is
     * not yet, the old one is shown, and the log says why. {@link #build} throws {@link
     * UnusableFileException} if they do not fit together then.
     */
    public Builder tls(Certificates shown) {
      certificates = Objects.requireNonNull(shown, "certificates");
      return this;
    }

    /** Sets how often the files of certificates are looked at. */
    Builder certificatesLooked(Duration interval) {
      certificatesLooked = interval;
      return this;
    }

    /** Sets how often the dashboard is told figures. */
    Builder figuresTold(Duration interval) {
      figuresTold = interval;
      return this;
    }

    Builder versions(List<ProtocolVersion> newestFirst) {
      versions = newestFirst;
      return this;
    }

    Builder times(RelayTimes waits) {
      times = waits;
      return this;
    }

    Builder bounds(RelayBounds limits) {
      bounds = limits;
      return this;
    }

    /** Sets how much the system takes in of what a client does not read; 0 for its own choice. */
    Builder sendBufferBytes(int bytes) {
      sendBufferBytes = bytes;
      return this;
    }

    /**
     * Returns the relay, not started.
     *
     * @throws IllegalStateException if no store was set
     * @throws UnusableFileException if the files of its certificate cannot be used
     */
    public RelayServer build() {
      if (store == null) {
        throw new IllegalStateException("a relay needs a store");
      }
      return new RelayServer(this, store);
    }
  }
}
