package dev.weft.relay;

import dev.weft.crdt.VersionVector;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Names a version of a document where its vector is too long: in headers and events. */
final class VersionTag {
  private static final int BYTES = 16;

  private VersionTag() {}

  /** Returns the first half of the SHA-256 digest of the vector's bytes, in base64url. */
  static String of(VersionVector version) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(version.toBytes());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
