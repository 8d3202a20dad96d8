package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.store.DocumentId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are taken, with which keys, and what is said of those that are not. */
class JwtAuthenticatorTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final String ISSUER = "https://id.example.org";
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final KeyPair RSA = TestCertificates.keys("RSA");
  private static final KeyPair EC = TestCertificates.keys("EC");
  private static final KeyPair ED25519 = TestCertificates.keys("Ed25519");
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @RegisterExtension final LogLines keysLog = LogLines.of(RemoteKeys.class);
  @RegisterExtension final LogLines looks = LogLines.of(FileWatch.class);

  @TempDir Path directory;

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void shouldTakeTokensSignedWithEachAlgorithm() throws Exception {
    JWTClaimsSet claims = claims().build();
    Map<String, JwtAuthenticator.Builder> byToken =
        Map.of(
            signed(JWSAlgorithm.HS256, new MACSigner(SECRET), null, claims),
            builder().secret(write("secret", SECRET + "\n")),
            signed(JWSAlgorithm.RS256, new RSASSASigner(RSA.getPrivate()), null, claims),
            builder().publicKey(write("rsa", TestCertificates.written(RSA.getPublic()))),
            signed(JWSAlgorithm.ES256, ecSigner(EC), null, claims),
            builder().publicKey(write("ec", TestCertificates.written(EC.getPublic()))),
            signedWithEd25519(claims),
            builder().publicKey(write("ed", TestCertificates.written(ED25519.getPublic()))));
    for (Map.Entry<String, JwtAuthenticator.Builder> each : byToken.entrySet()) {
      try (JwtAuthenticator jwt = each.getValue().build()) {
        Identity ada = (Identity) answer(jwt, each.getKey());

        assertThat(ada.name()).isEqualTo("ada");
        assertThat(ada.validFor()).isEqualTo(Duration.ofMinutes(6));
        assertThat(ada.access().apply(NOTES)).isEqualTo(DocumentAccess.READ);
        assertThat(ada.access().apply(new DocumentId("team-a"))).isEqualTo(DocumentAccess.WRITE);
        assertThat(ada.access().apply(new DocumentId("other"))).isEqualTo(DocumentAccess.NONE);
        for (String other : byToken.keySet()) {
          if (!other.equals(each.getKey())) {
            assertThat(answer(jwt, other)).isInstanceOf(Authenticator.Refused.class);
          }
        }
      }
    }
  }

  @Test
  void shouldTakeTokensSignedWithKeysOfASet() throws Exception {
    RSAKey rsa = new RSAKey.Builder((RSAPublicKey) RSA.getPublic()).keyID("r").build();
    ECKey ec = new ECKey.Builder(Curve.P_256, (ECPublicKey) EC.getPublic()).keyID("e").build();
    OctetKeyPair ed = new OctetKeyPair.Builder(Curve.Ed25519, ed25519Bytes()).keyID("d").build();
    OctetSequenceKey secret =
        new OctetSequenceKey.Builder(SECRET.getBytes(StandardCharsets.US_ASCII)).build();
    JWTClaimsSet claims = claims().build();
    try (JwtAuthenticator jwt = builder().keySet(write("set", set(rsa, ec, ed, secret))).build()) {
      assertThat(
              answer(
                  jwt, signed(JWSAlgorithm.RS256, new RSASSASigner(RSA.getPrivate()), "r", claims)))
          .isInstanceOf(Identity.class);
      assertThat(answer(jwt, signed(JWSAlgorithm.ES256, ecSigner(EC), null, claims)))
          .isInstanceOf(Identity.class);
      assertThat(answer(jwt, signedWithEd25519(claims))).isInstanceOf(Identity.class);
      assertThat(answer(jwt, signed(JWSAlgorithm.ES256, ecSigner(EC), "r", claims)))
          .as("the key that is named")
          .isInstanceOf(Authenticator.Refused.class);
      assertThat(answer(jwt, signed(JWSAlgorithm.HS256, new MACSigner(SECRET), null, claims)))
          .as("a secret that is published")
          .isInstanceOf(Authenticator.Refused.class);
    }
  }

  @Test
  void shouldRefuseTokensThatAreNotSignedAsTheKeyIsFor() throws Exception {
    JWTClaimsSet claims = claims().build();
    String good = signed(JWSAlgorithm.RS256, new RSASSASigner(RSA.getPrivate()), null, claims);
    String[] parts = good.split("\\.", -1);
    String pem = TestCertificates.written(RSA.getPublic());
    JWSHeader ownKey =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .jwk(new ECKey.Builder(Curve.P_256, (ECPublicKey) EC.getPublic()).build())
            .build();
    List<String> forged =
        List.of(
            encoded("{\"alg\":\"none\"}") + "." + parts[1] + ".",
            encoded("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2],
            signed(JWSAlgorithm.HS256, new MACSigner(padded(pem)), null, claims),
            signed(JWSAlgorithm.HS256, new MACSigner(RSA.getPublic().getEncoded()), null, claims),
            signed(
                JWSAlgorithm.RS256,
                new RSASSASigner(TestCertificates.keys("RSA").getPrivate()),
                null,
                claims),
            signed(JWSAlgorithm.RS512, new RSASSASigner(RSA.getPrivate()), null, claims),
            signed(ownKey, ecSigner(EC), claims),
            parts[0] + "." + parts[1] + ".",
            parts[0] + "." + encoded("{\"sub\":\"eve\"}") + "." + parts[2],
            parts[0] + "." + parts[1],
            good + ".x",
            "a.b.c",
            "..",
            "weft_nonsense");
    try (JwtAuthenticator jwt = builder().publicKey(write("rsa", pem)).build()) {
      assertThat(answer(jwt, good)).isInstanceOf(Identity.class);
      for (String each : forged) {
        Refusal refusal = refusal(jwt, each);
        assertThat(refusal.code()).isEqualTo(Codes.UNAUTHORISED);
        assertThat(refusal.retryable()).isFalse();
        assertThat(refusal.reason()).contains("from whoever issues them").doesNotContain(parts[1]);
      }
      assertThat(refusal(jwt, "").reason()).contains("none was given");
      // A signature of R and S alike zero was once taken for any token's, in Java.
      try (JwtAuthenticator ec =
          builder().publicKey(write("ec", TestCertificates.written(EC.getPublic()))).build()) {
        String zero = Base64URL.encode(new byte[64]).toString();
        assertThat(refusal(ec, encoded("{\"alg\":\"ES256\"}") + "." + parts[1] + "." + zero).code())
            .isEqualTo(Codes.UNAUTHORISED);
      }
    }
  }

  @Test
  void shouldRefuseTokensOfOtherKindsOrWithWhatMustBeUnderstood() throws Exception {
    JWTClaimsSet claims = claims().build();
    JWSHeader other =
        new JWSHeader.Builder(JWSAlgorithm.HS256).type(new JOSEObjectType("logout+jwt")).build();
    JWSHeader access =
        new JWSHeader.Builder(JWSAlgorithm.HS256).type(new JOSEObjectType("at+JWT")).build();
    JWSHeader critical =
        new JWSHeader.Builder(JWSAlgorithm.HS256).criticalParams(Set.of("exp")).build();
    try (JwtAuthenticator jwt = builder().secret(write("secret", SECRET)).build()) {
      assertThat(answer(jwt, signed(access, new MACSigner(SECRET), claims)))
          .isInstanceOf(Identity.class);
      assertThat(refusal(jwt, signed(other, new MACSigner(SECRET), claims)).reason())
          .contains("typ");
      assertThat(refusal(jwt, signed(critical, new MACSigner(SECRET), claims)).reason())
          .contains("crit");
    }
  }

  @Test
  void shouldSayWhichClaimIsWrong() throws Exception {
    try (JwtAuthenticator jwt = builder().secret(write("secret", SECRET)).build()) {
      assertThat(refused(jwt, claims -> claims.issuer("https://evil.example"))).contains("(iss)");
      assertThat(refused(jwt, claims -> claims.issuer(null))).contains("(iss)");
      assertThat(refused(jwt, claims -> claims.audience("other"))).contains("(aud)");
      assertThat(refused(jwt, claims -> claims.expirationTime(null))).contains("(exp)");
      assertThat(refused(jwt, claims -> claims.subject(null))).contains("(sub)");
      assertThat(refused(jwt, claims -> claims.subject(" "))).contains("(sub)");
      assertThat(refused(jwt, claims -> claims.notBeforeTime(date(61)))).contains("(nbf)");
      assertThat(refused(jwt, claims -> claims.claim("weft", null))).contains("(weft:");
      assertThat(refused(jwt, claims -> claims.claim("weft", "write"))).contains("(weft:");
      for (Map<String, String> rule :
          List.of(
              Map.of("documents", "a/*", "access", "write"),
              Map.of("documents", "*", "access", "admin"),
              Map.of("documents", "*"),
              Map.of("documents", "*", "access", "write", "until", "tomorrow"))) {
        assertThat(refused(jwt, claims -> claims.claim("weft", List.of(rule)))).contains("(weft:");
      }
    }
  }

  @Test
  void shouldGoByTheClockWithSomeSkew() throws Exception {
    try (JwtAuthenticator jwt = builder().secret(write("secret", SECRET)).build()) {
      Identity late = (Identity) answer(jwt, hs256(claims().expirationTime(date(-59)).build()));
      Identity early = (Identity) answer(jwt, hs256(claims().notBeforeTime(date(60)).build()));
      Identity soon = (Identity) answer(jwt, hs256(claims().expirationTime(date(1)).build()));
      Refusal over = refusal(jwt, hs256(claims().expirationTime(date(-60)).build()));

      assertThat(late.validFor()).isEqualTo(Duration.ofSeconds(1));
      assertThat(early.validFor()).isEqualTo(Duration.ofMinutes(6));
      assertThat(soon.validFor()).isEqualTo(Duration.ofSeconds(61));
      assertThat(over.code()).isEqualTo(Codes.TOKEN_EXPIRED);
      assertThat(over.reason()).contains("2026-11-27T11:59:00Z", "another");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 60, 300})
  void shouldNotTakeATokenAgainThatHasEndedASession(int skewSeconds) throws Exception {
    Path secret = write("secret", SECRET);
    Duration skew = Duration.ofSeconds(skewSeconds);
    String token = hs256(claims().expirationTime(date(10)).build());
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    try (JwtAuthenticator jwt =
        builder().clock(now::get, nanos::get).clockSkew(skew).secret(secret).build()) {
      Instant end = NOW.plus(((Identity) answer(jwt, token)).validFor());

      now.set(end.minusMillis(1));
      assertThat(((Identity) answer(jwt, token)).validFor()).isEqualTo(Duration.ofMillis(1));
      now.set(end);
      assertThat(refusal(jwt, token).code()).isEqualTo(Codes.TOKEN_EXPIRED);
    }
  }

  @Test
  void shouldNotBeBuiltWithKeysThatAreWeakOrMissing() throws Exception {
    assertUnusable(builder().secret(write("short", SECRET.substring(1))), "at least 32 bytes");
    assertUnusable(builder().publicKey(write("none", "none")), "no public key");
    assertUnusable(
        builder().publicKey(write("weak", TestCertificates.written(TestCertificates.weakRsa()))),
        "2048 bits");
    assertUnusable(builder().keySet(write("json", "{}")), "Key Set");
    assertUnusable(builder().keySet(write("empty", "{\"keys\":[]}")), "none of its keys");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().keysAt(URI.create("http://id.example.org/keys")))
        .withMessageContaining("https");
    assertThatIllegalStateException()
        .isThrownBy(() -> JwtAuthenticator.builder().issuer(ISSUER).audience("weft").build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().clockSkew(Duration.ofMinutes(6)));
  }

  @Test
  void shouldTakeNewKeyOfFileAndHaveAllAskedAgainWhenOneHasGone() throws Exception {
    String other = "another secret, another secret, another";
    Path file = write("secret", SECRET);
    AtomicInteger told = new AtomicInteger();
    try (JwtAuthenticator jwt = builder().secret(file).build()) {
      String token = hs256(claims().build());
      jwt.onChange(counting(told));
      Files.move(write("next", other), file, StandardCopyOption.REPLACE_EXISTING);

      Eventually.holds(() -> told.get() == 1, looks::all);

      assertThat(refusal(jwt, token).code()).isEqualTo(Codes.UNAUTHORISED);
      assertThat(
              answer(jwt, signed(JWSAlgorithm.HS256, new MACSigner(other), null, claims().build())))
          .isInstanceOf(Identity.class);

      Files.move(write("next", "short"), file, StandardCopyOption.REPLACE_EXISTING);
      Eventually.holds(() -> !looks.all().isEmpty(), looks::all);
      assertThat(looks.all().get(0)).contains("at least 32 bytes").doesNotContain(other);
      assertThat(told).hasValue(1);
    }
  }

  @Test
  void shouldGetKeysWhereTheyArePublishedAndNoMoreOftenThanItMay() throws Exception {
    RSAKey rsa = new RSAKey.Builder((RSAPublicKey) RSA.getPublic()).keyID("r").build();
    ECKey ec = new ECKey.Builder(Curve.P_256, (ECPublicKey) EC.getPublic()).keyID("e").build();
    JWTClaimsSet claims = claims().build();
    String withRsa = signed(JWSAlgorithm.RS256, new RSASSASigner(RSA.getPrivate()), "r", claims);
    String withEc = signed(JWSAlgorithm.ES256, ecSigner(EC), "e", claims);
    AtomicInteger told = new AtomicInteger();
    try (Issuer issuer = new Issuer();
        JwtAuthenticator jwt = builder().keysAt(issuer.address()).build()) {
      jwt.onChange(counting(told));
      // Nothing can be had.
      Refusal refusal = refusal(jwt, withRsa);
      assertThat(refusal.code()).isEqualTo(Codes.INTERNAL);
      assertThat(refusal.retryable()).isTrue();
      issuer.publish(set(rsa));
      assertThat(refusal(jwt, withRsa).retryable()).isTrue();
      assertThat(issuer.asked).hasValue(1);

      pass(RemoteKeys.PAUSE);
      assertThat(answer(jwt, withRsa)).isInstanceOf(Identity.class);
      for (int i = 0; i < 100; i++) {
        assertThat(refusal(jwt, withEc).code()).isEqualTo(Codes.UNAUTHORISED);
      }
      assertThat(issuer.asked).hasValue(2);

      // A new key is found when a token needs it.
      issuer.publish(set(rsa, ec));
      pass(RemoteKeys.PAUSE);
      assertThat(answer(jwt, withEc)).isInstanceOf(Identity.class);
      assertThat(issuer.asked).hasValue(3);
      assertThat(told).hasValue(0);

      // One that has gone is found when what is here is not fresh any more.
      issuer.publish(set(ec));
      pass(RemoteKeys.FRESH);
      assertThat(answer(jwt, withRsa)).isInstanceOf(Identity.class);
      Eventually.holds(() -> told.get() == 1, told::get);
      assertThat(refusal(jwt, withRsa).code()).isEqualTo(Codes.UNAUTHORISED);

      // While the issuer is away what was had is used, for some time.
      issuer.publish(null);
      pass(RemoteKeys.USABLE.minusSeconds(1));
      assertThat(answer(jwt, withEc)).isInstanceOf(Identity.class);
      Eventually.holds(() -> issuer.asked.get() == 5, issuer.asked::get);
      pass(RemoteKeys.PAUSE);
      assertThat(refusal(jwt, withEc).retryable()).isTrue();
    }
  }

  @Test
  void shouldSayBeforeATokenComesThatKeysCannotBeHad() throws Exception {
    try (Issuer issuer = new Issuer()) {
      builder().keysAt(issuer.address()).build().close();

      String line =
          "WARN the keys at "
              + issuer.address()
              + " cannot be had, and tokens that need them are refused for now: the answer has"
              + " status 500";
      Eventually.holds(() -> keysLog.all().contains(line), keysLog::all);
      assertThat(issuer.asked).hasValue(1);
    }
  }

  @Test
  void shouldNotTakeInMoreThanItMayOrGoElsewhere() throws Exception {
    RSAKey rsa = new RSAKey.Builder((RSAPublicKey) RSA.getPublic()).build();
    String token =
        signed(JWSAlgorithm.RS256, new RSASSASigner(RSA.getPrivate()), null, claims().build());
    try (Issuer issuer = new Issuer();
        Issuer elsewhere = new Issuer();
        JwtAuthenticator jwt = builder().keysAt(issuer.address()).build()) {
      issuer.publish(" ".repeat(RemoteKeys.MAX_BYTES) + set(rsa));
      assertThat(refusal(jwt, token).retryable()).isTrue();
      elsewhere.publish(set(rsa));
      issuer.redirect(elsewhere.address());
      pass(RemoteKeys.PAUSE);
      assertThat(refusal(jwt, token).retryable()).isTrue();
      assertThat(elsewhere.asked).hasValue(0);
    }
  }

  /** Publishes keys, or fails to. */
  private static final class Issuer implements AutoCloseable {
    private final HttpServer server;
    private final AtomicReference<@Nullable String> published = new AtomicReference<>();
    private final AtomicReference<@Nullable URI> redirect = new AtomicReference<>();
    final AtomicInteger asked = new AtomicInteger();

    Issuer() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/keys",
          exchange -> {
            asked.incrementAndGet();
            String content = published.get();
            URI elsewhere = redirect.get();
            byte[] body = content == null ? new byte[0] : content.getBytes(StandardCharsets.UTF_8);
            if (elsewhere != null) {
              exchange.getResponseHeaders().set("Location", elsewhere.toString());
            }
            exchange.sendResponseHeaders(
                elsewhere != null ? 302 : content == null ? 500 : 200,
                body.length == 0 ? -1 : body.length);
            try (var out = exchange.getResponseBody()) {
              out.write(body);
            } finally {
              exchange.close();
            }
          });
      server.start();
    }

    URI address() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
    }

    void publish(@Nullable String set) {
      published.set(set);
    }

    void redirect(URI to) {
      redirect.set(to);
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static Authenticator.Listener counting(AtomicInteger told) {
    return new Authenticator.Listener() {
      @Override
      public void changed(String name) {
        throw new AssertionError("of " + name);
      }

      @Override
      public void changed() {
        told.incrementAndGet();
      }
    };
  }

  private static void assertUnusable(JwtAuthenticator.Builder builder, String why) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining(why);
  }

  private JwtAuthenticator.Builder builder() {
    return JwtAuthenticator.builder()
        .issuer(ISSUER)
        .audience("weft")
        .clock(() -> NOW, nanos::get)
        .interval(Duration.ofMillis(5));
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(List.of("mail", "weft"))
        .subject("ada")
        .expirationTime(date(300))
        .claim(
            "weft",
            List.of(
                Map.of("documents", "team-*", "access", "write"),
                Map.of("documents", "notes", "access", "read")));
  }

  private static Date date(int secondsFromNow) {
    return Date.from(NOW.plusSeconds(secondsFromNow));
  }

  private static String refused(JwtAuthenticator jwt, UnaryOperator<JWTClaimsSet.Builder> change)
      throws Exception {
    Refusal refusal = refusal(jwt, hs256(change.apply(claims()).build()));
    assertThat(refusal.code()).isEqualTo(Codes.UNAUTHORISED);
    assertThat(refusal.retryable()).isFalse();
    return refusal.reason();
  }

  private static String hs256(JWTClaimsSet claims) throws Exception {
    return signed(JWSAlgorithm.HS256, new MACSigner(SECRET), null, claims);
  }

  private static String signed(
      JWSAlgorithm algorithm, JWSSigner signer, @Nullable String key, JWTClaimsSet claims)
      throws Exception {
    return signed(new JWSHeader.Builder(algorithm).keyID(key).build(), signer, claims);
  }

  private static String signed(JWSHeader header, JWSSigner signer, JWTClaimsSet claims)
      throws Exception {
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }

  private static JWSSigner ecSigner(KeyPair keys) throws Exception {
    return new ECDSASigner((ECPrivateKey) keys.getPrivate());
  }

  private static String signedWithEd25519(JWTClaimsSet claims) throws Exception {
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.EdDSA), claims);
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(ED25519.getPrivate());
    signature.update(token.getSigningInput());
    return new String(token.getSigningInput(), StandardCharsets.US_ASCII)
        + "."
        + Base64URL.encode(signature.sign());
  }

  private static Base64URL ed25519Bytes() {
    byte[] encoded = ED25519.getPublic().getEncoded();
    return Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
  }

  private static String set(JWK... keys) {
    return new JWKSet(List.of(keys)).toString(false);
  }

  private static byte[] padded(String secret) {
    return secret.getBytes(StandardCharsets.US_ASCII);
  }

  private static String encoded(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  private static Authenticator.Answer answer(Authenticator from, String token) {
    return from.authenticate(token, "192.0.2.7:50123").toCompletableFuture().join();
  }

  private static Refusal refusal(Authenticator from, String token) {
    return ((Authenticator.Refused) answer(from, token)).refusal();
  }
}
