package dev.weft.bench.load;

import dev.weft.bench.load.dialect.Dialect;
import dev.weft.bench.load.net.EventLoop;
import dev.weft.bench.load.server.ServerFigures;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of clients against a server: they connect, write a page each, type for a while that does
 * not count, and then for one that does. Confined to one thread, beside that of the flood.
 */
final class LoadRun {
  /** All at once is more than a listening socket takes. */
  private static final int CONNECTING_AT_ONCE = 64;

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(20);
  private static final Duration PAGES_WITHIN = Duration.ofSeconds(20);
  private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(10);
  private static final long BEGIN_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Dialect dialect;
  private final URI server;
  private final ServerFigures figures;
  private final LoadSettings settings;
  private final String name;
  private final Random random;
  private final Tally tally = new Tally();
  private final Tally floodTally = new Tally();
  private final List<Room> rooms = new ArrayList<>();
  private final List<Member> disturbers = new ArrayList<>();

  private boolean connected;
  private @Nullable Use before;
  private @Nullable Use after;
  private OptionalLong residentBytes = OptionalLong.empty();

  /**
   * Prepares.
   *
   * @param name begins the names of the documents, which should be new
   */
  LoadRun(Dialect dialect, URI server, ServerFigures figures, LoadSettings settings, String name) {
    this.dialect = dialect;
    this.server = server;
    this.figures = figures;
    this.settings = settings;
    this.name = name;
    this.random = new Random(settings.seed());
  }

  /** How much of the processors' time was used up to a moment. */
  private record Use(long atNanos, Optional<Duration> server, Optional<Duration> own) {
    static Use now(ServerFigures figures) {
      return new Use(
          System.nanoTime(),
          figures.processorTime(),
          ProcessHandle.current().info().totalCpuDuration());
    }
  }

  /**
   * Runs.
   *
   * @throws LoadFailure if the server cannot be reached, or a normal client is lost
   */
  LoadOutcome run() throws IOException {
    return run(false);
  }

  /** Runs, and weighs the server before and after too, which may take it a moment each time. */
  LoadOutcome runAndWeigh() throws IOException {
    return run(true);
  }

  private LoadOutcome run(boolean weighed) throws IOException {
    InetSocketAddress address = Addresses.of(server);
    OptionalLong liveBefore = weighed ? figures.liveBytes() : OptionalLong.empty();
    try (EventLoop loop = new EventLoop()) {
      Place place = new Place(loop, dialect, server, address);
      Population population = settings.population();
      for (int number = 0; number < population.documents(); number++) {
        boolean apart = population.firstApart() && number == 0;
        rooms.add(
            new Room(
                place,
                tally,
                random,
                settings,
                name + "-" + number,
                apart ? ClientClass.BESIDE : ClientClass.NORMAL));
      }
      try {
        connect(loop);
        writePages(loop);
        disturb();
        FloodThread flood = flood(place);
        try {
          type(loop);
        } finally {
          if (flood != null) {
            flood.close();
          }
        }
        OptionalLong liveAfter = weighed ? figures.liveBytes() : OptionalLong.empty();
        return outcome(
            liveBefore.isEmpty() || liveAfter.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(liveAfter.getAsLong() - liveBefore.getAsLong()));
      } finally {
        rooms.forEach(room -> room.members().forEach(Member::leave));
      }
    }
  }

  private void connect(EventLoop loop) throws IOException {
    List<Member> all = rooms.stream().flatMap(room -> room.members().stream()).toList();
    for (int from = 0; from < all.size(); from += CONNECTING_AT_ONCE) {
      List<Member> some = all.subList(from, Math.min(all.size(), from + CONNECTING_AT_ONCE));
      for (Member member : some) {
        member.connect();
      }
      if (!await(loop, CONNECT_WITHIN, () -> some.stream().allMatch(Member::isConnected))) {
        throw new LoadFailure(
            server + " did not open a document within " + CONNECT_WITHIN.toSeconds() + " s");
      }
    }
    connected = true;
  }

  private void writePages(EventLoop loop) throws IOException {
    rooms.forEach(room -> room.writers().forEach(Writer::writePage));
    if (!await(loop, PAGES_WITHIN, () -> rooms.stream().allMatch(Room::isQuiet))) {
      throw new LoadFailure(
          "what was written did not reach its readers within "
              + PAGES_WITHIN.toSeconds()
              + " s, at "
              + server);
    }
  }

