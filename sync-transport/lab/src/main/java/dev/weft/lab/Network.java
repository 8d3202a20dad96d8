package dev.weft.lab;

import dev.weft.client.SimulatedNetwork.End;
import dev.weft.client.SimulatedNetwork.Socket;
import dev.weft.client.SimulatedNetwork.SocketListener;
import dev.weft.client.VirtualTime;
import dev.weft.lab.Tally.Event;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.Presence;
import dev.weft.protocol.RelayMessage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Leads from devices to whichever relay is up, and does to what passes what networks do. Confined
 * to the simulation's thread.
 */
final class Network {
  /** How long a client waits for the answer to a request of which nothing is heard. */
  private static final long REQUEST_TIMEOUT_NANOS = Duration.ofSeconds(20).toNanos();

  /** How soon a WebSocket is cut where each is. */
  private static final long CUT_WITHIN_NANOS = Duration.ofSeconds(8).toNanos();

  private final VirtualTime time;
  private final RandomGenerator random;
  private final Climate climate;
  private final Tally tally;
  private final Chronicle chronicle;
  private final List<RelayHost> hosts = new ArrayList<>();
  private final List<Wire> wires = new ArrayList<>();

  /** Whether frames that may be lost are, and requests too. */
  boolean lossy;

  private int nextHost;

  Network(
      VirtualTime time, RandomGenerator random, Climate climate, Tally tally, Chronicle chronicle) {
    this.time = time;
    this.random = random;
    this.climate = climate;
    this.tally = tally;
    this.chronicle = chronicle;
    this.lossy = climate.lossy();
  }

  VirtualTime time() {
    return time;
  }

  RandomGenerator random() {
    return random;
  }

  Climate climate() {
    return climate;
  }

  Tally tally() {
    return tally;
  }

  Chronicle chronicle() {
    return chronicle;
  }

  void add(RelayHost host) {
    hosts.add(host);
  }

  private @Nullable RelayHost next() {
    for (int i = 0; i < hosts.size(); i++) {
      nextHost = (nextHost + 1) % hosts.size();
      if (hosts.get(nextHost).accepts()) {
        return hosts.get(nextHost);
      }
    }
    return null;
  }

  Socket connect(Port port, URI relay, SocketListener listener) {
    Wire wire = new Wire(this, port, listener);
    wires.add(wire);
    time.at(
        2 * port.latencyNanos(random),
        () -> {
          if (port.isBlocked()) {
            // Nobody answers; who tries gives up.
            return;
          }
          RelayHost host = port.reachable ? next() : null;
          if (host == null) {
            wire.refuse("connection refused", End.UNREACHED);
          } else {
            pass(wire, host);
          }
        });
    return wire.socket();
  }

  /** Leads a WebSocket to a relay, as far as what stands between lets it. */
  private void pass(Wire wire, RelayHost host) {
    if (wire.port().barrier() != Barrier.NONE) {
      tally.count(Event.WEBSOCKETS_BARRED);
    }
    switch (wire.port().barrier()) {
      case NONE -> open(wire, host);
      case REFUSES -> wire.refuse("HTTP status 403", End.LOST);
      case SWALLOWS -> {
        open(wire, host);
        wire.swallow();
      }
      case CUTS -> {
        open(wire, host);
        time.at(random.nextLong(CUT_WITHIN_NANOS), wire::cut);
      }
    }
  }

  private void open(Wire wire, RelayHost host) {
    tally.count(Event.CONNECTIONS);
    wire.open(host);
  }

  void over(Wire wire) {
    if (wire.isOver()) {
      wires.remove(wire);
    }
  }

  void post(
      Port port,
      URI relay,
      String document,
      List<byte[]> frames,
      Runnable hearing,
      Consumer<List<byte[]>> answered,
      Consumer<String> failed) {
    tally.count(Event.REQUESTS);
    new Request(port, document, frames, hearing, answered, failed).leave();
  }

  /** One request that polls. */
  private final class Request {
    private final Port port;
    private final String document;
    private final List<byte[]> frames;
    private final Runnable hearing;
    private final Consumer<List<byte[]>> answered;
    private final Consumer<String> failed;
    private long movedAtNanos;
    private boolean done;

    Request(
        Port port,
        String document,
        List<byte[]> frames,
        Runnable hearing,
        Consumer<List<byte[]>> answered,
        Consumer<String> failed) {
      this.port = port;
      this.document = document;
      this.frames = frames;
      this.hearing = hearing;
      this.answered = answered;
      this.failed = failed;
    }

    void leave() {
      frames.forEach(port::said);
      moved();
      giveUpLater();
      move(frames, () -> {}, this::arrive);
    }

