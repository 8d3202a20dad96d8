package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

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
  void shouldSayHowAnArgumentThatBeginsWithADashIsGiven() {
    assertThat(weft.run("insert", "notes", "0", "-dash")).isEqualTo(2);
    assertThat(weft.run("insert", "notes", "0", "-hello")).isEqualTo(2);
    assertThat(weft.run("cat", "-notes")).isEqualTo(2);
    assertThat(weft.run("insert", "notes", "0", "--", "-dash", "-more")).isEqualTo(2);
    assertThat(weft.run("insert", "notes")).isEqualTo(2);
    assertThat(weft.run("insert", "notes", "0", "text", "--store")).isEqualTo(2);

    assertThat(weft.out()).isEmpty();
    assertThat(weft.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("; put -- before '-dash' if that is no option (try"),
            line -> assertThat(line).contains("; put -- before '-hello' if that is no option (try"),
            line -> assertThat(line).contains("; put -- before '-notes' if that is no option (try"),
            line -> assertThat(line).contains("-more").doesNotContain("put --"),
            line -> assertThat(line).contains("INDEX").doesNotContain("put --"),
            line -> assertThat(line).contains("--store").doesNotContain("put --"));
  }

  /** What is broken elsewhere than where a line is full, is broken a second time there. */
  @Test
  void shouldBreakNoSentenceOfItsHelp() {
    for (CommandLine each : Weft.commandLine().getSubcommands().values()) {
      String[] description = each.getCommandSpec().usageMessage().description();
      assertThat(description).as(each.getCommandName()).allMatch(line -> line.endsWith("."));
    }
    assertThat(weft.run("relay", "--help")).isZero();
    assertThat(weft.run("import", "--help")).isZero();
    assertThat(weft.out()).contains("redis://HOST[:PORT]", "ws://127.0.0.1:7700");
  }

  @Test
  void shouldRefuseToRunWithoutCommand() {
    assertThat(weft.run()).isEqualTo(2);

    assertThat(weft.err().lines())
        .containsExactly("weft: a command is missing (try 'weft --help')");
  }
}
