package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.TextChange.Edit;
import dev.weft.desktop.binding.Offsets.Side;
import org.junit.jupiter.api.Test;

class OffsetsTest {
  @Test
  void shouldStayOnItsSideWhenTextIsInsertedAtOffset() {
    Edit insertion = new Edit(3, 0, "xy");

    assertThat(Offsets.follow(3, insertion, Side.LEFT)).isEqualTo(3);
    assertThat(Offsets.follow(3, insertion, Side.RIGHT)).isEqualTo(5);
    assertThat(Offsets.follow(2, insertion, Side.RIGHT)).isEqualTo(2);
    assertThat(Offsets.follow(4, insertion, Side.LEFT)).isEqualTo(6);
  }

  @Test
  void shouldStayAtItsEndWhenRangeIsReplaced() {
    Edit replacement = new Edit(3, 4, "xy");

    for (Side side : Side.values()) {
      assertThat(Offsets.follow(3, replacement, side)).isEqualTo(3);
      assertThat(Offsets.follow(7, replacement, side)).isEqualTo(5);
      assertThat(Offsets.follow(8, replacement, side)).isEqualTo(6);
    }
    assertThat(Offsets.follow(5, replacement, Side.LEFT)).isEqualTo(3);
    assertThat(Offsets.follow(5, replacement, Side.RIGHT)).isEqualTo(5);
  }

  @Test
  void shouldFindWhatDiffersBetweenCommonEnds() {
    assertThat(Offsets.difference("warp and weft", "warp or weft")).isEqualTo(new Edit(5, 3, "or"));
    assertThat(Offsets.difference("aa", "aaa")).isEqualTo(new Edit(2, 0, "a"));
    assertThat(Offsets.difference("aaa", "aa")).isEqualTo(new Edit(2, 1, ""));
    assertThat(Offsets.difference("", "")).isEqualTo(new Edit(0, 0, ""));
  }

  @Test
  void shouldNotPartSurrogatePairsWhenTheyShareHalf() {
    String yarn = "\uD83E\uDDF6";
    String thread = "\uD83E\uDDF5";
    String otherWithLowHalf = "\uD83D\uDDF6";

    assertThat(Offsets.difference("a" + yarn + "b", "a" + thread + "b"))
        .isEqualTo(new Edit(1, 2, thread));
    assertThat(Offsets.difference("a" + yarn + "b", "a" + otherWithLowHalf + "b"))
        .isEqualTo(new Edit(1, 2, otherWithLowHalf));
    assertThat(Offsets.difference(yarn, yarn + yarn)).isEqualTo(new Edit(2, 0, yarn));
  }
}
