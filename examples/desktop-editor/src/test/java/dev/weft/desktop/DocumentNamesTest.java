package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.store.DocumentId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentNamesTest {
  @Test
  void shouldSayWhatIsWrongInWords() {
    assertThat(DocumentNames.whatIsWrongWith("")).isEqualTo("A name must not be empty.");
    assertThat(DocumentNames.whatIsWrongWith("a/b ?")).contains("\"/\" cannot be in it");
    assertThat(DocumentNames.whatIsWrongWith("a b")).contains("a space cannot be in it");
    assertThat(DocumentNames.whatIsWrongWith("n".repeat(129))).contains("at most 128", "not 129");
    assertThat(DocumentNames.whatIsWrongWith("n".repeat(128))).isEmpty();
  }

  /** It finds fault with what a document cannot have as a name, and with nothing else. */
  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "...", "a/b", "a b", "\u00e4", "\uD83D\uDE00", "a-Z_0~.md", "a\n"})
  void shouldAgreeWithDocumentId(String name) {
    if (DocumentNames.whatIsWrongWith(name).isEmpty()) {
      assertThat(new DocumentId(name).value()).isEqualTo(name);
    } else {
      assertThatThrownBy(() -> new DocumentId(name)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
