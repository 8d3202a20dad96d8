package dev.weft.desktop.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.Participant;
import dev.weft.client.Participants;
import dev.weft.desktop.binding.Desk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeopleNewsTest {
  private final Desk desk = new Desk();
  private final PeopleNews news = new PeopleNews();
  private final List<Participant> here = new ArrayList<>();
  private Participants participants;
  private Roster roster;

  @BeforeEach
  void open() {
    participants = new Participants(desk.newText());
    roster = new Roster(participants.ticker());
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private Participant comes(String name) {
    Participant one = participants.come(name, 0);
    here.add(one);
    return one;
  }

  private String told() {
    roster.update(here);
    return news.since(roster.people());
  }

  @Test
  void shouldTellOnceWhoHasComeAndWhoHasLeft() {
    assertThat(told()).isEmpty();
    Participant ada = comes("Ada");
    assertThat(told()).isEqualTo("Ada is here.");
    assertThat(told()).isEmpty();

    comes("Bob");
    comes("");
    assertThat(told()).isEqualTo("Bob and Somebody are here.");

    here.remove(ada);
    comes("Cem");
    assertThat(told()).isEqualTo("Cem is here. Ada has left.");
  }

  @Test
  void shouldTellHowManyInsteadOfManyNames() {
    for (String name : List.of("Ada", "Bob", "Cem")) {
      comes(name);
    }
    assertThat(told()).isEqualTo("Ada, Bob and Cem are here.");
    here.clear();
    for (String name : List.of("Dan", "Eve", "Fay", "Gus")) {
      comes(name);
    }
    assertThat(told()).isEqualTo("4 people are here. Ada, Bob and Cem have left.");
  }

  @Test
  void shouldNotTellOfWhoCameAndLeftMeanwhile() {
    here.remove(comes("Ada"));
    assertThat(told()).isEmpty();
  }
}
