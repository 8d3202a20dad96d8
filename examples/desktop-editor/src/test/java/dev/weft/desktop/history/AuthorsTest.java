package dev.weft.desktop.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.AuthorRun;
import dev.weft.crdt.ReplicaId;
import java.awt.Color;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AuthorsTest {
  private static final ReplicaId NOW = new ReplicaId(1);
  private static final ReplicaId FORMER = new ReplicaId(2);
  private static final ReplicaId ANN = ReplicaId.parse("ab12345600000000");
  private static final ReplicaId BEN = ReplicaId.parse("ab12350000000000");

  @Test
  void shouldCallAllOwnReplicasYou() {
    Authors authors = new Authors(List.of(NOW, FORMER), List.of(NOW, FORMER, ANN), Map.of());

    assertThat(authors.name(NOW)).isEqualTo("you");
    assertThat(authors.name(FORMER)).isEqualTo("you");
    assertThat(authors.color(FORMER, Color.WHITE)).isEqualTo(authors.color(NOW, Color.WHITE));
    assertThat(authors.name(ANN)).isEqualTo("replica ab12\u2026");
  }

  @Test
  void shouldShowAsManyDigitsAsTellOthersApart() {
    Authors authors = new Authors(List.of(NOW), List.of(NOW, ANN, BEN), Map.of());

    assertThat(authors.name(ANN)).isEqualTo("replica ab1234\u2026");
    assertThat(authors.name(BEN)).isEqualTo("replica ab1235\u2026");
    assertThat(authors.color(ANN, Color.BLACK)).isNotEqualTo(authors.color(BEN, Color.BLACK));
  }

  @Test
  void shouldShowAllDigitsWhereFewerTellNobodyApart() {
    ReplicaId other = new ReplicaId(3);
    Authors authors = new Authors(List.of(NOW), List.of(FORMER, other), Map.of());

    assertThat(authors.name(FORMER)).isEqualTo("replica 0000000000000002");
    assertThat(authors.name(other)).isEqualTo("replica 0000000000000003");
  }

  @Test
  void shouldGiveColorToEachOfMoreAuthorsThanThereAreColors() {
    List<ReplicaId> many = LongStream.range(10, 30).mapToObj(ReplicaId::new).toList();
    Authors authors = new Authors(List.of(NOW), many, Map.of());

    assertThat(many)
        .map(each -> authors.color(each, Color.WHITE))
        .doesNotContain(authors.color(NOW, Color.WHITE));
  }

  @Test
  void shouldCallOthersAsTheyCalledThemselves() {
    Authors authors =
        new Authors(
            List.of(NOW), List.of(NOW, ANN, BEN), Map.of(NOW, "Me", ANN, "Ann", FORMER, "Ann"));

    assertThat(authors.name(NOW)).isEqualTo("you");
    assertThat(authors.name(ANN)).isEqualTo("Ann");
    assertThat(authors.name(BEN)).isEqualTo("replica ab1235\u2026");
  }

  @Test
  void shouldTellThoseOfOneNameApart() {
    Authors authors =
        new Authors(List.of(NOW), List.of(NOW, ANN, BEN), Map.of(ANN, "Ann", BEN, "ann"));

    assertThat(authors.name(ANN)).isEqualTo("Ann (replica ab1234\u2026)");
    assertThat(authors.name(BEN)).isEqualTo("ann (replica ab1235\u2026)");
  }

  @Test
  void shouldTellThoseApartWhoseNamesLookTheSame() {
    Authors authors =
        new Authors(
            List.of(NOW), List.of(NOW, ANN, BEN), Map.of(ANN, "Zo\u00EB", BEN, "Zoe\u0308"));

    assertThat(authors.name(ANN)).isEqualTo("Zo\u00EB (replica ab1234\u2026)");
    assertThat(authors.name(BEN)).isEqualTo("Zoe\u0308 (replica ab1235\u2026)");
  }

  /** Whoever calls himself so is not taken for the person here, nor for one who gave no name. */
  @Test
  void shouldNotTakeNameForWhatIsSaidOfOthers() {
    Authors authors =
        new Authors(
            List.of(NOW), List.of(NOW, ANN, BEN), Map.of(ANN, "You", BEN, "Replica ab1234\u2026"));

    assertThat(authors.name(ANN)).isEqualTo("You (replica ab1234\u2026)");
    assertThat(authors.name(BEN)).isEqualTo("Replica ab1234\u2026 (replica ab1235\u2026)");
  }

  @Test
  void shouldSayWhoWrotePlace() {
    AuthorStripes stripes =
        new AuthorStripes(
            List.of(new AuthorRun(0, 3, NOW), new AuthorRun(3, 5, ANN)),
            new Authors(List.of(NOW), List.of(NOW, ANN), Map.of()),
            Color.WHITE);

    assertThat(stripes.words(0)).isEqualTo("by you");
    assertThat(stripes.words(2)).isEqualTo("by you");
    assertThat(stripes.words(3)).isEqualTo("by replica ab12\u2026");
    assertThat(stripes.words(5)).isEqualTo("the end of the text");
    assertThat(AuthorStripes.NONE.words(0)).isEqualTo("the end of the text");
  }
}
