package dev.weft.relay;

import dev.weft.client.VirtualTime;
import dev.weft.protocol.Guarantee;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.ChangeStore;
import dev.weft.store.DocumentId;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A process that runs the production relay, but for its sockets, on virtual threads in virtual
 * time. Confined to the simulation's thread.
 */
public final class RelayProcess {
  private static final long WORK_NANOS = Duration.ofNanos(200_000).toNanos();
  private static final Duration RECONNECT_AFTER = Duration.ofMillis(100);
  private static final Duration RECONNECT_JITTER = Duration.ofMillis(500);

  private final List<VirtualTime.Line> threads;
  private final RelayHub hub;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final boolean next;
  private final Deque<Runnable> held = new ArrayDeque<>();
  private boolean frozen;
  private boolean dead;

  /**
   * Starts a process.
   *
   * @param diskNanos how late the store is at most
   * @param fanOut leads to the other relays that share the store
   * @param next whether it speaks the next version too
   * @param tight whether it has room for so little that every queue overflows
   */
  public RelayProcess(
      VirtualTime time,
      RandomGenerator random,
      ChangeStore store,
      long diskNanos,
      FanOut fanOut,
      Authenticator authenticator,
      boolean next,
      boolean tight) {
    this.next = next;
    VirtualTime.Line workers = time.pool(WORK_NANOS);
    VirtualTime.Line reads = time.pool(diskNanos);
    VirtualTime.Line writes = time.line(diskNanos);
    VirtualTime.Line timers = time.pool(0);
    this.threads = List.of(workers, reads, writes, timers);
    this.hub =
        new RelayHub(
            store,
            fanOut,
            () -> Guarantee.FSYNCED,
            authenticator,
            next ? List.of(NextVersion.INSTANCE, ProtocolVersion.V1) : ProtocolVersions.ALL,
            new RelayEnvironment(
                time::nanos,
                random,
                (delay, task) -> timers.schedule(delay, task)::cancel,
                workers,
                reads,
                writes,
                meters),
            RelayTimes.DEFAULT,
            tight ? tightBounds() : RelayBounds.DEFAULT);
  }

  private static RelayBounds tightBounds() {
    RelayBounds usual = RelayBounds.DEFAULT;
    return new RelayBounds(
        usual.connections(),
        usual.connectionsOfAddress(),
        usual.connection(),
        usual.documents(),
        usual.document(),
        2_000,
        8_000,
        usual.unfinishedBytes(),
        3_000,
        500,
        usual.unwrittenBytes(),
        16,
        4_000,
        usual.participants(),
        20_000,
        100_000,
        usual.readerBytes(),
        1_500,
        new Allowances(4, 4_000, 15, 12_000),
        new LoadBounds(
            // A task waits up to WORK_NANOS here, and half of that on average: now and then some
            // wait longer, and not for long, since all is to be well in the end.
            Duration.ofNanos(120_000),
            Duration.ofNanos(130_000),
            Duration.ofNanos(150_000),
            50_000,
            1 << 20));
  }

  /** The network's end of a connection: what the relay says to it. */
  public interface Line {
    /** Sends one frame; {@link Connection#sent} follows when it is taken. */
    void send(byte[] frame);

    /** Lets one more frame come in. */
    void demand();

    /** Closes once what was sent has left; {@link Connection#closed} follows. */
    void close(String reason);

    /** Cuts; {@link Connection#closed} follows. */
    void abort();
  }

  /** The relay's end of a connection: what the network says to it. */
  public final class Connection {
    private final Session session;

    private Connection(Session session) {
      this.session = session;
    }

    /** Is to be called once, when the line is ready. */
    public void start() {
      alive(session::start);
    }

    /** A frame has come in, one for each {@link Line#demand}. */
    public void received(byte[] frame) {
      alive(() -> session.received(frame));
    }

    /** A piece of a frame has come in. */
    public void receiving() {
      alive(session::receiving);
    }

    /** What was sent is taken. */
    public void sent() {
      alive(session::sent);
    }

    /** A piece of it is. */
    public void progressed() {
      alive(session::progressed);
    }

    /** The client has said all, as at the end of a request. */
    void ended() {
      alive(session::ended);
    }

    /** Nothing of the connection is left. */
    public void closed() {
      alive(session::closed);
    }
  }

  private void alive(Runnable call) {
    if (frozen || !held.isEmpty()) {
      held.add(call);
    } else if (!dead) {
      call.run();
    }
  }

  /** Returns whether it speaks the next version too. */
  public boolean speaksNext() {
    return next;
  }

  /** Connects, in the next version of the protocol or in the first. */
  public Connection connect(Line line, boolean byNext) {
    return connect(line, Entrance.ofWebSocket(byNext ? NextVersion.INSTANCE : ProtocolVersion.V1));
  }

