package dev.weft.relay;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/**
 * Keys in PEM, in all the forms that openssl and certbot write: PKCS#8, and those of their own that
 * RSA and EC keys had before. What is read are keys of the Java platform; the parser does nothing
 * else.
 */
final class PemKeys {
  private PemKeys() {}

  /**
   * Returns the first private key of a file.
   *
   * @throws UnusableFileException if there is none, or a password is needed for it
   */
  static PrivateKey privateKey(Path file, byte[] bytes) {
    return find(file, bytes, "private key", PemKeys::privateKey);
  }

  /**
   * Returns the first public key of a file, which may be that of a certificate.
   *
   * @throws UnusableFileException if there is none
   */
  static PublicKey publicKey(Path file, byte[] bytes) {
    return find(file, bytes, "public key or certificate", PemKeys::publicKey);
  }

  private interface Reader<K> {
    @Nullable K read(Object block) throws PEMException;
  }

  private static <K> K find(Path file, byte[] bytes, String what, Reader<K> reader) {
    try (PEMParser parser = new PEMParser(new StringReader(SettingsFile.text(file, bytes)))) {
      for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
        if (block instanceof PKCS8EncryptedPrivateKeyInfo || block instanceof PEMEncryptedKeyPair) {
          throw new UnusableFileException(
              file,
              "the key is encrypted, and the relay has nobody to ask for its password; write it"
                  + " without one ('openssl pkey -in KEY -out FILE') and keep the file to its"
                  + " owner");
        }
        K found = reader.read(block);
        if (found != null) {
          return found;
        }
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof UnusableFileException unusable) {
        throw unusable;
      }
      // What the parser says of it may repeat what stands there.
      throw new UnusableFileException(
          file,
          "there is no " + what + " in PEM that can be read (" + e.getClass().getName() + ")");
    }
    throw new UnusableFileException(file, "there is no " + what + " in PEM");
  }

  private static @Nullable PrivateKey privateKey(Object block) throws PEMException {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    if (block instanceof PrivateKeyInfo info) {
      return converter.getPrivateKey(info);
    }
    return block instanceof PEMKeyPair pair
        ? converter.getPrivateKey(pair.getPrivateKeyInfo())
        : null;
  }

  private static @Nullable PublicKey publicKey(Object block) throws PEMException {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    if (block instanceof SubjectPublicKeyInfo info) {
      return converter.getPublicKey(info);
    }
    return block instanceof X509CertificateHolder certificate
        ? converter.getPublicKey(certificate.getSubjectPublicKeyInfo())
        : null;
  }
}
