package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WeftTest {
  private final CommandRun weft = new CommandRun();

  @Test
  void shouldExplainItselfOnHelp() {
    assertThat(weft.run("--help")).isZero();

    assertThat(weft.out()).startsWith("Usage: weft");
    assertThat(weft.err()).isEmpty();
  }

  @Test
  void shouldPrintItsVersionOnOneLine() {
    assertThat(weft.run("--version")).isZero();

    assertThat(weft.out().lines()).singleElement().asString().startsWith("weft ");
  }

  @Test
  void shouldRefuseUnknownCommandInOneSentence() {
    assertThat(weft.run("wave", "--high")).isEqualTo(2);

    assertThat(weft.out()).isEmpty();
    assertThat(weft.err().lines())
        .containsExactly("weft: unknown command or option 'wave' (try 'weft --help')");
  }

  @Test
  void shouldRefuseToRunWithoutCommand() {
    assertThat(weft.run()).isEqualTo(2);

    assertThat(weft.err().lines())
        .containsExactly("weft: a command is missing (try 'weft --help')");
  }
}
