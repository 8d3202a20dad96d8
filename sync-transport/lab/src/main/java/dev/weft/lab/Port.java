package dev.weft.lab;

import dev.weft.client.SimulatedNetwork;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayMessage;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Where a device is joined to the network, and how well. Confined to the simulation's thread. */
final class Port implements SimulatedNetwork {
  private static final long NEVER = Long.MIN_VALUE;

  private final Network network;
  private final String device;
  private final boolean next;
  private long maxLatencyNanos;
  private long heardAtNanos = NEVER;

  // Of the signs of life: when each was asked for, when the last one that came was, and when the
  // relay greeted.
  private final Map<Long, Long> asked = new HashMap<>();
  private long signOfNanos = NEVER;
  private long greetedAtNanos = NEVER;

  /** Whether new connections come about. */
  boolean reachable = true;

  /** Whether everything is held back, in both directions, without a word. */
  private boolean blocked;

  private Barrier barrier = Barrier.NONE;

  /** How many bytes a second pass; 0: as many as there are. */
  int bytesPerSecond;

  Port(Network network, String device, boolean next) {
    this.next = next;
    this.network = network;
    this.device = device;
    this.maxLatencyNanos = network.climate().maxLatencyNanos();
  }

  @Override
  public Socket connect(URI relay, SocketListener listener) {
    return network.connect(this, relay, listener);
  }

  @Override
  public void post(
      URI relay,
      String document,
      List<byte[]> frames,
      Runnable hearing,
      Consumer<List<byte[]>> answered,
      Consumer<String> failed) {
    network.post(this, relay, document, frames, hearing, answered, failed);
  }

  /** The device says something. */
  void said(byte[] frame) {
    try {
      if (Frames.decodeClient(frame) instanceof ClientMessage.Ping ping && ping.channel() == 0) {
        asked.put(ping.nonce(), network.time().nanos());
      }
    } catch (MalformedFrameException e) {
      throw new AssertionError("a device says what cannot be read", e);
    }
  }

  /** The device is told something: what is shown is as old as the question that it answers. */
  void told(byte[] frame) {
    try {
      RelayMessage message = Frames.decodeRelay(frame);
      if (message instanceof RelayMessage.Welcome) {
        greeted();
      } else if (message instanceof RelayMessage.Pong pong && pong.channel() == 0) {
        Long nanos = asked.remove(pong.nonce());
        signOfNanos = nanos == null ? signOfNanos : Math.max(signOfNanos, nanos);
      }
    } catch (MalformedFrameException e) {
      throw new AssertionError("a relay says what cannot be read", e);
    }
  }

  private void greeted() {
    greetedAtNanos = network.time().nanos();
    signOfNanos = greetedAtNanos;
  }

  /** The process goes on that stood still since then: a greeting that came is heard now. */
  void goesOn(long stoodSinceNanos) {
    if (greetedAtNanos >= stoodSinceNanos) {
      greeted();
    }
  }

  /** Returns how long ago the last sign of life that has come was asked for; else a century. */
  long sinceSignNanos() {
    return signOfNanos == NEVER
        ? TimeUnit.DAYS.toNanos(36_500)
        : network.time().nanos() - signOfNanos;
  }

  /** The relay was heard. */
  void heard() {
    heardAtNanos = network.time().nanos();
  }

  /** Returns how long ago the relay was heard; a century if it never was. */
  long silentNanos() {
    return heardAtNanos == NEVER
        ? TimeUnit.DAYS.toNanos(36_500)
        : network.time().nanos() - heardAtNanos;
  }

  /** Returns whether the device speaks the next version of the protocol. */
  boolean speaksNext() {
    return next;
  }

  boolean isBlocked() {
    return blocked;
  }

  void block(boolean on) {
    blocked = on;
  }

  Barrier barrier() {
    return barrier;
  }

  void bar(Barrier next) {
    barrier = next;
  }

  void maxLatencyNanos(long nanos) {
    maxLatencyNanos = nanos;
  }

  long latencyNanos(RandomGenerator random) {
    return random.nextLong(maxLatencyNanos) + 1;
  }

  long transmitNanos(int bytes) {
    return bytesPerSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
  }

  @Override
  public String toString() {
    return device;
  }
}
