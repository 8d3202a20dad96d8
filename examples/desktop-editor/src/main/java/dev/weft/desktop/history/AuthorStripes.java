package dev.weft.desktop.history;

import dev.weft.crdt.AuthorRun;
import dev.weft.crdt.ReplicaId;
import dev.weft.desktop.ranges.Ranges;
import java.awt.Color;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who wrote which part of the text that is shown, as stripes behind it. Immutable. */
final class AuthorStripes implements Ranges {
  static final AuthorStripes NONE = new AuthorStripes(List.of(), Authors.NONE, Color.WHITE);

  private final List<AuthorRun> runs;
  private final Authors authors;
  private final Map<ReplicaId, Color> colors = new HashMap<>();

  /**
   * Creates stripes.
   *
   * @param runs from left to right
   * @param ground the color that the text would have behind it
   */
  AuthorStripes(List<AuthorRun> runs, Authors authors, Color ground) {
    this.runs = runs;
    this.authors = authors;
    for (AuthorRun run : runs) {
      colors.computeIfAbsent(run.author(), author -> authors.color(author, ground));
    }
  }

  /** Returns who wrote the unit at an offset, in words; that there is none, at the text's end. */
  String words(int offset) {
    int run = firstEndingFrom(offset + 1);
    return run < runs.size() && runs.get(run).start() <= offset
        ? "by " + authors.name(runs.get(run).author())
        : "the end of the text";
  }

  @Override
  public int size() {
    return runs.size();
  }

  @Override
  public int start(int range) {
    return runs.get(range).start();
  }

  @Override
  public int end(int range) {
    return runs.get(range).end();
  }

  @Override
  public @Nullable Color fill(int range) {
    return colors.get(runs.get(range).author());
  }

  @Override
  public @Nullable Color edge(int range) {
    return null;
  }
}
