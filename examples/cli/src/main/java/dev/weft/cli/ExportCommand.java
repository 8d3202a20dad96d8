package dev.weft.cli;

import dev.weft.cli.trace.EventGraphWriter;
import dev.weft.client.SharedText;
import dev.weft.crdt.TextDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft export}: writes a document in a public format to standard output. */
@Command(
    name = "export",
    description = {
      "Writes a document to standard output, for other programs and for `weft import`.",
      "It is written with its whole history in Weft's documented format, as plain text, or with its"
          + " history as an event graph in JSON."
    },
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  /** In what a document is written. */
  enum Format {
    weft,
    text,
    trace
  }

  @Spec private CommandSpec spec;
  @Mixin private DocumentRead document;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "weft",
      description = "weft (docs/FORMAT.md), text (UTF-8) or trace (JSON); weft if not said.")
  private Format format;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    return document.show(this::write);
  }

  private void write(SharedText text) throws IOException {
    try {
      boolean complete = text.read(this::writeUnchecked);
      if (!complete) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(
            "weft: something was undone in this document, which a trace cannot say: what came back"
                + " is written as inserted anew, and a replay may end with another text");
        err.flush();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private boolean writeUnchecked(TextDocument text) {
    PrintWriter out = spec.commandLine().getOut();
    boolean complete = true;
    try {
      switch (format) {
        case weft -> writeBytes(text.snapshot());
        case text -> out.print(text.text());
        case trace -> complete = EventGraphWriter.write(text, out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.flush();
    return complete;
  }

  /** Writes bytes that are no text, which a writer would spoil. */
  private static void writeBytes(byte[] bytes) throws IOException {
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
    if (System.out.checkError()) {
      throw new IOException("it takes nothing more");
    }
  }
}
