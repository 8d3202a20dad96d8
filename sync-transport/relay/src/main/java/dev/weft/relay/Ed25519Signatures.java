package dev.weft.relay;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.EdDSAProvider;
import com.nimbusds.jose.util.Base64URL;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/**
 * Verifies signatures by Ed25519 with what the Java platform has; the library would bring another
 * for it. Thread-safe.
 */
final class Ed25519Signatures extends EdDSAProvider implements JWSVerifier {
  private static final String ED25519 = NamedParameterSpec.ED25519.getName();

  /** What stands before the 32 bytes of a key in its X.509 form: RFC 8410. */
  private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int KEY_BYTES = 32;

  private final PublicKey key;

  Ed25519Signatures(PublicKey key) {
    this.key = key;
  }

  /** Returns whether a key is for these. */
  static boolean areOf(PublicKey key) {
    return key instanceof EdECPublicKey known && known.getParams().getName().equals(ED25519);
  }

  /** Returns the key of which RFC 8037 gives the bytes. */
  static PublicKey publicKey(byte[] x) throws JOSEException {
    if (x.length != KEY_BYTES) {
      throw new JOSEException("a key of Ed25519 has 32 bytes, this has " + x.length);
    }
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    encoded.writeBytes(PREFIX);
    encoded.writeBytes(x);
    try {
      return KeyFactory.getInstance(ED25519)
          .generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new JOSEException("no key of Ed25519", e);
    }
  }

  @Override
  public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
    try {
      Signature verifying = Signature.getInstance(ED25519);
      verifying.initVerify(key);
      verifying.update(signed);
      return verifying.verify(signature.decode());
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new JOSEException("Ed25519 cannot be verified", e);
    }
  }
}
