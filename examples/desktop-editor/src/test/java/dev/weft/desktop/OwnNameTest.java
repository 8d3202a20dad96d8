package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnNameTest {
  @TempDir Path directory;

  @Test
  void shouldBeAccountsNameUntilAnotherIsKept() {
    assertThat(OwnName.read(directory)).isEqualTo(System.getProperty("user.name"));

    OwnName.write(directory, "Ada King");

    assertThat(OwnName.read(directory)).isEqualTo("Ada King");
    assertThat(directory.toFile().list()).containsExactly("own-name");
  }

  @Test
  void shouldTakeNoHarmFromFileThatIsNoName() throws IOException {
    Files.writeString(directory.resolve("own-name"), "\n \n");
    assertThat(OwnName.read(directory)).isEqualTo(System.getProperty("user.name"));

    Files.writeString(directory.resolve("own-name"), "😀".repeat(500));
    assertThat(OwnName.read(directory)).isEqualTo("😀".repeat(64));

    Files.write(directory.resolve("own-name"), new byte[] {(byte) 0xFF, (byte) 0xFE});
    assertThat(OwnName.read(directory)).isEqualTo(System.getProperty("user.name"));
  }
}
