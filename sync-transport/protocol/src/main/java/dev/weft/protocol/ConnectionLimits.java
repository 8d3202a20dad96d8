package dev.weft.protocol;

/**
 * What a relay takes from one connection. Immutable.
 *
 * @param maxFrameBytes the longest binary message, in bytes, in either direction
 * @param maxChannels how many channels may be open at once
 * @param maxPendingSaves how many saves of one channel may wait at once
 * @param maxPresenceBytes the longest presence message, in bytes
 */
public record ConnectionLimits(
    int maxFrameBytes, int maxChannels, int maxPendingSaves, int maxPresenceBytes) {
  /** 16 MiB a frame, 1,000 channels, 16 saves, 4 KiB of presence. */
  public static final ConnectionLimits DEFAULT = new ConnectionLimits(16 << 20, 1_000, 16, 4 << 10);

  /**
   * Creates limits.
   *
   * @throws IllegalArgumentException if one is not positive
   */
  public ConnectionLimits {
    Bounds.requirePositive("maxFrameBytes", maxFrameBytes);
    Bounds.requirePositive("maxChannels", maxChannels);
    Bounds.requirePositive("maxPendingSaves", maxPendingSaves);
    Bounds.requirePositive("maxPresenceBytes", maxPresenceBytes);
  }
}