    /** Gives up when nothing has moved for long. */
    private void giveUpLater() {
      time.at(
          REQUEST_TIMEOUT_NANOS,
          () -> {
            if (!done) {
              if (time.nanos() - movedAtNanos >= REQUEST_TIMEOUT_NANOS) {
                fail("no answer");
              } else {
                giveUpLater();
              }
            }
          });
    }

    private void moved() {
      movedAtNanos = time.nanos();
    }

    /** Takes the time that the way takes, and tells of every piece. */
    private void move(List<byte[]> what, Runnable piece, Runnable then) {
      long transmit = port.transmitNanos(what.stream().mapToInt(each -> each.length).sum());
      for (long nanos = Wire.PIECE_NANOS; nanos < transmit; nanos += Wire.PIECE_NANOS) {
        time.at(
            nanos,
            () -> {
              if (!done && !port.isBlocked()) {
                moved();
                piece.run();
              }
            });
      }
      time.at(transmit + port.latencyNanos(random), then);
    }

    private void fail(String why) {
      if (!done) {
        done = true;
        failed.accept(why);
      }
    }

    private void arrive() {
      if (port.isBlocked() || loses()) {
        return;
      }
      RelayHost host = port.reachable ? next() : null;
      if (host == null) {
        time.at(port.latencyNanos(random), () -> fail("connection refused"));
        return;
      }
      if (lossy && random.nextInt(20) == 0) {
        // What stands between repeats it, and takes the first answer.
        tally.count(Event.REQUESTS_DOUBLED);
        time.at(port.latencyNanos(random), () -> ask(host));
      }
      frames.forEach(frame -> chronicle.frame(port.toString(), true, frame));
      ask(host);
    }

    private void ask(RelayHost host) {
      if (!host.accepts()) {
        fail("the connection was reset");
        return;
      }
      host.process()
          .post(
              document,
              frames,
              answer -> {
                if (!loses()) {
                  List<byte[]> whole = List.copyOf(answer);
                  move(whole, this::hear, () -> answer(whole));
                }
              });
    }

    private boolean loses() {
      boolean lost = lossy && random.nextInt(20) == 0;
      if (lost) {
        tally.count(Event.REQUESTS_LOST);
        time.at(port.latencyNanos(random), () -> fail("the connection was reset"));
      }
      return lost;
    }

    private void hear() {
      port.heard();
      hearing.run();
    }

    private void answer(List<byte[]> answer) {
      if (!done && !port.isBlocked()) {
        done = true;
        port.heard();
        answer.forEach(port::told);
        answer.forEach(frame -> chronicle.frame(port.toString(), false, frame));
        answered.accept(answer);
      }
    }
  }

  /** Returns how often a frame arrives: most do once, some never, some twice. */
  int copies(byte[] frame, boolean up) {
    if (!lossy || !mayBeLost(frame, up)) {
      return 1;
    }
    int draw = random.nextInt(20);
    if (draw == 0) {
      tally.count(Event.FRAMES_LOST);
      return 0;
    }
    if (draw == 1) {
      tally.count(Event.FRAMES_DOUBLED);
      return 2;
    }
    return 1;
  }

  private static boolean mayBeLost(byte[] frame, boolean up) {
    try {
      if (up) {
        ClientMessage message = Frames.decodeClient(frame);
        return message instanceof ClientMessage.Edits
            || message instanceof Presence
            || message instanceof ClientMessage.Ping;
      }
      RelayMessage message = Frames.decodeRelay(frame);
      return (message instanceof RelayMessage.Edits edits && !edits.more())
          || message instanceof RelayMessage.Durable
          || message instanceof Presence
          || message instanceof RelayMessage.Pong;
    } catch (MalformedFrameException e) {
      return false;
    }
  }

  // --- Faults ---

  /** Cuts every connection of a device. */
  void cut(Port port) {
    wiresOf(port).forEach(Wire::cut);
  }

  /** Lets what was held back go on. */
  void unblock(Port port) {
    port.block(false);
    wiresOf(port).forEach(Wire::unblock);
  }

  /** Returns the relay to which a device is connected; null if to none, or it cannot be told. */
  @Nullable RelayHost hostOf(Port port) {
    List<Wire> open = wiresOf(port);
    return open.size() == 1 ? open.get(0).host() : null;
  }

  void deviceDied(Port port) {
    wiresOf(port).forEach(Wire::clientDied);
  }

  void relayDied(RelayHost host) {
    for (Wire wire : List.copyOf(wires)) {
      if (wire.leadsTo(host)) {
        wire.relayDied();
      }
    }
  }

  /** Returns whether a relay has not read yet all that somebody said who is gone. */
  boolean hasLastWords() {
    return wires.stream().anyMatch(Wire::hasLastWords);
  }

  private List<Wire> wiresOf(Port port) {
    return wires.stream().filter(wire -> wire.port() == port).toList();
  }

  /** Returns how many connections there are, half ones included. */
  int wires() {
    return wires.size();
  }
}
