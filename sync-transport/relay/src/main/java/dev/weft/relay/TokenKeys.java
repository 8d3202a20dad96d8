package dev.weft.relay;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys that the signatures of tokens are verified with. Which algorithm goes with a key is said
 * by the key alone, so a token cannot have a public key taken for the secret of an HMAC, nor go
 * without a signature: see RFC 8725, 3.1. Immutable.
 */
final class TokenKeys {
  /** More are in no set of keys that is in order, and each may have to be tried. */
  static final int MAX_KEYS = 32;

  private static final int MIN_SECRET_BYTES = 32;
  private static final int MIN_RSA_BITS = 2_048;
  private static final Set<JWSAlgorithm> ED25519 = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

  private final List<Key> keys;

  private TokenKeys(List<Key> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * One key.
   *
   * @param id by which tokens may name it; null where it has none
   * @param algorithms the names of its algorithm
   * @param digest what tells it from others
   */
  private record Key(
      @Nullable String id, Set<JWSAlgorithm> algorithms, JWSVerifier verifier, Object digest) {}

  /**
   * Takes the secret of HS256: what stands in a file, but for a line end.
   *
   * @throws UnusableFileException if it is shorter than 256 bits
   */
  static TokenKeys ofSecret(Path file, byte[] bytes) {
    int length = bytes.length;
    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
      length--;
    }
    byte[] secret = Arrays.copyOf(bytes, length);
    if (length < MIN_SECRET_BYTES) {
      throw new UnusableFileException(
          file,
          "a secret for HS256 has at least "
              + MIN_SECRET_BYTES
              + " bytes, this has "
              + length
              + "; 'openssl rand -base64 48' makes one");
    }
    try {
      return new TokenKeys(
          List.of(
              new Key(
                  null,
                  Set.of(JWSAlgorithm.HS256),
                  new MACVerifier(secret),
                  ByteBuffer.wrap(secret))));
    } catch (JOSEException e) {
      throw new UnusableFileException(file, "it cannot be used as a secret", e);
    }
  }

  /**
   * Takes a public key in PEM: RSA for RS256, EC on P-256 for ES256, or Ed25519.
   *
   * @throws UnusableFileException if it is none of these
   */
  static TokenKeys ofPem(Path file, byte[] bytes) {
    try {
      return new TokenKeys(List.of(key(null, PemKeys.publicKey(file, bytes))));
    } catch (JOSEException | IllegalArgumentException e) {
      throw new UnusableFileException(file, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Takes a JSON Web Key Set. What in it is no public key of the algorithms above, or not for
   * signatures, is passed over.
   *
   * @throws IllegalArgumentException if it is none, or nothing of it can be used
   */
  static TokenKeys ofSet(String json) {
    JWKSet set;
    try {
      set = JWKSet.parse(json);
    } catch (ParseException e) {
      throw new IllegalArgumentException("it is no JSON Web Key Set", e);
    }
    List<Key> keys = new ArrayList<>();
    for (JWK each : set.getKeys()) {
      try {
        PublicKey known = publicKey(each);
        if (known != null) {
          Key key = key(each.getKeyID(), known);
          if (each.getAlgorithm() == null
              || key.algorithms.stream()
                  .anyMatch(one -> one.getName().equals(each.getAlgorithm().getName()))) {
            keys.add(key);
          }
        }
      } catch (JOSEException | IllegalArgumentException e) {
        // It is for others than this relay.
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "none of its keys is a public one, RSA, EC on P-256 or Ed25519, for signatures");
    }
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "a set has at most " + MAX_KEYS + " keys that can be used, this has " + keys.size());
    }
    return new TokenKeys(keys);
  }

  private static @Nullable PublicKey publicKey(JWK jwk) throws JOSEException {
    if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
      return null;
    }
    if (jwk instanceof RSAKey rsa) {
      return rsa.toRSAPublicKey();
    }
    if (jwk instanceof ECKey ec) {
      return ec.toECPublicKey();
    }
    return jwk instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)
        ? Ed25519Signatures.publicKey(pair.getDecodedX())
        : null;
  }

  private static Key key(@Nullable String id, PublicKey known) throws JOSEException {
    if (known instanceof RSAPublicKey rsa) {
      int bits = rsa.getModulus().bitLength();
      if (bits < MIN_RSA_BITS) {
        throw new IllegalArgumentException(
            "an RSA key has at least " + MIN_RSA_BITS + " bits, this has " + bits);
      }
      return new Key(id, Set.of(JWSAlgorithm.RS256), new RSASSAVerifier(rsa), known);
    }
    if (known instanceof ECPublicKey ec) {
      if (!Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
        throw new IllegalArgumentException("an EC key is on the curve P-256, this is on another");
      }
      return new Key(id, Set.of(JWSAlgorithm.ES256), new ECDSAVerifier(ec), known);
    }
    if (known instanceof EdECPublicKey && Ed25519Signatures.areOf(known)) {
      return new Key(id, ED25519, new Ed25519Signatures(known), known);
    }
    throw new IllegalArgumentException(
        "a key is RSA, EC on P-256 or Ed25519, this is " + known.getAlgorithm());
  }

  /** Returns whether a token with such a header could have been signed with one of the keys. */
  boolean mayHaveSigned(JWSHeader header) {
    return keys.stream().anyMatch(key -> fits(key, header));
  }

  /** Returns whether one of the keys has signed, as the header says, these bytes. */
  boolean verify(JWSHeader header, byte[] signed, Base64URL signature) {
    for (Key key : keys) {
      if (fits(key, header)) {
        try {
          if (key.verifier.verify(header, signed, signature)) {
            return true;
          }
        } catch (JOSEException e) {
          // It is no signature of that key.
        }
      }
    }
    return false;
  }

  private static boolean fits(Key key, JWSHeader header) {
    return key.algorithms.contains(header.getAlgorithm())
        && (header.getKeyID() == null || key.id == null || key.id.equals(header.getKeyID()));
  }

  /** Returns whether one of the keys is not among others. */
  boolean hasOthersThan(TokenKeys others) {
    return keys.stream()
        .anyMatch(mine -> others.keys.stream().noneMatch(each -> each.digest.equals(mine.digest)));
  }

  /** Returns the names of the algorithms that the keys are for. */
  String algorithms() {
    return String.join(
        ", ",
        keys.stream()
            .flatMap(key -> key.algorithms.stream())
            .map(JWSAlgorithm::getName)
            .distinct()
            .sorted()
            .toList());
  }
}
