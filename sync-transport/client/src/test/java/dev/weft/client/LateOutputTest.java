package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LateOutputTest {
  private static final Duration DELAY = Duration.ofMillis(50);

  @Test
  void shouldDeliverEverythingLateWithoutDelayingOnePieceByAnother() throws IOException {
    byte[] sent = new byte[512_000];
    new Random(6).nextBytes(sent);
    ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    long start = System.nanoTime();
    try (OutputStream late = LateOutput.to(arrived, DELAY.toNanos())) {
      for (int i = 0; i < sent.length; i += 512) {
        late.write(sent, i, 512);
      }
    }

    // One after the other the thousand pieces would take a thousand times as long.
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(DELAY, DELAY.multipliedBy(500));
    assertThat(arrived.toByteArray()).isEqualTo(sent);
  }

  @Test
  void shouldRefuseMoreOnceSomethingDidNotArrive() throws IOException {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            throw new IOException("gone");
          }
        };
    try (OutputStream late = LateOutput.to(gone, 1)) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  late.write(7);
                }
              })
          .isInstanceOf(IOException.class)
          .hasRootCauseMessage("gone");
    }
  }
}
