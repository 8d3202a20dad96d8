package dev.weft.relay;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in those whose tokens are listed in a text file, which is for small teams. Thread-safe.
 *
 * <pre>
 *   # name  SHA-256 of the token           until                         may
 *   ada     9f86d081884c7d659a2feaa0c5...                                write:*
 *   ben     60303ae22b998861bce3b28f33...  expires=2027-01-31T12:00:00Z  none:secret-* read:*
 * </pre>
 *
 * <p>Of the rules the first that fits a document counts. A token stands in the file as its SHA-256
 * digest, so who reads the file cannot use it; {@link #newToken} makes tokens that nobody can guess
 * from that, and {@link #line} their lines. One name may have several tokens, so that a new one can
 * be handed out before the old one goes.
 *
 * <p>The file is looked at every second, and read again when it has changed and is not being
 * written any more. Whoever is connected by a token that it says something else of, or nothing any
 * more, is asked about again at once. If something in it is wrong then, the log says in which line,
 * and what was read before goes on to hold. Instants in the file are compared with the machine's
 * clock.
 */
public final class TokenFile implements Authenticator, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TokenFile.class);

  /** What tokens begin with, so that those who look for leaked secrets know them. */
  private static final String PREFIX = "weft_";

  private static final int TOKEN_BYTES = 32;
  private static final int MIN_TOKEN_LENGTH = 32;

  private final Path file;
  private final InstantSource clock;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final FileWatch watch;

  /** What the file was when it was taken over last. Written by one thread at a time. */
  private byte[] taken;

  /**
   * Found by digest. That takes longer or shorter depends on the digest of what a client has sent,
   * of which it cannot choose more than a few bits, and what it could learn is a digest.
   */
  private volatile Map<String, TokenLines.Bearer> bearers;

  private TokenFile(Path file, InstantSource clock, Duration interval) {
    this.file = file;
    this.clock = clock;
    this.taken = SettingsFile.bytes(file);
    this.bearers = TokenLines.parse(file, SettingsFile.text(file, taken));
    SettingsFile.warnIfExposed(file);
    log.info("{} has {}", file, Amounts.count(bearers.size(), "token"));
    this.watch = FileWatch.begin(file.toString(), List.of(file), interval, this::read);
  }

  /**
   * Reads a file, and goes on to look at it until this is closed.
   *
   * @throws UnusableFileException if it cannot be read, or a line of it is wrong, and which
   */
  public static TokenFile open(Path file) {
    return open(file, InstantSource.system(), FileWatch.INTERVAL);
  }

  static TokenFile open(Path file, InstantSource clock, Duration interval) {
    return new TokenFile(file, clock, interval);
  }

  /** Returns a new token: 256 bits from {@code random}, in characters that stand in any header. */
  public static String newToken(SecureRandom random) {
    byte[] bits = new byte[TOKEN_BYTES];
    random.nextBytes(bits);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  /**
   * Returns a line for a token's bearer, without a line end. The token is not in it.
   *
   * @param name who bears it, without blanks
   * @param expires until when it is good; null: without end
   * @param rules what the bearer may do: the first that fits a document counts
   * @throws IllegalArgumentException if the name has blanks or control characters or more than 64
   *     characters, the token is shorter than 32 characters, or there is no rule
   */
  public static String line(
      String name, String token, @Nullable Instant expires, List<AccessRule> rules) {
    if (token.length() < MIN_TOKEN_LENGTH) {
      throw new IllegalArgumentException(
          "a token has at least "
              + MIN_TOKEN_LENGTH
              + " characters, or it could be guessed from its digest, length="
              + token.length());
    }
    return TokenLines.format(name, TokenLines.digest(token), expires, rules);
  }

  private void read() {
    byte[] bytes = SettingsFile.bytes(file);
    if (Arrays.equals(bytes, taken)) {
      return;
    }
    Map<String, TokenLines.Bearer> before = bearers;
    Map<String, TokenLines.Bearer> now = TokenLines.parse(file, SettingsFile.text(file, bytes));
    taken = bytes;
    bearers = now;
    Set<String> changed = changed(before, now);
    SettingsFile.warnIfExposed(file);
    log.info(
        "{} was read again: it has {}, and what it says of {} is new",
        file,
        Amounts.count(now.size(), "token"),
        Amounts.count(changed.size(), "name"));
    for (Listener listener : listeners) {
      changed.forEach(listener::changed);
    }
  }

  /** Returns the names of whose tokens something else is said. */
  private static Set<String> changed(
      Map<String, TokenLines.Bearer> before, Map<String, TokenLines.Bearer> now) {
    Map<String, TokenLines.Bearer> all = new HashMap<>(before);
    all.putAll(now);
    Set<String> names = new HashSet<>();
    for (String digest : all.keySet()) {
      TokenLines.Bearer was = before.get(digest);
      TokenLines.Bearer is = now.get(digest);
      if (was != null && !was.equals(is)) {
        names.add(was.name());
      }
      if (is != null && !is.equals(was)) {
        names.add(is.name());
      }
    }
    return names;
  }

  @Override
  public CompletionStage<Answer> authenticate(String token, String peer) {
    return CompletableFuture.completedFuture(answer(token));
  }

  private Answer answer(String token) {
    if (token.isEmpty()) {
      return Refused.unauthorised(
          "This relay asks for a token, and none was given; ask whoever runs it for one.");
    }
    TokenLines.Bearer bearer = bearers.get(TokenLines.digest(token));
    if (bearer == null) {
      return Refused.unauthorised(
          "This relay does not know the token; ask whoever runs it for another.");
    }
    Duration left = null;
    if (bearer.expires() != null) {
      left = Duration.between(clock.instant(), bearer.expires());
      if (left.isNegative() || left.isZero()) {
        return Refused.tokenExpired(
            "The token was good until "
                + bearer.expires()
                + "; ask whoever runs this relay for a new one.");
      }
    }
    List<AccessRule> rules = bearer.rules();
    return new Identity(bearer.name(), left, document -> AccessRule.decide(rules, document));
  }

  @Override
  public Subscription onChange(Listener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Looks at the file no more; what was read last goes on to hold. */
  @Override
  public void close() {
    watch.close();
  }
}
