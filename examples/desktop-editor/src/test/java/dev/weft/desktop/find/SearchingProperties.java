package dev.weft.desktop.find;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.TextDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is found and replaced, against what the Java library replaces in a string. */
class SearchingProperties {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Property(tries = 2_000)
  void shouldReplaceAsStringDoes(
      @ForAll("texts") String text,
      @ForAll("expressions") String expression,
      @ForAll("replacements") String replacement) {
    Query query = new Query(expression, true, false, true);

    assertThat(replaced(query, replacement, text))
        .isEqualTo(
            Pattern.compile(expression, Pattern.MULTILINE).matcher(text).replaceAll(replacement));
  }

  @Property(tries = 1_000)
  void shouldReplaceWordsAsStringDoes(
      @ForAll("texts") String text, @ForAll("words") String words, @ForAll("words") String by) {
    assertThat(replaced(new Query(words, true, false, false), by, text))
        .isEqualTo(text.replace(words, by));
  }

  @Property(tries = 1_000)
  void shouldFindWhatIsReplaced(
      @ForAll("texts") String text, @ForAll("expressions") String expression) {
    Query query = new Query(expression, true, false, true);
    Matches found = Searching.all(query, new StoppableText(text, PATIENCE));
    Replacements replaced = Searching.replaceAll(query, "<>", new StoppableText(text, PATIENCE));

    assertThat(replaced.found()).isEqualTo(found.size());
    for (int i = 0; i < found.size(); i++) {
      assertThat(replaced.places().get(i).start()).isEqualTo(found.start(i));
      assertThat(replaced.places().get(i).end()).isEqualTo(found.end(i));
    }
  }

  @Property(tries = 1_000)
  void shouldReplaceOneAsAmongAll(
      @ForAll("texts") String text,
      @ForAll("expressions") String expression,
      @ForAll("replacements") String replacement,
      @ForAll boolean wholeWords) {
    Query query = new Query(expression, true, wholeWords, true);
    List<Replacements.Place> ones = new ArrayList<>();
    Matches found = Searching.all(query, new StoppableText(text, PATIENCE));
    for (int i = 0; i < found.size(); i++) {
      StoppableText copy = new StoppableText(text, PATIENCE);
      ones.addAll(Searching.replaceOne(query, replacement, copy, found.start(i)).places());
    }

    assertThat(ones)
        .isEqualTo(
            Searching.replaceAll(query, replacement, new StoppableText(text, PATIENCE)).places());
  }

  @Property(tries = 1_000)
  void shouldNeverPartSurrogatePair(
      @ForAll("textsWithPairs") String text, @ForAll("expressions") String expression) {
    // The document itself refuses to.
    assertThat(replaced(new Query(expression, true, false, true), "-", text)).isNotNull();
  }

  /** Finding goes round: each match comes once, whichever way. */
  @Property(tries = 1_000)
  void shouldGoThroughAllMatches(
      @ForAll("texts") String text, @ForAll("expressions") String expression) {
    Matches found =
        Searching.all(new Query(expression, true, false, true), new StoppableText(text, PATIENCE));
    for (int i = 0; i < found.size(); i++) {
      int start = found.start(i);
      int end = found.end(i);
      assertThat(found.at(start, end)).isEqualTo(i);
      assertThat(found.after(start, end)).isEqualTo((i + 1) % found.size());
      assertThat(found.before(start)).isEqualTo((i + found.size() - 1) % found.size());
    }
  }

  private static String replaced(Query query, String replacement, String text) {
    TextDocument document = TextDocument.create(new ReplicaId(1));
    document.insert(0, text);
    Searching.replaceAll(query, replacement, new StoppableText(text, PATIENCE)).makeIn(document);
    return document.text();
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("abAB _1\n.").ofMaxLength(40);
  }

  @Provide
  Arbitrary<String> textsWithPairs() {
    return Arbitraries.of("a", "b", "\n", "\uD83E\uDDF6", "\uD83E\uDDF5")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.strings().withChars("abA.$\\").ofMinLength(1).ofMaxLength(3);
  }

  @Provide
  Arbitrary<String> expressions() {
    return Arbitraries.of(
        "a",
        "(a)(b)?",
        "(a+)(b*)",
        "",
        "a*",
        "^",
        "$",
        "^(a)(.)*",
        "\\b(\\w)(\\w*)",
        "(?<=(a))(b)",
        "(.)(.)",
        "(\\n)()",
        "[^a](.)?()",
        "(a|ab)(b|)",
        ".|(x)(y)",
        "(.)(?=(.))");
  }

  @Provide
  Arbitrary<String> replacements() {
    return Arbitraries.of("", "x", "$0$0", "[$0]", "\\$0", "a", "<\\\\>");
  }
}
