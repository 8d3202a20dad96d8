package dev.weft.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.desktop.ClosingQuestion.Unsafe;
import dev.weft.store.DocumentId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The words of the question before several documents are closed. */
class ClosingQuestionTest {
  private final Map<DocumentId, Unsafe> unsafe = new LinkedHashMap<>();

  private void add(String document, String what, String consequence) {
    unsafe.put(new DocumentId(document), new Unsafe(what, consequence));
  }

  @Test
  void shouldNameNoDocumentWhereThereIsOne() {
    add("minutes", "3 changes are not safe.", "They wait.");
    assertThat(ClosingQuestion.words(unsafe, false))
        .isEqualTo("3 changes are not safe.\nThey wait.");
  }

  @Test
  void shouldSayOnceWhatIsTrueOfSeveral() {
    add("minutes", "3 changes are not safe.", "They wait.");
    add("agenda", "The save is not confirmed.", "It goes on.");
    add("notes", "1 change is not safe.", "They wait.");
    assertThat(ClosingQuestion.words(unsafe, true))
        .isEqualTo(
            """
            minutes: 3 changes are not safe.
            notes: 1 change is not safe.
            They wait.

            agenda: The save is not confirmed.
            It goes on.""");
  }

  /** Also of those that are not named, what would become of them is said. */
  @Test
  void shouldCountDocumentsForWhichThereIsNoRoom() {
    for (int i = 1; i <= 7; i++) {
      add("d" + i, "1 change is not safe.", i == 7 ? "It is lost." : "It waits.");
    }
    assertThat(ClosingQuestion.words(unsafe, true))
        .startsWith("Not all is safe of 7 documents, of which these are the first 6.\n\nd1: 1")
        .contains("d6: 1 change is not safe.\nIt waits.")
        .doesNotContain("d7")
        .endsWith("\n\nOf the others: It is lost.");
  }
}
