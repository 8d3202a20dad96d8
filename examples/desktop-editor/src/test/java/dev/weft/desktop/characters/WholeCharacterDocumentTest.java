package dev.weft.desktop.characters;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fife.ui.rsyntaxtextarea.SyntaxConstants;
import org.fife.ui.rsyntaxtextarea.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WholeCharacterDocumentTest {
  private static final String FACE = "\uD83D\uDE00";
  private static final String FAMILY = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";
  private static final List<String> LINES =
      List.of(
          FACE,
          "x" + FACE + FACE + " y",
          "# " + FACE,
          "\"" + FACE + "\" e\u0301",
          "a = " + FAMILY + FACE + "; // " + FACE,
          "<p>" + FAMILY + "</p>",
          "plain",
          "");

  static Stream<String> styles() throws IllegalAccessException {
    List<String> styles = new ArrayList<>();
    for (Field field : SyntaxConstants.class.getFields()) {
      if (field.getName().startsWith("SYNTAX_STYLE_")) {
        styles.add((String) field.get(null));
      }
    }
    return styles.stream();
  }

  @ParameterizedTest
  @MethodSource("styles")
  void shouldPartNoCharacterIntoTokens(String style) throws Exception {
    WholeCharacterDocument document = new WholeCharacterDocument();
    document.setSyntaxStyle(style);
    document.insertString(0, String.join("\n", LINES), null);
    // Twice: the tokens of a line that was asked for last are kept.
    for (int line = 0; line < 2 * LINES.size(); line++) {
      assertTokens(document, line / 2);
    }
  }

  private static void assertTokens(WholeCharacterDocument document, int line) {
    int start = document.getDefaultRootElement().getElement(line).getStartOffset();
    StringBuilder painted = new StringBuilder();
    for (Token token = document.getTokenListForLine(line);
        token != null && token.isPaintable();
        token = token.getNextToken()) {
      assertThat(token.getOffset()).isEqualTo(start + painted.length());
      painted.append(token.getLexeme());
      int end = painted.length();
      assertThat(Characters.endAfter(LINES.get(line), end)).as("token %s", token).isEqualTo(end);
    }
    assertThat(painted.toString()).isEqualTo(LINES.get(line));
  }

  @Test
  void shouldKeepTokensOfDifferentKindsApart() throws Exception {
    WholeCharacterDocument document = new WholeCharacterDocument();
    document.setSyntaxStyle(SyntaxConstants.SYNTAX_STYLE_PYTHON);
    document.insertString(0, "if " + FACE + " \"" + FACE + "\"", null);
    List<String> tokens = new ArrayList<>();
    for (Token token = document.getTokenListForLine(0);
        token != null && token.isPaintable();
        token = token.getNextToken()) {
      tokens.add(token.getLexeme());
    }
    assertThat(tokens).containsExactly("if", " ", FACE, " ", "\"" + FACE + "\"");
  }
}
