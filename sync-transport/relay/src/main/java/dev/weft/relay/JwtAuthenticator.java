package dev.weft.relay;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets in those who bear a JSON Web Token (RFC 7519) that an issuer has signed. Thread-safe.
 *
 * <pre>{@code
 * JwtAuthenticator.builder()
 *     .issuer("https://id.example.org")
 *     .audience("weft")
 *     .keysAt(URI.create("https://id.example.org/.well-known/jwks.json"))
 *     .build()
 * }</pre>
 *
 * <p>A token is taken if it is signed with HS256, RS256, ES256 or EdDSA (Ed25519), whichever the
 * key is for, and has these claims:
 *
 * <ul>
 *   <li>{@code iss}, {@code aud}: the issuer and the audience that are set here
 *   <li>{@code sub}: the name of who bears it
 *   <li>{@code exp}, and {@code nbf} where it has one: from when until when it is good
 *   <li>{@code weft}: what its bearer may do, {@code [{"documents": "team-*", "access": "write"},
 *       ...]} with {@code none}, {@code read} or {@code write}; the first rule that fits a document
 *       counts, and nothing may be done with one that none fits: see {@link AccessRule}
 * </ul>
 *
 * <p>{@code exp} and {@code nbf} are instants, so they are compared with the machine's clock, when
 * a token is checked; how long its bearer stays is measured by the monotonic clock from then on.
 * Both are taken with the same leeway for clocks that differ ({@link Builder#clockSkew}, 60 s
 * unless set): a token is good from so long before {@code nbf} until so long after {@code exp}, and
 * whoever is connected by it stays until then and no longer. So who is cut off at that moment comes
 * back only with another token. What is not taken is refused with a sentence that says what is
 * wrong, and never with the token.
 *
 * <p>Keys are read again when they change. If one is not there any more, all who are connected are
 * asked about again.
 */
public final class JwtAuthenticator implements Authenticator, AutoCloseable {
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt");

  private final JwtClaims claims;
  private final TokenKeySource keys;
  private final InstantSource clock;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  private JwtAuthenticator(JwtClaims claims, TokenKeySource keys, InstantSource clock) {
    this.claims = claims;
    this.keys = keys;
    this.clock = clock;
    keys.whenGone(() -> listeners.forEach(Listener::changed));
  }

  /** Returns a builder: an issuer, an audience and one kind of keys must be set. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public CompletionStage<Answer> authenticate(String token, String peer) {
    if (token.isEmpty()) {
      return answered(
          Refused.unauthorised(
              "This relay asks for a token, and none was given; get one from whoever issues them."));
    }
    SignedJWT signed;
    try {
      signed = SignedJWT.parse(token);
    } catch (ParseException | RuntimeException e) {
      return answered(
          Refused.unauthorised(
              "The token is no signed JSON Web Token; get one from whoever issues them."));
    }
    JOSEObjectType type = signed.getHeader().getType();
    Set<String> critical = signed.getHeader().getCriticalParams();
    if ((type != null && !TYPES.contains(type.getType().toLowerCase(Locale.ROOT)))
        || (critical != null && !critical.isEmpty())) {
      return answered(
          Refused.unauthorised(
              "The token is of a kind that this relay does not know (typ, crit); get another from"
                  + " whoever issues them."));
    }
    return keys.keysFor(signed.getHeader())
        .thenApply(found -> answer(signed, found))
        .exceptionally(JwtAuthenticator::notNow);
  }

  private static CompletionStage<Answer> answered(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private Answer answer(SignedJWT token, TokenKeys known) {
    if (!known.mayHaveSigned(token.getHeader())) {
      return Refused.unauthorised(
          "The token is signed with another key or algorithm than this relay takes, "
              + known.algorithms()
              + "; get another from whoever issues them.");
    }
    if (!known.verify(token.getHeader(), token.getSigningInput(), token.getSignature())) {
      return Refused.unauthorised(
          "The token's signature is wrong; get another from whoever issues them.");
    }
    JWTClaimsSet said;
    try {
      said = token.getJWTClaimsSet();
    } catch (ParseException e) {
      return Refused.unauthorised(
          "The token's claims cannot be read; get another from whoever issues them.");
    }
    return claims.answer(said, clock.instant());
  }

  private static Answer notNow(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof RefusedException refused) {
      return new Refused(refused.refusal());
    }
    throw new CompletionException(cause);
  }

  @Override
  public Subscription onChange(Listener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Reads keys no more; those that were read last go on to hold. */
  @Override
  public void close() {
    keys.close();
  }

  /** Sets up a {@link JwtAuthenticator}. Not thread-safe. */
  public static final class Builder {
    private @Nullable String issuer;
    private @Nullable String audience;
    private Duration skew = Duration.ofSeconds(60);
    private @Nullable Supplier<TokenKeySource> source;
    private InstantSource clock = InstantSource.system();
    private LongSupplier ticker = System::nanoTime;
    private Duration interval = FileWatch.INTERVAL;

    private Builder() {}

    /** Sets who must have issued a token. */
    public Builder issuer(String iss) {
      issuer = Objects.requireNonNull(iss, "issuer");
      return this;
    }

    /** Sets for whom a token must have been issued. */
    public Builder audience(String aud) {
      audience = Objects.requireNonNull(aud, "audience");
      return this;
    }

    /**
     * Sets by how much the issuer's clock and this machine's may differ; 60 s unless set. So much
     * longer than it says a token is good, for who comes as for who is connected.
     *
     * @throws IllegalArgumentException if it is negative or longer than five minutes
     */
    public Builder clockSkew(Duration most) {
      if (most.isNegative() || most.compareTo(Duration.ofMinutes(5)) > 0) {
        throw new IllegalArgumentException("clockSkew must be from 0 to 5 minutes, is " + most);
      }
      skew = most;
      return this;
    }

    /**
     * Has tokens be signed with HS256 and a secret: what stands in a file, 32 bytes or more,
     * without line ends behind it.
     */
    public Builder secret(Path file) {
      return source(() -> FileKeys.ofSecret(file, interval));
    }

    /** Has tokens be signed with the private key of a public one, or certificate, in PEM. */
    public Builder publicKey(Path pem) {
      return source(() -> FileKeys.ofPem(pem, interval));
    }

    /** Has tokens be signed with a key of a JSON Web Key Set. */
    public Builder keySet(Path jwks) {
      return source(() -> FileKeys.ofSet(jwks, interval));
    }

    /**
     * Has tokens be signed with a key of the JSON Web Key Set at an address. It is asked for when
     * the authenticator is built, which does not wait for it, and again when a token comes, if it
     * was had more than five minutes ago or has no key for the token, and not more often than every
     * 10 s. If it cannot be had, what was had within the last hour is used; without that, tokens
     * are refused for now.
     *
     * @throws IllegalArgumentException if the address is not {@code https:}, unless it is of this
     *     machine
     */
    public Builder keysAt(URI address) {
      RemoteKeys.require(address);
      return source(
          () -> {
            RemoteKeys keys = new RemoteKeys(address, ticker);
            keys.askEarly();
            return keys;
          });
    }

    private Builder source(Supplier<TokenKeySource> keys) {
      if (source != null) {
        throw new IllegalStateException("the keys of tokens come from one place");
      }
      source = keys;
      return this;
    }

    Builder clock(InstantSource wall, LongSupplier monotonic) {
      clock = wall;
      ticker = monotonic;
      return this;
    }

    Builder interval(Duration between) {
      interval = between;
      return this;
    }

    /**
     * Returns the authenticator.
     *
     * @throws IllegalStateException if an issuer, an audience or the keys are not set
     * @throws UnusableFileException if the file of the keys cannot be used
     */
    public JwtAuthenticator build() {
      if (issuer == null || audience == null || source == null) {
        throw new IllegalStateException("tokens need an issuer, an audience and keys");
      }
      return new JwtAuthenticator(new JwtClaims(issuer, audience, skew), source.get(), clock);
    }
  }
}
