package dev.weft.relay;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The files in which a relay's TLS certificate and its private key are. Immutable; the files may
 * change, and are read again then.
 */
public abstract sealed class Certificates {
  private static final String ALIAS = "weft";

  private Certificates() {}

  /**
   * Names files in PEM, as openssl and certbot write them.
   *
   * @param chain the relay's certificate, and behind it those that lead to a known authority: with
   *     certbot, {@code fullchain.pem}
   * @param key its private key, RSA, EC or Ed25519, without a password: {@code privkey.pem}
   */
  public static Certificates pem(Path chain, Path key) {
    return new Pem(chain, key);
  }

  /**
   * Names a keystore, PKCS#12 or JKS, with one password for itself and its keys. Where it has
   * several keys, the client's choice of a host name decides.
   *
   * @param password a file in which the password stands alone
   */
  public static Certificates keyStore(Path store, Path password) {
    return new Store(store, password);
  }

  /** Returns the files that are read. */
  abstract List<Path> files();

  /** Returns those of them that are secret. */
  abstract List<Path> secrets();

  /**
   * Reads the files.
   *
   * @throws UnusableFileException if one cannot be used, or the key is not that of the certificate
   */
  abstract Keys read();

  /** A keystore and the password of all in it. */
  record Keys(KeyStore store, String password) {}

  private static final class Pem extends Certificates {
    private final Path chain;
    private final Path key;

    Pem(Path chain, Path key) {
      this.chain = chain;
      this.key = key;
    }

    @Override
    List<Path> files() {
      return List.of(chain, key);
    }

    @Override
    List<Path> secrets() {
      return List.of(key);
    }

    @Override
    Keys read() {
      PrivateKey secret = PemKeys.privateKey(key, SettingsFile.bytes(key));
      List<? extends Certificate> found;
      try {
        found =
            List.copyOf(
                CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(SettingsFile.bytes(chain))));
      } catch (CertificateException e) {
        throw new UnusableFileException(
            chain, "it has no certificates in PEM: " + e.getMessage(), e);
      }
      if (found.isEmpty()) {
        throw new UnusableFileException(chain, "there is no certificate in PEM");
      }
      if (!belong(secret, found.get(0).getPublicKey())) {
        throw new UnusableFileException(
            chain,
            "the first certificate is not that of the private key in "
                + key
                + "; is one of them older, or the order another?");
      }
      try {
        // No secret: what it protects is in the same memory.
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(ALIAS, secret, ALIAS.toCharArray(), found.toArray(Certificate[]::new));
        return new Keys(store, ALIAS);
      } catch (GeneralSecurityException | IOException e) {
        throw new UnusableFileException(chain, "it cannot be used: " + e.getMessage(), e);
      }
    }
  }

  private static final class Store extends Certificates {
    private final Path store;
    private final Path password;

    Store(Path store, Path password) {
      this.store = store;
      this.password = password;
    }

    @Override
    List<Path> files() {
      return List.of(store, password);
    }

    @Override
    List<Path> secrets() {
      return List.of(store, password);
    }

    @Override
    Keys read() {
      char[] secret =
          SettingsFile.text(password, SettingsFile.bytes(password)).strip().toCharArray();
      // So that one that is not there, or may not be read, is told as others are.
      SettingsFile.bytes(store);
      KeyStore loaded;
      try {
        loaded = KeyStore.getInstance(store.toFile(), secret);
      } catch (IOException | GeneralSecurityException e) {
        throw new UnusableFileException(
            store, "it is no keystore that the password in " + password + " opens", e);
      }
      int keys = 0;
      try {
        for (String alias : Collections.list(loaded.aliases())) {
          if (loaded.isKeyEntry(alias)) {
            Key key = loaded.getKey(alias, secret);
            Certificate own = loaded.getCertificate(alias);
            if (!(key instanceof PrivateKey mine) || !belong(mine, own.getPublicKey())) {
              throw new UnusableFileException(
                  store, "what it has as " + alias + " is no private key with its certificate");
            }
            keys++;
          }
        }
      } catch (GeneralSecurityException e) {
        throw new UnusableFileException(
            store, "a key in it has another password than the one in " + password, e);
      }
      if (keys == 0) {
        throw new UnusableFileException(store, "there is no private key in it");
      }
      return new Keys(loaded, new String(secret));
    }
  }

  /** Returns the relay's own certificates in a keystore. */
  static List<X509Certificate> own(KeyStore store) {
    List<X509Certificate> own = new ArrayList<>();
    try {
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)
            && store.getCertificate(alias) instanceof X509Certificate each) {
          own.add(each);
        }
      }
    } catch (KeyStoreException e) {
      throw new AssertionError("the keystore was loaded", e);
    }
    return own;
  }

  /** Returns whether what the one signs the other verifies. */
  private static boolean belong(PrivateKey secret, PublicKey known) {
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> secret.getAlgorithm();
        };
    byte[] words = {1, 2, 3};
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(secret);
      signing.update(words);
      byte[] signed = signing.sign();
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(known);
      verifying.update(words);
      return verifying.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
