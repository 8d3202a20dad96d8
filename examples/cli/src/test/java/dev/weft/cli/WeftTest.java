package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class WeftTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldExplainItselfOnHelp() {
    assertThat(run("--help")).isZero();

    assertThat(out.toString()).startsWith("Usage: weft");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void shouldPrintItsVersionOnOneLine() {
    assertThat(run("--version")).isZero();

    assertThat(out.toString().lines()).singleElement().asString().startsWith("weft ");
  }

  @Test
  void shouldRefuseUnknownCommandInOneSentence() {
    assertThat(run("wave", "--high")).isEqualTo(2);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .containsExactly("weft: unknown command or option 'wave' (try 'weft --help')");
  }

  @Test
  void shouldRefuseToRunWithoutCommand() {
    assertThat(run()).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly("weft: a command is missing (try 'weft --help')");
  }

  private int run(String... args) {
    CommandLine weft = Weft.commandLine();
    weft.setOut(new PrintWriter(out, true));
    weft.setErr(new PrintWriter(err, true));
    return weft.execute(args);
  }
}
