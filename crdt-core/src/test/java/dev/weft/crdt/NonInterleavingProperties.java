package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * What several people type into the same gap at the same time stands there one after the other,
 * never letter by letter mixed, whichever way each of them types.
 */
class NonInterleavingProperties {

  /** How one author fills the gap; each letter is the author's own, a to z. */
  enum Manner {
    /** Each letter behind the one typed last. */
    FORWARD,
    /** Each letter before the one typed last. */
    BACKWARD,
    /** Each letter anywhere within what the author has typed. */
    ANYWHERE,
    /** As {@link #ANYWHERE}, and now and then one of the letters is deleted again. */
    WITH_DELETIONS
  }

  @Property
  void shouldKeepTogetherWhatEachAuthorTyped(
      @ForAll @Size(min = 2, max = 5) List<Manner> authors,
      @ForAll @IntRange(min = 1, max = 8) int length,
      @ForAll @IntRange(max = 6) int before,
      @ForAll @IntRange(max = 6) int after,
      @ForAll @IntRange(max = 3) int tombstones,
      @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    List<ReplicaId> ids =
        new ArrayList<>(IntStream.rangeClosed(0, authors.size()).mapToObj(ReplicaId::new).toList());
    Collections.shuffle(ids, random);
    Session session = new Session(ids, 4);
    CheckedReplica reader = session.replica(authors.size());
    reader.edit(0, 0, "<".repeat(before) + "-".repeat(tombstones) + ">".repeat(after));
    reader.edit(before, before + tombstones, "");
    session.settle();

    List<String> typed = new ArrayList<>();
    for (int i = 0; i < authors.size(); i++) {
      CheckedReplica author = session.replica(i);
      fill(author, before, (char) ('a' + i), length, authors.get(i), random);
      String text = author.text();
      typed.add(text.substring(before, text.length() - after));
    }
    session.settle();

    String text = reader.text();
    String gap = text.substring(before, text.length() - after);
    assertThat(gap).hasSize(typed.stream().mapToInt(String::length).sum());
    for (String run : typed) {
      assertThat(gap).contains(run);
    }
  }

  private static void fill(
      CheckedReplica author, int gap, char letter, int length, Manner manner, Random random) {
    int typed = 0;
    for (int i = 0; i < length; i++) {
      int place =
          switch (manner) {
            case FORWARD -> typed;
            case BACKWARD -> 0;
            case ANYWHERE, WITH_DELETIONS -> random.nextInt(typed + 1);
          };
      author.edit(gap + place, gap + place, String.valueOf(letter));
      typed++;
      if (manner == Manner.WITH_DELETIONS && random.nextInt(3) == 0) {
        int deleted = gap + random.nextInt(typed);
        author.edit(deleted, deleted + 1, "");
        typed--;
      }
    }
  }
}
