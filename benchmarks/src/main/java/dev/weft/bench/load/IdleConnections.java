package dev.weft.bench.load;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.weft.bench.load.dialect.Edits;
import dev.weft.bench.load.net.EventLoop;
import dev.weft.bench.load.net.Network;
import dev.weft.cli.JsonLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Opens connections on which nobody types: each has a document open and gives signs of life, as a
 * client does. Confined to one thread.
 */
final class IdleConnections {
  private static final int CONNECTING_AT_ONCE = 100;
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(30);

  /** What a process has open beside its connections. */
  private static final int OTHER_FILES = 200;

  /** How many ports one address has for connections to one other, where nobody says otherwise. */
  private static final int PORTS = 28_000;

  private static final double BYTES_PER_MB = 1e6;
  private static final double BYTES_PER_KB = 1e3;

  private final Served served;
  private final int count;
  private final boolean apart;
  private final Duration hold;

  /**
   * Prepares.
   *
   * @param apart whether each has a document of its own
   * @param hold for how long they stay before the server is weighed
   */
  IdleConnections(Served served, int count, boolean apart, Duration hold) {
    this.served = served;
    this.count = count;
    this.apart = apart;
    this.hold = hold;
  }

  /**
   * Requires that this process may have so many connections.
   *
   * @throws LoadFailure if it may not
   */
  static void requireRoom(int count) throws LoadFailure {
    if (count > PORTS) {
      throw new LoadFailure(
          "from one address there are at most " + PORTS + " connections, not " + count);
    }
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long most = system.getMaxFileDescriptorCount();
      if (count + OTHER_FILES > most) {
        throw new LoadFailure(
            "a process may have "
                + most
                + " files open here, too few for "
                + count
                + " connections: raise it with 'ulimit -n "
                + (count + OTHER_FILES)
                + "'");
      }
    }
  }

  /** The server's memory. */
  private record Weight(OptionalLong resident, OptionalLong live) {}

  private Weight weigh() throws IOException {
    OptionalLong live = served.figures().liveBytes();
    return new Weight(served.figures().residentBytes(), live);
  }

  /**
   * Opens them, and closes them.
   *
   * @throws LoadFailure if the server does not take them all, or loses one
   */
  Result measure() throws IOException {
    Weight before = weigh();
    long begun = System.nanoTime();
    List<Member> members = new ArrayList<>();
    Tally tally = new Tally();
    try (EventLoop loop = new EventLoop()) {
      Place place = new Place(loop, served.dialect(), served.uri(), Addresses.of(served.uri()));
      try {
        while (members.size() < count) {
          List<Member> some = connectSome(place, tally, members.size());
          members.addAll(some);
          long deadline = System.nanoTime() + CONNECT_WITHIN.toNanos();
          boolean connected =
              loop.run(
                  () -> tally.failure() != null || some.stream().allMatch(Member::isConnected),
                  deadline);
          requireHealth(tally, members.size(), connected);
        }
        double openedWithin = (System.nanoTime() - begun) / 1e9;
        boolean failed =
            loop.run(() -> tally.failure() != null, System.nanoTime() + hold.toNanos());
        requireHealth(tally, count, !failed);
        return new Result(count, apart, openedWithin, before, weigh());
      } finally {
        members.forEach(Member::leave);
      }
    }
  }

  private List<Member> connectSome(Place place, Tally tally, int from) throws IOException {
    String run = "idle-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "-";
    Supplier<Edits> nothing = Edits.letters(0);
    List<Member> some = new ArrayList<>();
    for (int i = from; i < Math.min(count, from + CONNECTING_AT_ONCE); i++) {
      Member member =
          new Member(
              place,
              tally,
              new Random(i),
              ClientClass.NORMAL,
              Network.DIRECT,
              apart ? run + i : "idle",
              i + 1L,
              nothing.get(),
              List.of());
      member.connect();
      some.add(member);
    }
    return some;
  }

  private void requireHealth(Tally tally, int open, boolean healthy) throws LoadFailure {
    String reason = tally.failure();
    if (reason == null && !healthy) {
      reason = "no answer within " + CONNECT_WITHIN.toSeconds() + " s";
    }
    if (reason != null) {
      throw new LoadFailure(
          "of "
              + count
              + " connections to "
              + served.uri()
              + " one is lost, with "
              + open
              + " asked for: "
              + reason);
    }
  }

  /** What came out. */
  static final class Result {
    private final int count;
    private final boolean apart;
    private final double openedWithin;
    private final Weight before;
    private final Weight after;

    private Result(int count, boolean apart, double openedWithin, Weight before, Weight after) {
      this.count = count;
      this.apart = apart;
      this.openedWithin = openedWithin;
      this.before = before;
      this.after = after;
    }

    private OptionalDouble each(OptionalLong first, OptionalLong last) {
      return first.isEmpty() || last.isEmpty()
          ? OptionalDouble.empty()
          : OptionalDouble.of((last.getAsLong() - first.getAsLong()) / (double) count);
    }

    /** Returns by how much the process grew for each. */
    OptionalDouble residentEach() {
      return each(before.resident, after.resident);
    }

    /** Returns how much more each keeps in use. */
    OptionalDouble liveEach() {
      return each(before.live, after.live);
    }

    void print(PrintWriter out) {
      out.println(
          String.format(
              Locale.ROOT,
              "%,d idle connections on %s, opened within %.1f s",
              count,
              apart ? "a document each" : "one document",
              openedWithin));
      print(out, "RSS", before.resident, after.resident);
      print(out, "heap in use", before.live, after.live);
      out.flush();
    }

    private void print(PrintWriter out, String what, OptionalLong first, OptionalLong last) {
      OptionalDouble each = each(first, last);
      if (each.isEmpty()) {
        out.println(what + ": not known of a relay elsewhere");
      } else {
        out.println(
            String.format(
                Locale.ROOT,
                "%s: %,.1f MB before, %,.1f MB with them, %,.2f kB a connection",
                what,
                first.orElse(0) / BYTES_PER_MB,
                last.orElse(0) / BYTES_PER_MB,
                each.getAsDouble() / BYTES_PER_KB));
      }
    }

    void printJson(PrintWriter out) {
      JsonLine.print(
          out,
          json -> {
            json.writeStringField("measurement", "connections");
            json.writeNumberField("connections", count);
            json.writeNumberField("documents", apart ? count : 1);
            LoadReport.decimal(json, "openedWithinSeconds", openedWithin);
            LoadReport.numberIfKnown(json, "residentBytesBefore", before.resident);
            LoadReport.numberIfKnown(json, "residentBytes", after.resident);
            LoadReport.decimalIfKnown(json, "residentBytesPerConnection", residentEach());
            LoadReport.numberIfKnown(json, "heapBytesBefore", before.live);
            LoadReport.numberIfKnown(json, "heapBytes", after.live);
            LoadReport.decimalIfKnown(json, "heapBytesPerConnection", liveEach());
          });
    }
  }
}
