package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.Guarantee;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "''|0",
        "' '|0",
        "*|1",
        "s1|1",
        "s1, s2|1",
        "\"2 (s1)\"|1",
        "2 (s1, s2, s3)|2",
        "FIRST 2 (s1, s2, s3)|2",
        "first 1 (*)|1",
        "ANY 3(s1, s2, s3, s4)|3",
        " ANY 2 ( s1 , s2 )|2"
      })
  void shouldCountStandbysThatCommitWaitsFor(String standbyNames, int standbys) {
    assertThat(new ServerSettings(true, standbyNames).synchronousStandbys()).isEqualTo(standbys);
  }

  @Test
  void shouldPromiseReplicationOnlyWithStandbys() {
    assertThat(new ServerSettings(true, "").guarantee()).isEqualTo(Guarantee.FSYNCED);
    assertThat(new ServerSettings(true, "ANY 2 (a, b, c)").guarantee())
        .isEqualTo(new Guarantee(Guarantee.Level.REPLICATED, 3));
  }
}
