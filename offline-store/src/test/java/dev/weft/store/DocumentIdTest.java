package dev.weft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "Notes-2026_v1.2~draft", "...", ".hidden", "0"})
  void shouldAcceptAllowedCharacters(String value) {
    assertThat(new DocumentId(value)).hasToString(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a/b", "a b", "\u00e4", "a\n", "a%2F", "a\\b", "\ud83d\ude00"})
  void shouldRejectWhatCouldNotStandInUrlOrFileName(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DocumentId(value))
        .withMessageContaining("document id");
  }

  @Test
  void shouldRejectWhenTooLong() {
    assertThat(new DocumentId("x".repeat(128)).value()).hasSize(128);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DocumentId("x".repeat(129)))
        .withMessageContaining("at most 128 characters, length=129");
  }

  @Test
  void shouldShowNoControlCharacterInMessage() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DocumentId("a\u001b[2J\nb"))
        .withMessageContaining("id=\"a\\u001b[2J\\u000ab\"");
  }
}
