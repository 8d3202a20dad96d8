package dev.weft.relay;

import com.nimbusds.jose.JWSHeader;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The keys that an issuer publishes at an address: asked for when a token comes and those that are
 * here are old or do not fit, by one request at a time and at most so often, whatever tokens come.
 * Nobody waits on a thread.
 *
 * <p>Keys are used for a while after they could last be had, so that the issuer may be away; then
 * tokens are refused for now.
 */
final class RemoteKeys implements TokenKeySource {
  private static final Logger log = LoggerFactory.getLogger(RemoteKeys.class);

  /** From when on newer ones are asked for, while those that are here go on to be used. */
  static final Duration FRESH = Duration.ofMinutes(5);

  /** For how long they are used at most. */
  static final Duration USABLE = Duration.ofHours(1);

  /** The least time between requests. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  static final int MAX_BYTES = 1 << 20;

  private static final Duration WITHIN = Duration.ofSeconds(5);

  private final URI address;
  private final LongSupplier ticker;
  private final HttpClient http;
  private volatile Runnable changed = () -> {};

  // Guarded by this.
  private @Nullable TokenKeys keys;
  private long hadNanos;
  private @Nullable CompletableFuture<TokenKeys> request;
  private long askedNanos;
  private boolean asked;
  private boolean failed;

  /**
   * Creates the source; nothing is asked for yet.
   *
   * @throws IllegalArgumentException if the address is neither {@code https:} nor one of this
   *     machine
   */
  RemoteKeys(URI address, LongSupplier ticker) {
    this.address = require(address);
    this.ticker = ticker;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(WITHIN)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * Returns an address.
   *
   * @throws IllegalArgumentException if it is neither {@code https:} nor one of this machine
   */
  static URI require(URI address) {
    boolean safe =
        "https".equals(address.getScheme())
            || ("http".equals(address.getScheme()) && Hosts.isLoopback(address.getHost()));
    if (!safe || address.getHost() == null) {
      throw new IllegalArgumentException(
          "keys are fetched from https://..., so that nobody on the way can give others, not from "
              + address);
    }
    return address;
  }

  /**
   * Asks for the keys before somebody needs them, so that the log says at once if they are away.
   */
  void askEarly() {
    synchronized (this) {
      asked = true;
      askedNanos = ticker.getAsLong();
      request = new CompletableFuture<>();
    }
    ask();
  }

  @Override
  public CompletionStage<TokenKeys> keysFor(JWSHeader header) {
    CompletableFuture<TokenKeys> answer;
    boolean asks;
    synchronized (this) {
      long now = ticker.getAsLong();
      TokenKeys known = keys != null && now - hadNanos < USABLE.toNanos() ? keys : null;
      boolean fits = known != null && known.mayHaveSigned(header);
      boolean old = known == null || now - hadNanos >= FRESH.toNanos();
      asks = request == null && (old || !fits) && (!asked || now - askedNanos >= PAUSE.toNanos());
      if (asks) {
        asked = true;
        askedNanos = now;
        request = new CompletableFuture<>();
      }
      if (fits) {
        answer = CompletableFuture.completedFuture(known);
      } else if (request != null) {
        answer = request;
      } else if (known != null && !failed) {
        answer = CompletableFuture.completedFuture(known);
      } else {
        answer = CompletableFuture.failedFuture(unknown());
      }
    }
    if (asks) {
      ask();
    }
    return answer;
  }

  private static RefusedException unknown() {
    return new RefusedException(
        Refusal.forNow(
            Codes.INTERNAL,
            "The relay cannot get the keys that tokens are checked with at the moment; try again.",
            (int) PAUSE.toMillis()));
  }

  private void ask() {
    HttpRequest get =
        HttpRequest.newBuilder(address)
            .timeout(WITHIN)
            .header("Accept", "application/jwk-set+json, application/json")
            .build();
    var unused =
        http.sendAsync(get, response -> new BoundedBody(MAX_BYTES))
            .orTimeout(2 * WITHIN.toMillis(), TimeUnit.MILLISECONDS)
            .thenApply(RemoteKeys::keys)
            .whenComplete(this::answered);
  }

  private static TokenKeys keys(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      throw new IllegalArgumentException("the answer has status " + response.statusCode());
    }
    return TokenKeys.ofSet(new String(response.body(), StandardCharsets.UTF_8));
  }

  private void answered(@Nullable TokenKeys had, @Nullable Throwable failure) {
    CompletableFuture<TokenKeys> waiting;
    TokenKeys before;
    boolean again;
    synchronized (this) {
      waiting = request;
      request = null;
      before = keys;
      again = failed;
      failed = had == null;
      if (had != null) {
        keys = had;
        hadNanos = ticker.getAsLong();
      }
    }
    if (had == null) {
      if (!again) {
        Failures.tell(
            log,
            Level.WARN,
            "the keys at "
                + address
                + " cannot be had, and tokens that need them are refused for now",
            Objects.requireNonNull(failure, "failure"));
      }
      if (waiting != null) {
        waiting.completeExceptionally(unknown());
      }
      return;
    }
    if (again || before == null) {
      log.info("the keys at {} {}", address, again ? "can be had again" : "were read");
    }
    if (waiting != null) {
      waiting.complete(had);
    }
    if (before != null && before.hasOthersThan(had)) {
      log.info("there are other keys at {}", address);
      changed.run();
    }
  }

  @Override
  public void whenGone(Runnable task) {
    changed = task;
  }

  /** A request that is under way comes to its end. */
  @Override
  public void close() {}
}
