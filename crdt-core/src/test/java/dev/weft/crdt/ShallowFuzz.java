package dev.weft.crdt;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Feeds shallow snapshots to documents with {@code -Pfuzz}, guided by what they reach. {@link
 * FuzzInputsTest} keeps what was found.
 */
class ShallowFuzz {
  @FuzzTest(maxDuration = "5m")
  void shouldRefuseOrTakeInWhole(byte[] body) {
    Hostile.load(Hostile.framed(BinaryFormat.SHALLOW, body));
  }
}
