package dev.weft.cli;

import dev.weft.client.SharedText;
import dev.weft.crdt.VersionVector;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code weft cat}: prints a document's text, and nothing else. */
@Command(
    name = "cat",
    description = "Prints a document's text, exactly, with what the relay has where it answers.",
    mixinStandardHelpOptions = true)
final class CatCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private DocumentRead document;

  @Option(
      names = "--at",
      paramLabel = "VECTOR",
      converter = Version.class,
      description = {
        "The text as it was at a version, as a receipt names it:",
        "REPLICA:NEXT pairs, parted by commas."
      })
  private @Nullable VersionVector version;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    return document.show(
        text -> {
          PrintWriter out = spec.commandLine().getOut();
          out.print(textOf(text));
          out.flush();
        });
  }

  private String textOf(SharedText text) throws CommandFailure {
    VersionVector wanted = version;
    if (wanted == null) {
      return text.text();
    }
    try {
      return text.read(document -> document.textAt(wanted));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("there is no such version here: " + e.getMessage(), e);
    }
  }

  /** Reads a version vector. */
  static final class Version implements ITypeConverter<VersionVector> {
    @Override
    public VersionVector convert(String value) {
      if (value.isEmpty()) {
        throw new TypeConversionException("a version is REPLICA:NEXT pairs, this is empty");
      }
      try {
        return VersionVector.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
