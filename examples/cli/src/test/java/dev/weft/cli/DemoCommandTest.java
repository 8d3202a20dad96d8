package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoCommandTest {
  @Test
  void shouldEndWithEqualTextsAndSayTheSameEveryTime() {
    CommandRun first = new CommandRun();
    CommandRun second = new CommandRun();

    assertThat(first.run("demo", "--headless")).isZero();
    assertThat(second.run("demo", "--headless")).isZero();

    assertThat(first.out())
        .contains(
            "right: types \"Agenda: the warp the weft (offline) \", is offline (disconnected on"
                + " purpose), 10 changes waiting on this device\n")
        .contains("left: has a receipt: FSYNCED at the relay, with all 45 changes so far\n")
        .endsWith(
            "Both have the same 45 characters:"
                + " \"(online) Agenda: the warp the weft (offline) \"\n");
    assertThat(told(second)).isEqualTo(told(first));
    assertThat(first.err()).isEmpty();
  }

  /** On a busy machine the relay may ask for a pause, and the editors say so. */
  private static String told(CommandRun run) {
    return run.out().replace(", slowed down by the relay", "");
  }
}
