package dev.weft.desktop.find;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static StoppableText text(String text) {
    return new StoppableText(text, PATIENCE);
  }

  private static List<String> found(Query query, String text) {
    Matches matches = Searching.all(query, text(text));
    return java.util.stream.IntStream.range(0, matches.size())
        .mapToObj(i -> text.substring(matches.start(i), matches.end(i)))
        .toList();
  }

  private static String replacement(String expression, String replacement, String text) {
    return Searching.replaceAll(new Query(expression, true, false, true), replacement, text(text))
        .places()
        .get(0)
        .text();
  }

  @Test
  void shouldMatchCaseOnlyIfAsked() {
    assertThat(found(new Query("weft", false, false, false), "Weft weft WEFT")).hasSize(3);
    assertThat(found(new Query("weft", true, false, false), "Weft weft WEFT"))
        .containsExactly("weft");
    assertThat(found(new Query("\u00E4", false, false, false), "\u00C4\u00E4")).hasSize(2);
  }

  @Test
  void shouldFindWholeWordsOnlyIfAsked() {
    assertThat(found(new Query("warp", true, true, false), "warp warped _warp warp1 (warp)"))
        .hasSize(2);
    assertThat(found(new Query("warp|weft", true, true, true), "warp wefts weft")).hasSize(2);
    // Also of what is no word itself.
    assertThat(found(new Query(".", true, true, false), "a. .")).hasSize(1);
  }

  @Test
  void shouldTakeWordsAsTheyAreUnlessRegex() {
    assertThat(found(new Query("a.c\\E", true, false, false), "abc a.c\\E")).hasSize(1);
  }

  @Test
  void shouldReplaceGroupsLineEndsAndTabs() {
    assertThat(replacement("(\\w+) (\\w+)", "$2\\n\\t$1\\$", "warp weft"))
        .isEqualTo("weft\n\twarp$");
  }

  @Test
  void shouldRefuseRegexThatRepeatsNothingLongerThanAnybodyWaits() {
    // Reads nothing of the text meanwhile, and so could not be stopped.
    Query query = new Query("((){99999}){99999}x", true, false, true);
    assertThatThrownBy(() -> Searching.all(query, text("warp")))
        .isInstanceOf(SearchException.class)
        .hasMessageContaining("repeats");
  }

  @Test
  void shouldTakeRegexThatRepeatsWithinReason() {
    assertThat(found(new Query("(?:(?:ab){2}){3}", true, false, true), "ab".repeat(7))).hasSize(1);
    assertThat(found(new Query("x{1,99999}", true, false, true), "xxx")).hasSize(1);
  }

  @Test
  void shouldSayWhatIsWrongWithRegexAndReplacement() {
    assertThatThrownBy(() -> Searching.all(new Query("a(b", true, false, true), text("ab")))
        .isInstanceOf(SearchException.class)
        .hasMessage("Not a regular expression: Unclosed group, at its end");
    assertThatThrownBy(() -> replacement("a", "$1", "a"))
        .isInstanceOf(SearchException.class)
        .hasMessage("That cannot be the replacement: No group 1");
    assertThatThrownBy(() -> replacement("a", "\\", "a"))
        .isInstanceOf(SearchException.class)
        .hasMessageStartingWith("That cannot be the replacement: character to be escaped");
  }

  @Test
  void shouldGiveUpRegexThatTakesForever() {
    Query forever = new Query("(a|aa)+\\1b", true, false, true);
    StoppableText limited = new StoppableText("a".repeat(60), Duration.ofMillis(50));
    assertThatThrownBy(() -> Searching.all(forever, limited))
        .isInstanceOf(SearchException.class)
        .hasMessageContaining("takes longer");

    StoppableText stopped = text("a".repeat(60));
    stopped.stop();
    assertThatThrownBy(() -> Searching.all(forever, stopped))
        .isInstanceOf(SearchException.class)
        .hasMessageContaining("stopped");
  }

  @Test
  void shouldSayWhenRegexIsNestedTooDeeply() {
    assertThatThrownBy(
            () ->
                Searching.all(
                    new Query("(a|b)*c", true, false, true), text("ab".repeat(1_000_000))))
        .isInstanceOf(SearchException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void shouldKeepNoMoreMatchesThanBound() {
    Matches matches =
        Searching.all(new Query("a", true, false, false), text("a".repeat(Matches.MOST + 1)));
    assertThat(matches.size()).isEqualTo(Matches.MOST);
    assertThat(matches.isMore()).isTrue();
  }

  @Test
  void shouldMoveMatchesWithText() {
    Matches matches = Searching.all(new Query("ab", true, false, false), text("ab ab ab"));

    Matches inserted = matches.edited(2, 0, 5);
    assertThat(inserted.size()).isEqualTo(3);
    assertThat(inserted.start(0)).isEqualTo(0);
    assertThat(inserted.start(1)).isEqualTo(8);

    Matches within = matches.edited(4, 0, 1);
    assertThat(within.size()).isEqualTo(2);
    assertThat(within.start(1)).isEqualTo(7);

    Matches removed = matches.edited(1, 3, 0);
    assertThat(removed.size()).isEqualTo(1);
    assertThat(removed.start(0)).isEqualTo(3);
  }
}
