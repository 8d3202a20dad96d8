package dev.weft.desktop.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.Participant;
import dev.weft.client.Participants;
import dev.weft.crdt.Selection;
import dev.weft.desktop.binding.Desk;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two editors of one account have one name and one color, but not on the screen. */
class ToldApartTest {
  private static final int BLUE = Palette.COLORS.get(0);
  private static final int GREEN = Palette.COLORS.get(2);

  private Desk desk;
  private Participants participants;
  private Roster roster;

  @BeforeEach
  void open() {
    desk = new Desk(null);
    participants = new Participants(desk.newText());
    roster = new Roster(participants.ticker());
    roster.ownIs("root", BLUE);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private List<String> names() {
    return roster.people().stream().map(Person::name).toList();
  }

  private List<Integer> colors() {
    return roster.people().stream().map(Person::color).toList();
  }

  @Test
  void shouldTellThoseOfOneNameAndColorApart() {
    Participant one = participants.come("root", BLUE);
    Participant two = participants.come("Root", BLUE);
    Participant ada = participants.come("Ada", GREEN);
    roster.update(List.of(one, two, ada));

    assertThat(names()).containsExactly("root 2", "Root 3", "Ada");
    assertThat(colors()).doesNotContain(BLUE).doesNotHaveDuplicates();
    assertThat(roster.isOwnNameShared()).isTrue();

    roster.update(List.of(ada));
    assertThat(roster.isOwnNameShared()).isFalse();
  }

  @Test
  void shouldKeepNameAndColorOfWhoStays() {
    Participant one = participants.come("root", BLUE);
    Participant two = participants.come("root", BLUE);
    roster.update(List.of(one, two));
    int color = colors().get(1);

    roster.update(List.of(participants.move(two, Selection.caret(0))));
    assertThat(names()).containsExactly("root 3");
    assertThat(colors()).containsExactly(color);

    Participant ada = participants.come("Ada", color);
    roster.update(List.of(ada, two));
    assertThat(names()).containsExactly("Ada", "root 3");
    assertThat(colors()).last().isEqualTo(color);
    assertThat(colors()).doesNotHaveDuplicates();
  }

  @Test
  void shouldGiveWayToPersonHereWhoChoosesAnotherName() {
    roster.update(List.of(participants.come("root", BLUE), participants.come("Ada", GREEN)));

    roster.ownIs("Ada", BLUE);
    assertThat(names()).containsExactly("root 2", "Ada 2");

    roster.ownIs("Ada", GREEN);
    assertThat(names()).containsExactly("root 2", "Ada 2");
    assertThat(colors()).doesNotContain(GREEN).doesNotHaveDuplicates();
  }

  @Test
  void shouldFollowWhoChoosesAnotherNameOrColor() {
    Participant one = participants.come("Ada", GREEN);
    roster.update(List.of(one));

    Participant renamed = participants.choose(one, "Ada King", GREEN);
    roster.update(List.of(renamed));
    assertThat(names()).containsExactly("Ada King");

    int other = Palette.COLORS.get(3);
    roster.update(List.of(participants.choose(renamed, "Ada King", other)));
    assertThat(colors()).containsExactly(other);
  }

  @Test
  void shouldNotGiveNumberThatSomebodyChose() {
    roster.update(List.of(participants.come("root 2", GREEN), participants.come("root", GREEN)));

    assertThat(names()).containsExactly("root 2", "root 3");
  }

  @Test
  void shouldGiveColorsAsLongAsTheyLast() {
    roster.update(IntStream.range(0, 12).mapToObj(i -> participants.come("p" + i, BLUE)).toList());

    int free = Palette.COLORS.size() - 1;
    assertThat(colors().subList(0, free)).doesNotContain(BLUE).doesNotHaveDuplicates();
    assertThat(colors().subList(free, 12)).containsOnly(BLUE);
  }

  /** Where colors no longer tell people apart, names do all the more. */
  @Test
  void shouldKeepNamesWhereColorsHaveRunOut() {
    List<Participant> many =
        IntStream.range(0, 12).mapToObj(i -> participants.come("Ada", BLUE)).toList();
    roster.update(many);
    assertThat(names()).last().isEqualTo("Ada 12");

    roster.update(many.subList(1, 12));
    assertThat(names()).first().isEqualTo("Ada 2");
    assertThat(names()).last().isEqualTo("Ada 12");
  }

  /** One letter of the first is two characters of Unicode in the second, and looks the same. */
  @Test
  void shouldTellNamesApartThatLookTheSame() {
    roster.update(
        List.of(participants.come("Zo\u00EB", BLUE), participants.come("Zoe\u0308", GREEN)));

    assertThat(names()).containsExactly("Zo\u00EB", "Zoe\u0308 2");
  }
}
