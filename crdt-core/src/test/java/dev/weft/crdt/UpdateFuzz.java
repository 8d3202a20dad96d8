package dev.weft.crdt;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Feeds updates to documents with {@code -Pfuzz}, guided by what they reach. {@link FuzzInputsTest}
 * keeps what was found.
 */
class UpdateFuzz {
  @FuzzTest(maxDuration = "5m")
  void shouldRefuseOrTakeInWhole(byte[] body) {
    Hostile.apply(Hostile.framed(BinaryFormat.UPDATE, body));
  }
}
