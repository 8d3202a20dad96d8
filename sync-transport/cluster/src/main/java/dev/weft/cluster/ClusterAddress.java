package dev.weft.cluster;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the parts of a cluster are, as one text: the JDBC address of its PostgreSQL and, after a
 * comma, that of its Redis, which may be left out. Immutable.
 *
 * <pre>{@code
 * jdbc:postgresql://db.example.org/weft?user=weft,redis://cache.example.org
 * }</pre>
 *
 * @param postgres see {@link PostgresChangeStore#open}
 * @param redis see {@link RedisFanOut#start}
 */
public record ClusterAddress(String postgres, Optional<String> redis) {
  /** The addresses of PostgreSQL may hold commas themselves. */
  private static final Pattern BEFORE_REDIS = Pattern.compile(",(?=rediss?://)");

  /**
   * Reads an address. Whether it leads anywhere is not tried.
   *
   * @throws IllegalArgumentException if {@code text} is not of that form; the message does not show
   *     it, since it may hold passwords
   */
  public static ClusterAddress parse(String text) {
    Matcher comma = BEFORE_REDIS.matcher(text);
    boolean withRedis = comma.find();
    String postgres = withRedis ? text.substring(0, comma.start()) : text;
    Optional<String> redis =
        withRedis ? Optional.of(text.substring(comma.end())) : Optional.empty();
    Database.place(postgres);
    redis.ifPresent(RedisFanOut::parse);
    return new ClusterAddress(postgres, redis);
  }

  /** Returns the place of the database and whether there is a Redis: nothing secret. */
  @Override
  public String toString() {
    return Database.place(postgres) + (redis.isPresent() ? ", with Redis" : ", without Redis");
  }
}
