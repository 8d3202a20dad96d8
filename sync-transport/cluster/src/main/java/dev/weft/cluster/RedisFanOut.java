package dev.weft.cluster;

import dev.weft.crdt.Change;
import dev.weft.crdt.MalformedUpdateException;
import dev.weft.relay.FanOut;
import dev.weft.store.DocumentId;
import io.lettuce.core.RedisURI;
import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries new changes between relays over Redis publish/subscribe, one channel a document. Nothing
 * is kept in Redis, and nothing depends on it: while it is away, or has lost an announcement,
 * relays find what they lack in the store, a little later. Thread-safe.
 *
 * <p>Redis sees the text and hands it to the relays, so it must be as trusted as the database is.
 * Relays hear only those of the same cluster, however many clusters share a Redis. The database
 * names the cluster; so a copy of the database must be given another Redis.
 */
public final class RedisFanOut implements FanOut {
  private static final Logger log = LoggerFactory.getLogger(RedisFanOut.class);

  /** As many channels are subscribed with one command when the link is there again. */
  private static final int CHANNELS_A_COMMAND = 500;

  private final String channelPrefix;
  private final long ownName;
  private final ScheduledExecutorService scheduler;
  private final CatchUps catchUps;
  private final Map<String, List<Listening>> channels = new HashMap<>();
  private final RedisLink link;

  private RedisFanOut(RedisURI uri, String clusterName, RandomGenerator random) {
    channelPrefix = "weft:" + clusterName + ":";
    ownName = random.nextLong();
    scheduler = FanOutThread.start();
    catchUps = new CatchUps(scheduler, random);
    link = new RedisLink(uri, new LinkEvents(), scheduler, random);
  }

  /**
   * Returns a fan-out that connects by itself, at once and whenever the connection is lost: Redis
   * need not be there yet.
   *
   * @param uri {@code redis://[[USER:]PASSWORD@]HOST[:PORT]}, or {@code rediss:} for TLS; the
   *     password is never shown
   * @param clusterName only relays that give the same name hear each other
   * @throws IllegalArgumentException if {@code uri} is not of that form
   */
  public static RedisFanOut start(String uri, String clusterName) {
    RedisFanOut fanOut = new RedisFanOut(parse(uri), clusterName, new SecureRandom());
    fanOut.link.start();
    return fanOut;
  }

  /** Reads an address without connecting. */
  static RedisURI parse(String uri) {
    try {
      URI parsed = URI.create(uri);
      if (("redis".equals(parsed.getScheme()) || "rediss".equals(parsed.getScheme()))
          && parsed.getHost() != null) {
        return RedisURI.create(uri);
      }
    } catch (IllegalArgumentException e) {
      log.debug("the address of Redis cannot be read: {}", e.getClass().getSimpleName());
    }
    // Not shown, and without the cause, which shows it: it may hold a password.
    throw new IllegalArgumentException(
        "the address of Redis must be of the form redis://[[USER:]PASSWORD@]HOST[:PORT], with what is"
            + " special in a URL percent-encoded");
  }

  @Override
  public void publish(DocumentId document, List<Change> changes) {
    if (!link.isUp()) {
      return;
    }
    String channel = channelPrefix + document;
    for (byte[] announcement : Announcement.write(ownName, changes)) {
      if (!link.publish(channel, announcement)) {
        // What follows would only be found to miss this one.
        log.debug("document {}: an announcement was dropped", document);
        return;
      }
    }
  }

  @Override
  public Subscription subscribe(DocumentId document, Listener listener) {
    String channel = channelPrefix + document;
    Listening listening = new Listening(channel, listener, catchUps.watch(listener));
    synchronized (channels) {
      List<Listening> all = channels.computeIfAbsent(channel, absent -> new ArrayList<>());
      all.add(listening);
      if (all.size() == 1) {
        link.subscribe(List.of(channel));
      }
    }
    return listening;
  }

  private List<Listening> listeners(String channel) {
    synchronized (channels) {
      return List.copyOf(channels.getOrDefault(channel, List.of()));
    }
  }

  @Override
  public void close() {
    link.close();
    scheduler.shutdownNow();
  }

  /** What the link brings. */
  private final class LinkEvents implements RedisLink.Events {
    @Override
    public void up() {
      catchUps.announcementsCome(true);
      synchronized (channels) {
        List<String> all = List.copyOf(channels.keySet());
        for (int from = 0; from < all.size(); from += CHANNELS_A_COMMAND) {
          link.subscribe(all.subList(from, Math.min(from + CHANNELS_A_COMMAND, all.size())));
        }
      }
    }

    @Override
    public void down() {
      catchUps.announcementsCome(false);
    }

    @Override
    public void subscribed(String channel) {
      // What was announced before was not heard.
      listeners(channel).forEach(listening -> listening.watch.now());
    }

    @Override
    public void message(String channel, byte[] payload) {
      if (Announcement.isFrom(ownName, payload)) {
        return;
      }
      List<Listening> listeners = listeners(channel);
      if (listeners.isEmpty()) {
        return;
      }
      try {
        List<Change> changes = Announcement.read(payload).changes();
        listeners.forEach(listening -> Callbacks.run(() -> listening.listener.received(changes)));
      } catch (MalformedUpdateException e) {
        // From a relay of a later version, perhaps. The store has it in a form that this one can
        // read.
        log.debug("an announcement on {} cannot be read: {}", channel, e.getMessage());
        listeners.forEach(listening -> listening.watch.missed());
      }
    }
  }

  private final class Listening implements Subscription {
    private final String channel;
    private final Listener listener;
    private final CatchUps.Watch watch;

    Listening(String channel, Listener listener, CatchUps.Watch watch) {
      this.channel = channel;
      this.listener = listener;
      this.watch = watch;
    }

    @Override
    public void missed() {
      watch.missed();
    }

    @Override
    public void close() {
      watch.end();
      synchronized (channels) {
        List<Listening> all = channels.get(channel);
        if (all != null && all.remove(this) && all.isEmpty()) {
          channels.remove(channel);
          link.unsubscribe(channel);
        }
      }
    }
  }
}
