package dev.weft.crdt;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** As {@link UpdateFuzz}, for version vectors. */
class VersionVectorFuzz {
  @FuzzTest(maxDuration = "1m")
  void shouldRefuseOrParse(byte[] bytes) {
    Hostile.parseVector(bytes);
  }
}
