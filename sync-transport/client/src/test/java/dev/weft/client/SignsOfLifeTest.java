package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.RelayMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which signs of life may be told. */
class SignsOfLifeTest {
  private final SignsOfLife<String> signs = new SignsOfLife<>();

  private static RelayMessage.Pong pong(long nonce) {
    return new RelayMessage.Pong(nonce, 0, null);
  }

  @Test
  void shouldTellAtOnceWhatWaitsForNothing() {
    signs.asked(1, List.of());

    assertThat(signs.came(pong(1))).containsExactly(pong(1));
    assertThat(signs.came(pong(1))).isEmpty();
  }

  @Test
  void shouldHoldBackUntilAllThatWasDueIsThere() {
    signs.asked(1, List.of("notes", "minutes"));
    signs.asked(4, List.of("minutes"));
    assertThat(signs.came(pong(1))).isEmpty();
    assertThat(signs.came(pong(4))).isEmpty();
    assertThat(signs.answered("notes")).isEmpty();

    assertThat(signs.answered("minutes")).containsExactly(pong(1), pong(4));
  }

  @Test
  void shouldForgetASignThatIsLost() {
    signs.asked(1, List.of());
    signs.asked(2, List.of());

    assertThat(signs.came(pong(2))).containsExactly(pong(2));
    assertThat(signs.came(pong(1))).isEmpty();
  }
}
