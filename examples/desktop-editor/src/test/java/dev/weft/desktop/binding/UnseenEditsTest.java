package dev.weft.desktop.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.TextChange.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnseenEditsTest {
  private final UnseenEdits unseen = new UnseenEdits();

  private static List<Edit> edits(int count) {
    Random random = new Random(count);
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int index = random.nextInt(5_000);
      edits.add(new Edit(index, random.nextInt(3), "x".repeat(random.nextInt(5))));
    }
    return edits;
  }

  @Test
  void shouldFollowPlacesThroughMoreEditsThanItKeeps() {
    List<Edit> all = new ArrayList<>();
    for (int count : new int[] {7_000, 7_001, 7_002}) {
      unseen.add(edits(count));
      all.addAll(edits(count));
    }
    assertThat(unseen.isUnknown()).isTrue();
    assertThat(unseen.first()).isNull();
    assertThat(unseen.size()).isEqualTo(all.size());
    List<Edit> extents = new ArrayList<>();
    unseen.forEach(extents::add);
    for (int place = 0; place < 5_000; place += 100) {
      FollowedRange byEdits = new FollowedRange(place, place + 50);
      all.forEach(byEdits::follow);
      FollowedRange byExtents = new FollowedRange(place, place + 50);
      extents.forEach(byExtents::follow);
      assertLed(place, byEdits);
      assertLed(place, byExtents);
    }

    unseen.clear();
    assertThat(unseen.isEmpty()).isTrue();
    assertLed(17, new FollowedRange(17, 67));
  }

  private void assertLed(int start, FollowedRange expected) {
    FollowedRange range = new FollowedRange(start, start + 50);
    unseen.lead(range);
    assertThat(range.start()).isEqualTo(expected.start());
    assertThat(range.end()).isEqualTo(expected.end());
  }

  @Test
  void shouldKeepPlacesOfNoMoreThanTwoMillionEdits() {
    List<Edit> many = edits(8_000);
    for (int i = 0; i < 250; i++) {
      unseen.add(many);
    }
    assertThat(unseen.size()).isEqualTo(2_000_000);
    for (int i = 0; i < 2; i++) {
      unseen.add(edits(1));
      assertThat(unseen.isUnknown()).isTrue();
      assertThat(unseen.size()).isZero();
    }

    unseen.clear();
    unseen.add(many);
    assertThat(unseen.isUnknown()).isFalse();
    assertThat(unseen.size()).isEqualTo(8_000);
  }

  @Test
  void shouldKeepNoPlacesOnceTextsDifferOtherwise() {
    unseen.add(edits(100));
    unseen.becomeUnknown();
    unseen.add(edits(100));
    assertThat(unseen.isUnknown()).isTrue();
    assertThat(unseen.size()).isZero();
    assertLed(17, new FollowedRange(17, 67));
  }
}
