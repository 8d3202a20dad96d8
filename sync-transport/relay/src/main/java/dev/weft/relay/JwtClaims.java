package dev.weft.relay;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the claims of a token must say, and what follows from them. The signature has been verified.
 *
 * @param skew by how much the clocks of issuer and relay may differ
 */
record JwtClaims(String issuer, String audience, Duration skew) {
  /** The claim that says what the bearer may do. */
  static final String RULES = "weft";

  private static final String DOCUMENTS = "documents";
  private static final String ACCESS = "access";
  private static final String GET_ANOTHER = "; get another from whoever issues them.";

  /** Returns who bears a token with such claims, or why it is not let in. */
  Authenticator.Answer answer(JWTClaimsSet claims, Instant now) {
    if (!issuer.equals(claims.getIssuer())) {
      return unauthorised("The token is not from the issuer that this relay trusts (iss)");
    }
    if (!claims.getAudience().contains(audience)) {
      return unauthorised("The token is for something else than this relay (aud)");
    }
    Date end = claims.getExpirationTime();
    if (end == null) {
      return unauthorised("The token does not say until when it is good (exp)");
    }
    Instant expires = end.toInstant();
    if (!now.isBefore(expires.plus(skew))) {
      return Authenticator.Refused.tokenExpired(
          "The token was good until " + expires + GET_ANOTHER);
    }
    Date begin = claims.getNotBeforeTime();
    if (begin != null && begin.toInstant().isAfter(now.plus(skew))) {
      return unauthorised("The token is not good before " + begin.toInstant() + " (nbf)");
    }
    String name = claims.getSubject();
    if (name == null || name.isBlank()) {
      return unauthorised("The token does not say whose it is (sub)");
    }
    List<AccessRule> rules;
    try {
      rules = rules(claims.getClaim(RULES));
    } catch (IllegalArgumentException e) {
      return unauthorised(
          "The token does not say what its bearer may do (" + RULES + ": " + e.getMessage() + ")");
    }
    // Who stays has the skew as well: else the token of who is cut off would be taken once more.
    Duration left = Duration.between(now, expires.plus(skew));
    return new Identity(name, left, document -> AccessRule.decide(rules, document));
  }

  private static Authenticator.Refused unauthorised(String why) {
    return Authenticator.Refused.unauthorised(Sentences.within(why + GET_ANOTHER));
  }

  /**
   * Reads {@code [{"documents": "team-*", "access": "write"}, ...]}. More in a rule is not passed
   * over: it might be meant to forbid something.
   */
  private static List<AccessRule> rules(Object claim) {
    if (!(claim instanceof List<?> all)) {
      throw new IllegalArgumentException("a list of rules is missing");
    }
    List<AccessRule> rules = new ArrayList<>();
    for (Object each : all) {
      if (!(each instanceof Map<?, ?> rule)
          || !rule.keySet().equals(Set.of(DOCUMENTS, ACCESS))
          || !(rule.get(DOCUMENTS) instanceof String documents)
          || !(rule.get(ACCESS) instanceof String access)) {
        throw new IllegalArgumentException("a rule has documents and access, two texts");
      }
      rules.add(new AccessRule(documents, AccessRule.accessOf(access)));
    }
    return List.copyOf(rules);
  }
}
