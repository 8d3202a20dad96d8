package dev.weft.lab;

import dev.weft.client.SimulatedNetwork;
import java.net.URI;
import java.util.List;
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
