package dev.weft.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The token of one session: fetched for each connection, and again before it ends. Confined to the
 * loop; only the source is asked elsewhere.
 */
final class Credentials {
  /** A token is renewed when a fifth of its time is left, or so much, whichever is less. */
  private static final Duration RENEW_BEFORE_END = Duration.ofMinutes(1);

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  private final Environment environment;
  private final @Nullable TokenSource source;
  private final Backoff retries;

  // Whoever asked on a connection that is gone is not answered.
  private long asked;
  private boolean fetching;
  private Loop.@Nullable Timer renewal;

  /**
   * Creates credentials.
   *
   * @param source gives tokens; null where the relay asks for none
   */
  Credentials(Environment environment, @Nullable TokenSource source) {
    this.environment = environment;
    this.source = source;
    this.retries = new Backoff(FIRST_RETRY, LAST_RETRY, environment.random());
  }

  /** Returns whether a token that has ended can be replaced by another. */
  boolean canRenew() {
    return source != null;
  }

  boolean isFetching() {
    return fetching;
  }

  /**
   * Fetches a token; one of the two is called on the loop, unless {@link #stop} comes before.
   *
   * @param got is given the token, an empty one where there is no source
   * @param failed is told why there is none
   */
  void fetch(Consumer<String> got, Consumer<String> failed) {
    TokenSource asking = source;
    if (asking == null) {
      got.accept("");
      return;
    }
    long question = ++asked;
    fetching = true;
    environment
        .tokens()
        .execute(
            () -> {
              Runnable answer = ask(asking, got, failed);
              environment.loop().execute(() -> answered(question, answer));
            });
  }

  /** On a thread that may block. Whatever the embedder's code throws is an answer too. */
  private static Runnable ask(TokenSource source, Consumer<String> got, Consumer<String> failed) {
    try {
      String token = source.token();
      return token == null
          ? () -> failed.accept("the token source gave null")
          : () -> got.accept(token);
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      return () -> failed.accept(why);
    }
  }

  private void answered(long question, Runnable answer) {
    if (question == asked) {
      fetching = false;
      answer.run();
    }
  }

  /**
   * The relay has taken a token. Before it ends another is fetched; it is the caller's to send it,
   * and to tell here when the relay has taken it.
   *
   * @param validMillis for how long it is good; 0 if no end is known
   * @param renewed is given the next token, on the loop
   */
  void taken(int validMillis, Consumer<String> renewed) {
    retries.reset();
    if (validMillis > 0 && source != null) {
      long valid = TimeUnit.MILLISECONDS.toNanos(validMillis);
      renewAfter(valid - Math.min(valid / 5, RENEW_BEFORE_END.toNanos()), validMillis, renewed);
    }
  }

  private void renewAfter(long nanos, int validMillis, Consumer<String> renewed) {
    renewal =
        environment
            .loop()
            .schedule(
                nanos,
                () -> {
                  renewal = null;
                  fetch(renewed, why -> renewAfter(retries.nextDelayNanos(), validMillis, renewed));
                });
  }

  /** The connection is gone: what was asked for it is of no use any more. */
  void stop() {
    asked++;
    fetching = false;
    if (renewal != null) {
      renewal.cancel();
      renewal = null;
    }
  }
}
