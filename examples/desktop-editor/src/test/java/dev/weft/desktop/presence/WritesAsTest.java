package dev.weft.desktop.presence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WritesAsTest {
  private static final ReplicaId ANN = ReplicaId.parse("ab12345600000000");

  @Test
  void shouldTellReplicaAlsoBesideWhatLaterEditorsSay() {
    assertThat(WritesAs.of(WritesAs.toBytes(ANN))).contains(ANN);
    byte[] later = "weft-desktop\nhat red\nwrites-as ab12345600000000\nshoes".getBytes(UTF_8);
    assertThat(WritesAs.of(later)).contains(ANN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "another application's",
        "weft-desktop",
        "weft-desktop\nwrites-as ",
        "weft-desktop\nwrites-as ab1234560000000g",
        "weft-desktop\nwrites-as ab123456000000001",
        "writes-as ab12345600000000",
        "weft-desktop-too\nwrites-as ab12345600000000"
      })
  void shouldTellNothingOfOtherExtensions(String extension) {
    assertThat(WritesAs.of(extension.getBytes(UTF_8))).isEmpty();
  }
}
