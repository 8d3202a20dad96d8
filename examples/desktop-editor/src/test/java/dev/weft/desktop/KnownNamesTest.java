package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownNamesTest {
  private static final ReplicaId ANN = ReplicaId.parse("ab12345600000000");
  private static final ReplicaId BEN = new ReplicaId(7);

  @TempDir Path directory;

  private KnownNames names;

  @BeforeEach
  void create() {
    names = new KnownNames(directory);
    names.read();
  }

  private Map<ReplicaId, String> readAgain() {
    KnownNames again = new KnownNames(directory);
    again.read();
    return again.names();
  }

  @Test
  void shouldRememberNamesOfThoseWhoHaveLeft() throws IOException {
    assertThat(names.names()).isEmpty();
    assertThat(names.heard(Map.of(ANN, "Ann Lee"))).isTrue();
    assertThat(names.heard(Map.of(BEN, "Ben"))).isTrue();
    assertThat(names.heard(Map.of(ANN, "Ann Lee"))).isFalse();
    assertThat(names.heard(Map.of())).isFalse();
    names.write();

    assertThat(readAgain()).isEqualTo(Map.of(ANN, "Ann Lee", BEN, "Ben"));
    assertThat(directory.toFile().list()).containsExactly("known-names");

    assertThat(names.heard(Map.of(ANN, "Ann"))).isTrue();
    names.write();
    assertThat(readAgain()).containsEntry(ANN, "Ann").hasSize(2);
  }

  @Test
  void shouldKeepThoseMetLast() throws IOException {
    names.heard(Map.of(ANN, "Ann"));
    for (int i = 0; i < KnownNames.MOST; i++) {
      names.heard(Map.of(new ReplicaId(100 + i), "x" + i));
    }
    names.write();

    assertThat(readAgain()).hasSize(KnownNames.MOST).doesNotContainKey(ANN).containsValue("x499");
    assertThat(names.names()).isEqualTo(readAgain());
  }

  @Test
  void shouldTakeWhoGivesAnotherNameForOneMetLast() {
    names.heard(Map.of(ANN, "Ann"));
    for (int i = 1; i < KnownNames.MOST; i++) {
      names.heard(Map.of(new ReplicaId(100 + i), "x" + i));
    }
    names.heard(Map.of(ANN, "Ann Lee"));
    names.heard(Map.of(BEN, "Ben"));

    assertThat(names.names()).hasSize(KnownNames.MOST).containsEntry(ANN, "Ann Lee");
  }

  @Test
  void shouldReadOnlyThoseMetLast() throws IOException {
    Files.write(
        directory.resolve("known-names"),
        IntStream.rangeClosed(0, KnownNames.MOST)
            .mapToObj(i -> new ReplicaId(100 + i) + " x" + i)
            .toList());

    assertThat(readAgain())
        .hasSize(KnownNames.MOST)
        .doesNotContainValue("x0")
        .containsValue("x" + KnownNames.MOST);
  }

  @Test
  void shouldCutLongNameAndKnowItAgain() {
    assertThat(names.heard(Map.of(ANN, "x".repeat(90)))).isTrue();
    assertThat(names.names()).containsEntry(ANN, "x".repeat(64));
    assertThat(names.heard(Map.of(ANN, "x".repeat(90)))).isFalse();
  }

  @Test
  void shouldTakeNoHarmFromFileThatIsNone() throws IOException {
    Path file = directory.resolve("known-names");
    Files.write(
        file,
        List.of("", "no id", "ab12345600000000", "ab12345600000000  ", "0000000000000007 Ben"));
    assertThat(readAgain()).isEqualTo(Map.of(BEN, "Ben"));

    Files.writeString(file, ANN + " " + "\uD83E\uDDF6".repeat(90));
    assertThat(readAgain()).isEqualTo(Map.of(ANN, "\uD83E\uDDF6".repeat(64)));

    Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xFE});
    assertThat(readAgain()).isEmpty();
  }
}
