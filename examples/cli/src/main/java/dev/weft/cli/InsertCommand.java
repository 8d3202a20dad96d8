package dev.weft.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weft insert}: puts text into a document. */
@Command(
    name = "insert",
    description = "Inserts text into a document, here and at the relay.",
    mixinStandardHelpOptions = true)
final class InsertCommand implements Callable<Integer> {
  @Mixin private DocumentEdit edit;

  @Parameters(
      index = "1",
      paramLabel = "INDEX",
      description = "Where, in UTF-16 units from 0; the text's length appends.")
  private int index;

  @Parameters(
      index = "2",
      paramLabel = "TEXT",
      description = "What to insert; put -- before a text that begins with -.")
  private String inserted;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    return edit.make(text -> text.insert(index, inserted));
  }
}
