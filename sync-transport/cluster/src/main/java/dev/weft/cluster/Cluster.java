package dev.weft.cluster;

import dev.weft.protocol.Guarantee;
import dev.weft.relay.FanOut;
import dev.weft.store.ChangeStore;
import dev.weft.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a relay shares with the others of its cluster: the store and the fan-out. Thread-safe.
 *
 * <pre>{@code
 * try (Cluster cluster = Cluster.join(ClusterAddress.parse(address));
 *     RelayServer relay =
 *         RelayServer.builder()
 *             .store(cluster.store())
 *             .fanOut(cluster.fanOut())
 *             .guarantee(cluster::guarantee)
 *             .build()) {
 *   relay.start();
 *   ...
 * }
 * }</pre>
 */
public final class Cluster implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Cluster.class);

  private final PostgresChangeStore store;
  private final FanOut fanOut;

  private Cluster(PostgresChangeStore store, FanOut fanOut) {
    this.store = store;
    this.fanOut = fanOut;
  }

  /**
   * Connects to the cluster's PostgreSQL, and begins to connect to its Redis. Without a Redis, what
   * others write comes some tenths of a second later.
   *
   * @throws StoreException if the database cannot be reached or used
   */
  public static Cluster join(ClusterAddress address) {
    PostgresChangeStore store = PostgresChangeStore.open(address.postgres());
    String redis = address.redis();
    FanOut fanOut =
        redis == null ? new PollingFanOut() : RedisFanOut.start(redis, store.clusterName());
    log.info("in the cluster of PostgreSQL at {}", address);
    return new Cluster(store, fanOut);
  }

  /** Returns the store of all relays of the cluster. */
  public ChangeStore store() {
    return store;
  }

  /** Returns what carries changes to the other relays and from them. */
  public FanOut fanOut() {
    return fanOut;
  }

  /** Returns what the latest save was worth: see {@link PostgresChangeStore#guarantee}. */
  public Guarantee guarantee() {
    return store.guarantee();
  }

  /** Leaves the cluster; the relay must have been closed before. */
  @Override
  public void close() {
    fanOut.close();
    store.close();
  }
}
