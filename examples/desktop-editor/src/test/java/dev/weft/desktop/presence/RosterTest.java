package dev.weft.desktop.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.Participant;
import dev.weft.client.Participants;
import dev.weft.client.SharedText;
import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.Selection;
import dev.weft.desktop.binding.Desk;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is here, and who writes under which id as far as they say. */
class RosterTest {
  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId OTHER = new ReplicaId(2);

  private Desk desk;
  private SharedText text;
  private Participants participants;
  private Roster roster;

  @BeforeEach
  void open() {
    desk = new Desk(null);
    text = desk.newText();
    participants = new Participants(text);
    roster = new Roster(participants.ticker());
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private Participant claims(ReplicaId replica, String name) {
    return participants.comeSaying(WritesAs.toBytes(replica), name, 0);
  }

  /** The number of who came second to a name is of this moment, and not for a history. */
  @Test
  void shouldTellNamesAsTheyWereChosen() {
    roster.update(List.of(claims(ONE, "Ada"), claims(OTHER, "Ada"), participants.come("Bob", 0)));

    assertThat(roster.namesByReplica()).isEqualTo(Map.of(ONE, "Ada", OTHER, "Ada"));
  }

  @Test
  void shouldLeaveOutIdThatSeveralClaimUntilOneIsLeft() {
    Participant ada = claims(ONE, "Ada");
    roster.update(List.of(ada, claims(OTHER, "Bob"), claims(ONE, "Eve"), claims(ONE, "Fay")));
    assertThat(roster.namesByReplica()).isEqualTo(Map.of(OTHER, "Bob"));

    roster.update(List.of(ada));
    assertThat(roster.namesByReplica()).isEqualTo(Map.of(ONE, "Ada"));
  }

  @Test
  void shouldShowOnceWhoHasComeBack() {
    Participant ada = participants.come("Ada", 0, Selection.caret(0));
    roster.update(List.of(ada));
    roster.update(List.of());
    assertThat(marks()).extracting(mark -> mark.person().goneAtNanos()).doesNotContainNull();
    assertThat(marks()).hasSize(1);

    roster.update(List.of(ada));
    assertThat(marks()).extracting(mark -> mark.person().goneAtNanos()).containsOnlyNulls();
    assertThat(marks()).hasSize(1);
  }

  private List<Mark> marks() {
    return text.read(shared -> roster.marks(shared, index -> index));
  }
}