  private Connection connect(Line line, Entrance entrance) {
    return new Connection(hub.connect(new LineOutlet(line), entrance));
  }

  /**
   * Answers a request that polls.
   *
   * @param answered is told what to answer; not at all if the process dies before
   */
  public void post(String document, List<byte[]> frames, Consumer<List<byte[]>> answered) {
    Exchange exchange = new Exchange(frames, answered);
    exchange.begin(
        connect(exchange, Entrance.ofPoll(ProtocolVersion.V1, "", new DocumentId(document))));
  }

  /** One request that polls, as {@code Poll} conducts it. */
  private final class Exchange implements Line {
    private final List<byte[]> request;
    private final Consumer<List<byte[]>> answered;
    private final List<byte[]> answer = new ArrayList<>();
    private int asked;
    private boolean over;
    private int answerBytes;
    private @Nullable Connection connection;

    Exchange(List<byte[]> request, Consumer<List<byte[]>> answered) {
      this.request = request;
      this.answered = answered;
    }

    void begin(Connection made) {
      connection = made;
      made.start();
    }

    private Connection connection() {
      return Objects.requireNonNull(connection);
    }

    @Override
    public void send(byte[] frame) {
      if (over) {
        return;
      }
      answer.add(frame);
      answerBytes += frame.length;
      if (answerBytes >= hub.bounds().pollResponseBytes()) {
        finish();
      } else {
        connection().sent();
      }
    }

    @Override
    public void demand() {
      hub.workers()
          .execute(
              () -> {
                if (over) {
                  return;
                }
                if (asked < request.size()) {
                  connection().received(request.get(asked++));
                } else if (asked == request.size()) {
                  asked++;
                  connection().ended();
                  hub.after(hub.times().poll(), this::finish);
                }
              });
    }

    @Override
    public void close(String reason) {
      finish();
    }

    @Override
    public void abort() {
      finish();
    }

    private void finish() {
      if (!over) {
        over = true;
        answered.accept(answer);
        connection().closed();
      }
    }
  }

  /** Returns whether a document is in memory. */
  public boolean hasOpen(DocumentId document) {
    return hub.openDocument(document) != null;
  }

  /** Returns how many connections there are. */
  public int connections() {
    return hub.connections();
  }

  /** What a relay counts of having too much to do, over the life of its process. */
  public enum Figure {
    THROTTLES("weft.throttles", null),
    CONFLATIONS("weft.conflations", null),
    SHED("weft.shed", null),
    SAVES_REFUSED("weft.saves", "refused"),
    FAILED_WRITES("weft.store.write", "failed");

    private final String meter;
    private final @Nullable String outcome;

    Figure(String meter, @Nullable String outcome) {
      this.meter = meter;
      this.outcome = outcome;
    }
  }

  /** Returns how often it was so. */
  public long count(Figure figure) {
    String outcome = figure.outcome;
    RequiredSearch search = meters.get(figure.meter);
    return (outcome == null ? search : search.tag("outcome", outcome))
        .meters().stream().mapToLong(RelayProcess::countOf).sum();
  }

  private static long countOf(Meter meter) {
    return meter.match(
        gauge -> 0L,
        counter -> (long) counter.count(),
        io.micrometer.core.instrument.Timer::count,
        summary -> 0L,
        task -> 0L,
        gauge -> 0L,
        counter -> 0L,
        timer -> 0L,
        other -> 0L);
  }

  /** Stops in good order, within 5 s; the process ends with {@link #kill} once that is done. */
  public CompletableFuture<Void> drain() {
    Duration within = Duration.ofSeconds(5);
    return hub.drain(
        within,
        new RelayMessage.Drain(
            "The relay is about to stop.",
            (int) within.toMillis(),
            (int) RECONNECT_AFTER.toMillis(),
            (int) RECONNECT_JITTER.toMillis(),
            List.of()));
  }

  /** Stops the process where it stands, or lets it go on. */
  public void freeze(boolean on) {
    frozen = on;
    threads.forEach(thread -> thread.hold(on));
    while (!frozen && !dead && !held.isEmpty()) {
      // What sockets held meanwhile, in order.
      held.peek().run();
      held.remove();
    }
  }

  /** Ends the process where it stands. */
  public void kill() {
    dead = true;
    threads.forEach(VirtualTime.Line::die);
  }

  private record LineOutlet(Line line) implements Outlet {
    @Override
    public void send(byte[] frame) {
      line.send(frame);
    }

    @Override
    public void demand() {
      line.demand();
    }

    @Override
    public void allowFrames(int maxBytes) {}

    @Override
    public void close(int status, String reason) {
      line.close(reason);
    }

    @Override
    public void abort() {
      line.abort();
    }

    @Override
    public String peer() {
      return "simulated";
    }
  }
}
