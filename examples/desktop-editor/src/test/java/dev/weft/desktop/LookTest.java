package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookTest {
  @TempDir Path directory;

  @Test
  void shouldBeNormalUntilAnotherIsKept() {
    assertThat(Look.read(directory)).isEqualTo(Look.NORMAL);

    new Look(true, -2).write(directory);
    assertThat(Look.read(directory)).isEqualTo(new Look(true, -2));
    Look.NORMAL.withZoom(3).write(directory);
    assertThat(Look.read(directory)).isEqualTo(new Look(false, 3));

    assertThat(directory.toFile().list()).containsExactly("look");
  }

  @Test
  void shouldTakeWhatItUnderstandsOfFile() throws IOException {
    Path file = directory.resolve("look");
    Files.writeString(file, "blue\nzoom \nzoom x\nzoom 99999999999\ndark\nzoom 4 \n");
    assertThat(Look.read(directory)).isEqualTo(new Look(true, 4));

    Files.writeString(file, "dark");
    assertThat(Look.read(directory)).isEqualTo(new Look(true, 0));
    Files.writeString(file, "zoom 1000");
    assertThat(Look.read(directory).zoom()).isEqualTo(Look.LARGEST);
    Files.writeString(file, "zoom -1000");
    assertThat(Look.read(directory).zoom()).isEqualTo(Look.SMALLEST);

    Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xFE});
    assertThat(Look.read(directory)).isEqualTo(Look.NORMAL);
  }

  @Test
  void shouldSayWhatCannotBeWritten() throws IOException {
    Files.createDirectories(directory.resolve("look").resolve("in the way"));

    assertThat(Look.read(directory)).isEqualTo(Look.NORMAL);
    assertThatThrownBy(() -> Look.NORMAL.write(directory)).isInstanceOf(UncheckedIOException.class);
  }
}
