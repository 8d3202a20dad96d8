package dev.weft.lab;

import dev.weft.client.SimulatedNetwork.End;
import dev.weft.client.SimulatedNetwork.Socket;
import dev.weft.client.SimulatedNetwork.SocketListener;
import dev.weft.client.VirtualTime;
import dev.weft.lab.Tally.Event;
import dev.weft.relay.NextVersion;
import dev.weft.relay.RelayProcess;
import dev.weft.relay.RelayProcess.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One connection between a device and a relay, as TCP has it: bytes in order, late, and as many at
 * a time as the window holds; each end hears of the other's end late, or never. Confined to the
 * simulation's thread.
 */
final class Wire {
  /** So often a socket shows that a long frame moves. */
  static final long PIECE_NANOS = Duration.ofMillis(400).toNanos();

  private static final long RESET_WITHIN_NANOS = Duration.ofMillis(200).toNanos();

  private final VirtualTime time;
  private final Network network;
  private final Port port;
  private final RandomGenerator random;
  private final SocketListener client;
  private final Direction up = new Direction();
  private final Direction down = new Direction();
  private @Nullable RelayHost host;
  private @Nullable Connection relay;

  // What each end knows.
  private boolean clientOpen = true;
  private boolean relayOpen;

  /** Whether both ends speak the next version of the protocol, and so do. */
  private boolean next;

  /** Whether nothing passes any more, whatever the ends know of it. */
  private boolean severed;

  Wire(Network network, Port port, SocketListener client) {
    this.network = network;
    this.time = network.time();
    this.random = network.random();
    this.port = port;
    this.client = client;
  }

  /** The client's end. */
  Socket socket() {
    return new Socket() {
      @Override
      public void send(byte[] message) {
        if (clientOpen) {
          port.said(message);
          up.send(message, bytes -> client.sent(bytes));
        }
      }

      @Override
      public void demand() {
        down.demand();
      }

      @Override
      public void close(String reason) {
        closeClient(reason);
      }
    };
  }

  /** The relay was reached. */
  void open(RelayHost reached) {
    if (!clientOpen) {
      return;
    }
    host = reached;
    relayOpen = true;
    next = port.speaksNext() && reached.process().speaksNext();
    relay = reached.process().connect(new RelayEnd(), next);
    relay.start();
    client.opened();
  }

  /** Returns the relay that was reached; null if none was. */
  @Nullable RelayHost host() {
    return host;
  }

  boolean leadsTo(RelayHost other) {
    return host == other;
  }

  boolean isOver() {
    return !clientOpen && !relayOpen;
  }

  /** Returns whether the client is gone, and the relay has not read yet all that it said. */
  boolean hasLastWords() {
    return !clientOpen && relayOpen && !up.arrived.isEmpty();
  }

  Port port() {
    return port;
  }

  /** The relay was not reached. */
  void refuse(String reason, End end) {
    endClient(reason, end);
  }

  /** It came about, but lets nothing pass. */
  void swallow() {
    severed = true;
    up.loseAll();
    down.loseAll();
  }

  private final class RelayEnd implements RelayProcess.Line {
    @Override
    public void send(byte[] frame) {
      if (relayOpen) {
        down.send(next ? NextVersion.unwrap(frame) : frame, bytes -> toRelay(Connection::sent));
      }
    }

    @Override
    public void demand() {
      up.demand();
    }

    @Override
    public void close(String reason) {
      down.afterAll(
          () -> {
            endRelay();
            endClient(reason.isEmpty() ? "closed by the relay" : reason, End.CLOSED);
          });
      if (severed) {
        time.at(RESET_WITHIN_NANOS, Wire.this::endRelay);
      }
    }

    @Override
    public void abort() {
      time.at(0, Wire.this::endRelay);
      if (!severed) {
        time.at(random.nextLong(RESET_WITHIN_NANOS), () -> endClient("the connection was reset"));
      }
      severed = true;
    }
  }

  private void toRelay(Consumer<Connection> call) {
    Connection connection = relay;
    if (relayOpen && connection != null) {
      call.accept(connection);
    }
  }

  private void closeClient(String reason) {
    up.afterAll(this::endRelay);
    time.at(random.nextLong(RESET_WITHIN_NANOS), () -> endClient(reason));
  }

  private void endClient(String reason) {
    endClient(reason, End.LOST);
  }

  private void endClient(String reason, End end) {
    if (clientOpen) {
      clientOpen = false;
      down.end();
      client.closed(reason, end);
      network.over(this);
    }
  }

  private void endRelay() {
    Connection connection = relay;
    if (relayOpen && connection != null) {
      relayOpen = false;
      up.end();
      connection.closed();
      network.over(this);
    }
  }

  // --- Faults ---

  /** Breaks: what is on its way may arrive, up to some point; each end hears of it, or never. */
  void cut() {
    if (severed) {
      return;
    }
    network.tally().count(Event.CUTS);
    severed = true;
    up.loseTail();
    down.loseTail();
    if (random.nextInt(10) < 7) {
      time.at(random.nextLong(RESET_WITHIN_NANOS), () -> endClient("the connection was reset"));
    }
    if (random.nextInt(10) < 7) {
      time.at(random.nextLong(RESET_WITHIN_NANOS), this::endRelay);
    }
  }

