package dev.weft.bench.load.net;

/**
 * What lies between a client and the server: it is made in the client, which reads and writes its
 * socket no faster than the bandwidth allows, and takes in or gives out each byte only when it
 * would have crossed. What is not read waits in the server, as behind a slow link. Immutable.
 *
 * @param bytesPerSecond each way; 0 for as fast as it goes
 * @param latencyNanos each way
 * @param jitterNanos up to how much longer what is sent at one time takes than what is at another;
 *     order is kept, as by TCP
 */
public record Network(long bytesPerSecond, long latencyNanos, long jitterNanos) {
  /** As it is on one machine. */
  public static final Network DIRECT = new Network(0, 0, 0);

  public boolean isLate() {
    return latencyNanos > 0 || jitterNanos > 0;
  }
}
