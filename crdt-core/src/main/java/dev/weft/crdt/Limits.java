package dev.weft.crdt;

/**
 * Bounds on what a document takes in from outside, so that hostile bytes cost no more than they
 * weigh. An update beyond a bound is refused as a whole with {@link MalformedUpdateException}.
 *
 * @param maxUpdateBytes the longest update or snapshot, in bytes
 * @param maxReplicas the most replicas that one document may name
 * @param maxRuns the most runs in the history of one document: changes that do not directly follow
 *     one of the same replica
 * @param maxUnits the most events in one document: units inserted, deleted and restored, and names;
 *     at most 2^31 - 8,193
 * @param maxBacklogChanges the most changes that may wait for others
 * @param maxBacklogBytes the most bytes of changes that may wait for others
 */
public record Limits(
    int maxUpdateBytes,
    int maxReplicas,
    int maxRuns,
    int maxUnits,
    int maxBacklogChanges,
    int maxBacklogBytes) {

  // Some below the greatest int, so that no count of them overflows.
  static final int MOST_UNITS = Integer.MAX_VALUE - (1 << 13);

  /** 256 MiB, a million replicas, 2^26 runs, 2^30 units, 10,000 changes or 64 MiB waiting. */
  public static final Limits DEFAULT =
      new Limits(256 << 20, 1_000_000, 1 << 26, 1 << 30, 10_000, 64 << 20);

  /**
   * Creates limits.
   *
   * @throws IllegalArgumentException if a bound is not positive, or {@code maxUnits} is too large
   */
  public Limits {
    requirePositive("maxUpdateBytes", maxUpdateBytes);
    requirePositive("maxReplicas", maxReplicas);
    requirePositive("maxRuns", maxRuns);
    requirePositive("maxUnits", maxUnits);
    if (maxUnits > MOST_UNITS) {
      throw new IllegalArgumentException(
          "maxUnits must be at most " + MOST_UNITS + ", maxUnits=" + maxUnits);
    }
    requirePositive("maxBacklogChanges", maxBacklogChanges);
    requirePositive("maxBacklogBytes", maxBacklogBytes);
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, " + name + "=" + value);
    }
  }
}
