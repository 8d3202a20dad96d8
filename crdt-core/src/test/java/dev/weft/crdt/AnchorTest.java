package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnchorTest {
  private static final ReplicaId A = new ReplicaId(0xa);
  private static final ReplicaId B = new ReplicaId(0xb);

  private final TextDocument document = TextDocument.create(A);

  private int indexOf(Anchor anchor) {
    return document.indexOf(anchor).orElseThrow();
  }

  @Test
  void shouldHoldToOneSideWhenTextIsInsertedRightThere() {
    document.insert(0, "warp");
    Anchor left = document.anchor(2, Bias.LEFT);
    Anchor right = document.anchor(2, Bias.RIGHT);
    document.insert(2, "--");

    assertThat(document.text()).isEqualTo("wa--rp");
    assertThat(indexOf(left)).isEqualTo(2);
    assertThat(indexOf(right)).isEqualTo(4);
  }

  @Test
  void shouldStayAtTheEdgesOfTheText() {
    Anchor start = document.anchor(0, Bias.LEFT);
    Anchor end = document.anchor(0, Bias.RIGHT);
    document.insert(0, "weft");
    document.insert(0, "a ");
    document.insert(6, "!");

    assertThat(start).isEqualTo(Anchor.START);
    assertThat(end).isEqualTo(Anchor.END);
    assertThat(indexOf(start)).isZero();
    assertThat(indexOf(end)).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource
  void shouldStandWhereADeletedRangeWas(Bias bias) {
    document.insert(0, "0123456789");
    Anchor before = document.anchor(3, bias);
    Anchor inside = document.anchor(5, bias);
    Anchor behind = document.anchor(7, bias);
    document.delete(3, 7);

    assertThat(indexOf(before)).isEqualTo(3);
    assertThat(indexOf(inside)).isEqualTo(3);
    assertThat(indexOf(behind)).isEqualTo(3);
    document.insert(3, "xx");
    // At the edges of what was deleted each is on its side; inside of it, where its tombstone is.
    assertThat(indexOf(document.anchor(0, Bias.LEFT))).isZero();
    assertThat(indexOf(before)).isEqualTo(bias == Bias.LEFT ? 3 : 5);
    assertThat(indexOf(behind)).isEqualTo(5);
  }

  @Test
  void shouldBeBesideItsUnitAgainWhenThatIsRestored() {
    UndoHistory undo = UndoHistory.of(document).build();
    document.insert(0, "a remark here");
    Anchor remark = document.anchor(5, Bias.RIGHT);
    document.delete(0, 13);
    document.insert(0, "nothing");
    assertThat(undo.undo()).isPresent();
    assertThat(undo.undo()).isPresent();

    assertThat(document.text()).isEqualTo("a remark here");
    assertThat(indexOf(remark)).isEqualTo(5);
  }

  @Test
  void shouldStandInARunThatAnotherReplicaParted() throws MalformedUpdateException {
    document.insert(0, "onetwo");
    Anchor between = document.anchor(3, Bias.LEFT);
    Anchor in = document.anchor(4, Bias.RIGHT);
    TextDocument other = TextDocument.load(B, document.snapshot());
    other.insert(3, " and ");
    document.apply(other.ownChangesSince(0));

    assertThat(document.text()).isEqualTo("one and two");
    assertThat(indexOf(between)).isEqualTo(3);
    assertThat(indexOf(in)).isEqualTo(9);
    assertThat(other.indexOf(in)).hasValue(9);
  }

  @Test
  void shouldNotStandInsideASurrogatePair() throws MalformedUpdateException {
    document.insert(0, "a\uD83D\uDE00b");
    assertThatIllegalArgumentException().isThrownBy(() -> document.anchor(2, Bias.LEFT));

    // Nor if somebody else says so.
    Anchor behindHigh = Anchor.at(new EventId(A, 1), Bias.LEFT);
    Anchor beforeLow = Anchor.at(new EventId(A, 2), Bias.RIGHT);
    assertThat(indexOf(behindHigh)).isEqualTo(3);
    assertThat(indexOf(beforeLow)).isEqualTo(1);
  }

  @Test
  void shouldBeNowhereYetIfItsUnitIsUnknown() throws MalformedUpdateException {
    TextDocument other = TextDocument.create(B);
    other.insert(0, "weft");
    Anchor anchor = other.anchor(2, Bias.LEFT);
    assertThat(document.indexOf(anchor)).isEmpty();
    document.apply(other.ownChangesSince(0));
    assertThat(document.indexOf(anchor)).hasValue(2);
    // Not a unit at all.
    other.delete(0, 1);
    assertThat(other.indexOf(Anchor.at(new EventId(B, 4), Bias.LEFT))).isEmpty();
  }

  @Test
  void shouldRefuseBytesThatAreNoAnchor() throws MalformedUpdateException {
    assertThat(Anchor.parse(Anchor.START.toBytes())).isEqualTo(Anchor.START);
    assertThat(Anchor.parse(Anchor.END.toBytes())).isEqualTo(Anchor.END);
    for (byte[] bytes : new byte[][] {{}, {4}, {0, 0}, {2, 1, 2}, {2, 0, 0, 0, 0, 0, 0, 0, 1}}) {
      assertThatThrownBy(() -> Anchor.parse(bytes)).isInstanceOf(MalformedUpdateException.class);
    }
  }

  @Test
  void shouldRefuseAnIndexOutsideOfTheText() {
    assertThatThrownBy(() -> document.anchor(1, Bias.LEFT))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("index=1");
  }
}
