package dev.weft.cluster;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a cluster are: as one text, the JDBC address of its PostgreSQL and, after a
 * comma, that of its Redis. Immutable.
 *
 * <pre>{@code
 * jdbc:postgresql://db.example.org/weft?user=weft,redis://cache.example.org
 * }</pre>
 *
 * @param postgres see {@link PostgresChangeStore#open}
 * @param redis see {@link RedisFanOut#start}; null for a cluster without one
 */
public record ClusterAddress(String postgres, @Nullable String redis) {
  /** The addresses of PostgreSQL may hold commas themselves. */
  private static final Pattern BEFORE_REDIS = Pattern.compile(",(?=rediss?://)");

  /**
   * Creates an address. Whether it leads anywhere is not tried.
   *
   * @throws IllegalArgumentException if a part is not of its form; the message does not show it,
   *     since it may hold a password
   */
  public ClusterAddress {
    Database.place(postgres);
    if (redis != null) {
      RedisFanOut.parse(redis);
    }
  }

  /**
   * Reads an address. Whether it leads anywhere is not tried.
   *
   * @throws IllegalArgumentException if {@code text} is not of that form; the message does not show
   *     it, since it may hold passwords
   */
  public static ClusterAddress parse(String text) {
    Matcher comma = BEFORE_REDIS.matcher(text);
    return comma.find()
        ? new ClusterAddress(text.substring(0, comma.start()), text.substring(comma.end()))
        : new ClusterAddress(text, null);
  }

  /** Returns the place of the database and whether there is a Redis: nothing secret. */
  @Override
  public String toString() {
    return Database.place(postgres) + (redis == null ? ", without Redis" : ", with Redis");
  }
}
