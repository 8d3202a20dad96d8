package dev.weft.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs the command in this process and keeps what it prints. */
final class CommandRun {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Runs the command and returns its exit status. */
  int run(String... arguments) {
    CommandLine weft = Weft.commandLine();
    weft.setOut(new PrintWriter(out, true));
    weft.setErr(new PrintWriter(err, true));
    return weft.execute(arguments);
  }

  /** What all runs so far printed on standard output. */
  String out() {
    return out.toString();
  }

  /** What all runs so far printed on standard error. */
  String err() {
    return err.toString();
  }
}
