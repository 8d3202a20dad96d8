package dev.weft.desktop.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.Participants;
import dev.weft.client.SharedText;
import dev.weft.crdt.Selection;
import dev.weft.desktop.binding.Desk;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.swing.text.PlainDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersonRowTest {
  private Desk desk;
  private SharedText text;
  private Participants participants;
  private Roster roster;
  private PlainDocument document;

  @BeforeEach
  void open() throws Exception {
    desk = new Desk(null);
    text = desk.newText();
    text.insert(0, "one\ntwo\nthree\n");
    document = new PlainDocument();
    document.insertString(0, text.text(), null);
    participants = new Participants(text);
    roster = new Roster(participants.ticker());
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private List<PersonRow> rows() {
    List<Mark> marks = text.read(shared -> roster.marks(shared, index -> index));
    return PersonRow.of("Me", 5, roster, marks, document);
  }

  @Test
  void shouldTellWhoIsWhereWithPersonHereFirst() {
    roster.update(
        List.of(
            participants.come("Ada", 0x123456, Selection.caret(9), Selection.caret(0)),
            participants.come("", 0x123456, Selection.caret(0)),
            participants.come("Eve", 0)));
    participants.pass(Duration.ofMinutes(2));

    assertThat(rows())
        .extracting(PersonRow::words)
        .containsExactly(
            "Me (you), line 2",
            "Ada, line 3, idle for 2 minutes",
            "Somebody, line 1, idle for 2 minutes",
            "Eve, place not known, idle for 2 minutes");
  }

  @Test
  void shouldCountIdleTimeFromLastMove() {
    var ada = participants.come("Ada", 0, Selection.caret(0));
    roster.update(List.of(ada));
    participants.pass(Duration.ofSeconds(59));
    assertThat(rows().get(1).activity()).isEqualTo("active");
    participants.pass(Duration.ofSeconds(1));
    assertThat(rows().get(1).activity()).isEqualTo("idle for 1 minute");

    roster.update(List.of(participants.move(ada, Selection.caret(4))));

    assertThat(rows().get(1).details()).isEqualTo("line 2, active");
  }

  @Test
  void shouldTellWhatWasWhenOthersWereHeardLast() {
    roster.update(List.of(participants.come("Ada", 0, Selection.caret(0))));
    participants.pass(Duration.ofMinutes(3));
    roster.outOfTouch(Duration.ofMinutes(1));
    participants.pass(Duration.ofMinutes(5));
    roster.outOfTouch(Duration.ZERO);

    assertThat(rows().get(1).details()).isEqualTo("line 1, idle for 2 minutes then");
    assertThat(roster.age()).isEqualTo(Duration.ofMinutes(6));
    assertThat(IdleWords.lastHeard(roster.age())).isEqualTo("As last heard, 6 minutes ago");

    roster.inTouch();
    assertThat(rows().get(1).details()).isEqualTo("line 1, idle for 8 minutes");
    assertThat(roster.age()).isZero();
    assertThat(IdleWords.lastHeard(Duration.ofSeconds(59))).isEqualTo("As last heard, just now");
  }

  /** Whoever calls themselves that looks like the person here. */
  @Test
  void shouldSayWhoIsNotThePersonHere() {
    assertThat(new PersonRow(1, true, "Ada", 0, "line 1", "").title()).isEqualTo("Ada (you)");
    assertThat(new PersonRow(2, false, "Ada (You)", 0, "line 1", "").title())
        .isEqualTo("Ada (You) (not you)");
    assertThat(new PersonRow(3, false, "You", 0, "line 1", "").title()).isEqualTo("You");
  }

  @ParameterizedTest
  @CsvSource({
    "0, active",
    "59, active",
    "60, idle for 1 minute",
    "3599, idle for 59 minutes",
    "3600, idle for 1 hour",
    "7200, idle for 2 hours",
    "90000, idle for more than a day"
  })
  void shouldTellIdleTimeInWords(long seconds, String words) {
    assertThat(IdleWords.of(Duration.ofSeconds(seconds))).isEqualTo(words);
  }

  @Test
  void shouldBoundPeopleDrawnAndListed() {
    Selection[] carets =
        IntStream.range(0, 10).mapToObj(Selection::caret).toArray(Selection[]::new);
    roster.update(
        IntStream.range(0, 300).mapToObj(i -> participants.come("p" + i, 0, carets)).toList());

    assertThat(roster.people()).hasSize(300);
    List<Mark> marks = text.read(shared -> roster.marks(shared, index -> index));
    assertThat(marks).hasSize(64 * 4);
    assertThat(marks)
        .extracting(mark -> mark.person().name())
        .contains("p63")
        .doesNotContain("p64");
    assertThat(rows()).hasSize(201);
  }
}
