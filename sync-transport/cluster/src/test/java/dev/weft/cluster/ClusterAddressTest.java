package dev.weft.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterAddressTest {
  @Test
  void shouldPartDatabaseFromRedis() {
    ClusterAddress address =
        ClusterAddress.parse(
            "jdbc:postgresql://one:5432,two:5433/weft?user=u&password=a,b,redis://:secret@cache:6379");

    assertThat(address.postgres())
        .isEqualTo("jdbc:postgresql://one:5432,two:5433/weft?user=u&password=a,b");
    assertThat(address.redis()).isEqualTo("redis://:secret@cache:6379");
    assertThat(address).hasToString("one:5432,two:5433/weft, with Redis");
  }

  @Test
  void shouldDoWithoutRedis() {
    ClusterAddress address = ClusterAddress.parse("jdbc:postgresql:weft");

    assertThat(address.redis()).isNull();
    assertThat(address).hasToString("weft, without Redis");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "redis://secret@cache",
        "jdbc:mysql://host/weft?password=secret",
        "postgresql://host/weft?password=secret",
        "jdbc:postgresql://host:port/weft?password=secret",
        "jdbc:postgresql://host/weft,redis://:secret@cache:port"
      })
  void shouldRejectWithoutShowingSecretsWhenMalformed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClusterAddress.parse(text))
        .withMessageContaining("must be of the form")
        .withMessageNotContaining("secret");
  }
}
