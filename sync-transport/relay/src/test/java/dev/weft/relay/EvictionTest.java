package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a document that nobody uses is let go, with the test for its time. */
class EvictionTest {
  private final List<Runnable> due = new ArrayList<>();
  private boolean settled = true;
  private int evictions;

  private final Eviction eviction =
      new Eviction(
          new Eviction.Hooks() {
            @Override
            public Timer.Scheduled after(Duration delay, Runnable task) {
              due.add(task);
              return () -> due.remove(task);
            }

            @Override
            public boolean isLastGone() {
              return true;
            }

            @Override
            public boolean isUsed() {
              return false;
            }

            @Override
            public boolean evict() {
              evictions += settled ? 1 : 0;
              return settled;
            }
          },
          Duration.ofSeconds(60));

  @Test
  void shouldLookAgainUntilAllIsStored() {
    settled = false;
    eviction.letGo();
    due.remove(0).run();
    assertThat(due).hasSize(1);

    settled = true;
    due.remove(0).run();

    assertThat(evictions).isOne();
    assertThat(due).isEmpty();
  }

  /** As when it makes way for another while the look waits for the document's worker. */
  @Test
  void shouldNotLookForEverWhenItIsLetGoWhileALookIsDue() {
    settled = false;
    eviction.letGo();
    Runnable look = due.remove(0);

    eviction.end();
    look.run();

    assertThat(due).isEmpty();
  }
}