  /** The relay's process or machine is gone. */
  void relayDied() {
    relayOpen = false;
    up.end();
    if (!severed) {
      severed = true;
      down.loseTail();
      if (random.nextInt(10) < 7) {
        time.at(random.nextLong(RESET_WITHIN_NANOS), () -> endClient("the connection was reset"));
      }
    }
    network.over(this);
  }

  /** The device's process or machine is gone. */
  void clientDied() {
    clientOpen = false;
    down.end();
    if (!severed) {
      severed = true;
      up.loseTail();
      if (random.nextInt(10) < 7) {
        time.at(random.nextLong(RESET_WITHIN_NANOS), this::endRelay);
      }
    }
    network.over(this);
  }

  /** What was held back goes on its way. */
  void unblock() {
    up.unblock();
    down.unblock();
  }

  /** One way. */
  private final class Direction {
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private final Deque<Untaken> untaken = new ArrayDeque<>();
    private final List<Runnable> stuck = new ArrayList<>();
    private long busyUntilNanos;
    private long lastArrivalNanos;
    private long sent;
    private long passed;
    private long lastThatPasses = Long.MAX_VALUE;
    private int outstandingBytes;
    private int demanded;
    private boolean ended;

    private record Untaken(int bytes, Consumer<Integer> taken) {}

    void send(byte[] frame, Consumer<Integer> taken) {
      network.tally().count(Event.FRAMES);
      long now = time.nanos();
      long transmit = port.transmitNanos(frame.length);
      long departs = Math.max(busyUntilNanos, now) + transmit;
      busyUntilNanos = departs;
      long order = sent++;
      untaken.add(new Untaken(frame.length, taken));
      for (long piece = PIECE_NANOS; piece < transmit; piece += PIECE_NANOS) {
        time.at(departs - transmit + piece - now, () -> moved(order));
      }
      time.at(departs - now, this::take);
      schedule(departs + port.latencyNanos(random), () -> arrive(frame, order));
    }

    private void schedule(long atNanos, Runnable arrival) {
      lastArrivalNanos = Math.max(lastArrivalNanos, atNanos);
      time.at(lastArrivalNanos - time.nanos(), () -> pass(arrival));
    }

    /** What nothing stops now, passes; the rest waits behind what waits. */
    private void pass(Runnable arrival) {
      if (port.isBlocked() || !stuck.isEmpty()) {
        stuck.add(arrival);
      } else {
        arrival.run();
      }
    }

    void unblock() {
      List<Runnable> free = List.copyOf(stuck);
      stuck.clear();
      free.forEach(Runnable::run);
    }

    /** A piece of a long frame has moved. */
    private void moved(long order) {
      if (order > lastThatPasses || port.isBlocked()) {
        return;
      }
      if (this == up) {
        toRelay(Connection::receiving);
      } else {
        toRelay(Connection::progressed);
        if (clientOpen) {
          port.heard();
          client.hearing();
        }
      }
    }

    private void arrive(byte[] frame, long order) {
      if (ended || order > lastThatPasses) {
        return;
      }
      passed = order + 1;
      network.chronicle().frame(port.toString(), this == up, frame);
      int copies = network.copies(frame, this == up);
      for (int i = 0; i < copies; i++) {
        outstandingBytes += i == 0 ? 0 : frame.length;
        arrived.add(frame);
      }
      if (copies == 0) {
        outstandingBytes -= frame.length;
      }
      deliver();
    }

    /** The socket takes what its window has room for. */
    private void take() {
      while (!untaken.isEmpty() && outstandingBytes <= network.climate().windowBytes()) {
        Untaken next = untaken.remove();
        outstandingBytes += next.bytes;
        next.taken.accept(next.bytes);
      }
    }

    void demand() {
      demanded++;
      // Never inside the call that asks.
      time.at(0, this::deliver);
    }

    private void deliver() {
      while (!ended && demanded > 0 && !arrived.isEmpty()) {
        demanded--;
        byte[] frame = arrived.remove();
        outstandingBytes -= frame.length;
        if (this == up) {
          toRelay(connection -> connection.received(next ? NextVersion.wrap(frame) : frame));
        } else if (clientOpen) {
          port.heard();
          port.told(frame);
          client.received(frame);
        }
      }
      take();
    }

    /** Runs what comes behind all that was sent, if that passes. */
    void afterAll(Runnable action) {
      long order = sent++;
      schedule(
          Math.max(busyUntilNanos, time.nanos()) + port.latencyNanos(random),
          () -> {
            if (order <= lastThatPasses) {
              whenRead(action);
            }
          });
    }

    private void whenRead(Runnable action) {
      if (arrived.isEmpty() || ended) {
        action.run();
      } else {
        time.at(PIECE_NANOS, () -> whenRead(action));
      }
    }

    void loseTail() {
      long onTheWay = sent - passed;
      lastThatPasses = passed + (onTheWay == 0 ? 0 : random.nextLong(onTheWay + 1)) - 1;
    }

    void loseAll() {
      lastThatPasses = -1;
    }

    void end() {
      ended = true;
      arrived.clear();
      untaken.clear();
      stuck.clear();
    }
  }
}
