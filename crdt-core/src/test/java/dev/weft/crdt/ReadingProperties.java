package dev.weft.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.crdt.Histories.Action;
import dev.weft.crdt.Histories.History;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** Lines, chunks and characters are those of the text, however it came about. */
@Domain(Histories.class)
@Domain(DomainContext.Global.class)
class ReadingProperties {

  @Property
  void shouldKnowTheLinesAfterEveryStep(@ForAll History history, @ForAll long seed)
      throws MalformedUpdateException {
    Random random = new Random(seed);
    Session session = new Session(history.replicas(), history.nodeCapacity());
    for (Action action : history.actions()) {
      session.perform(action);
      CheckedReplica replica = session.replica(random.nextInt(4));
      if (random.nextInt(3) > 0) {
        requireLines(replica.document());
        requireChunks(replica.document(), random);
      }
      if (random.nextInt(8) == 0) {
        replica.expectLocal();
        replica.transact(
            () -> {
              replica.edit(0, 0, "a\nb");
              requireLines(replica.document());
              replica.edit(1, 3, "\n\n");
              requireLines(replica.document());
            });
      }
    }
    for (CheckedReplica replica : session.replicas()) {
      requireLines(replica.document());
    }
  }

  private static void requireLines(TextDocument document) {
    String text = document.text();
    int line = 0;
    assertThat(document.offsetOfLine(0)).isZero();
    for (int index = 0; index < text.length(); index++) {
      assertThat(document.lineOfOffset(index)).isEqualTo(line);
      if (text.charAt(index) == '\n') {
        line++;
        assertThat(document.offsetOfLine(line)).isEqualTo(index + 1);
      }
    }
    assertThat(document.lineOfOffset(text.length())).isEqualTo(line);
    assertThat(document.lineCount()).isEqualTo(line + 1);
  }

  private static void requireChunks(TextDocument document, Random random) {
    String text = document.text();
    int start = Session.boundary(text, random.nextInt(text.length() + 1));
    int end = Session.boundary(text, start + random.nextInt(text.length() + 1 - start));
    StringBuilder chunks = new StringBuilder();
    document.forEachChunk(
        start,
        end,
        chunk -> {
          CheckedReplica.requireWellFormed(chunk.toString());
          chunks.append(chunk);
        });
    assertThat(chunks.toString()).isEqualTo(text.substring(start, end));
    int codePoints = text.codePointCount(start, end);
    assertThat(document.codePointCount(start, end)).isEqualTo(codePoints);
    assertThat(document.offsetByCodePoints(start, codePoints)).isEqualTo(end);
    assertThat(document.offsetByCodePoints(end, -codePoints)).isEqualTo(start);
    int before = text.codePointCount(0, start);
    for (int tooMany : new int[] {-before - 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> document.offsetByCodePoints(start, tooMany))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(document.subSequence(0, document.length())).hasToString(text);
    assertThat(document.subSequence(start, end).toString()).isEqualTo(text.substring(start, end));
  }
}