  /** Adds those whose network is bad. */
  private void disturb() throws IOException {
    Population population = settings.population();
    for (int i = 0; i < population.slow(); i++) {
      Room room = rooms.get(i % rooms.size());
      disturbers.add(room.addReader(ClientClass.SLOW, population.slowNetwork()));
    }
    for (int i = 0; i < population.cut(); i++) {
      Room room = rooms.get(i % rooms.size());
      Member cut = room.addReader(ClientClass.CUT, population.network());
      disturbers.add(cut);
      cutAgain(cut);
    }
    for (Member member : disturbers) {
      member.connect();
    }
  }

  private void cutAgain(Member member) {
    long wait = (long) (2 * settings.population().cutEvery().toNanos() * random.nextDouble());
    member
        .loop()
        .after(
            wait,
            () -> {
              member.cut();
              cutAgain(member);
            });
  }

  private @Nullable FloodThread flood(Place place) throws IOException {
    if (settings.population().flood() == 0) {
      return null;
    }
    Place elsewhere = place.on(new EventLoop());
    List<Flooder> flooders = new ArrayList<>();
    for (int i = 0; i < settings.population().flood(); i++) {
      flooders.add(rooms.get(i % rooms.size()).flooder(elsewhere, floodTally));
    }
    floodTally.countWithin(countedFrom(), countedUntil());
    return new FloodThread(elsewhere.loop(), flooders);
  }

  // --- The time that counts ---

  private long begin;

  private long beginning() {
    if (begin == 0) {
      begin = System.nanoTime() + BEGIN_AFTER_NANOS;
    }
    return begin;
  }

  private long countedFrom() {
    return beginning() + settings.warmUp().toNanos();
  }

  private long countedUntil() {
    return countedFrom() + settings.length().toNanos();
  }

  private void type(EventLoop loop) throws IOException {
    long from = countedFrom();
    long until = countedUntil();
    tally.countWithin(from, until);
    loop.at(from, () -> before = Use.now(figures));
    rooms.forEach(room -> room.writers().forEach(writer -> writer.write(beginning(), until)));
    boolean unused = await(loop, Duration.ofNanos(until - System.nanoTime()), () -> false);
    after = Use.now(figures);
    residentBytes = figures.residentBytes();
    boolean arrived = await(loop, ARRIVE_WITHIN, () -> rooms.stream().allMatch(Room::isQuiet));
    long now = System.nanoTime();
    rooms.forEach(room -> room.members().forEach(member -> member.giveUp(now)));
    if (arrived) {
      requireHeld(loop);
    } else {
      rooms.forEach(room -> room.writers().forEach(writer -> writer.giveUpSaves(now)));
    }
  }

  /** Requires that the server has what was written, and not only passed it on. */
  private void requireHeld(EventLoop loop) throws IOException {
    // In the last room there is the least else to do.
    Member newcomer = rooms.get(rooms.size() - 1).newcomer(new Tally());
    newcomer.connect();
    boolean given = await(loop, ARRIVE_WITHIN, () -> newcomer.isConnected() && newcomer.hasAll());
    newcomer.leave();
    if (!given) {
      throw new LoadFailure(
          server
              + " does not give a newcomer all that was written, within "
              + ARRIVE_WITHIN.toSeconds()
              + " s");
    }
  }

  /** Waits, and ends the run when a normal client is lost. */
  private boolean await(EventLoop loop, Duration within, BooleanSupplier condition)
      throws IOException {
    boolean held =
        loop.run(
            () -> tally.failure() != null || condition.getAsBoolean(),
            System.nanoTime() + within.toNanos());
    String reason = tally.failure();
    if (reason != null) {
      throw new LoadFailure(
          (connected ? "lost a client of " : "cannot connect to ") + server + ": " + reason);
    }
    return held;
  }

  private LoadOutcome outcome(OptionalLong liveGrowth) {
    Use first = before;
    Use last = after;
    if (first == null || last == null) {
      throw new AssertionError("it was counted from one moment to another");
    }
    double nanos = last.atNanos - first.atNanos;
    return new LoadOutcome(
        settings,
        tally,
        floodTally,
        settings.length(),
        processors(first.server, last.server, nanos),
        processors(first.own, last.own, nanos).orElse(0),
        residentBytes,
        liveGrowth);
  }

  private static OptionalDouble processors(
      Optional<Duration> first, Optional<Duration> last, double nanos) {
    return first.isEmpty() || last.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(last.get().minus(first.get()).toNanos() / nanos);
  }
}
