package dev.weft.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weft delete}: takes text out of a document. */
@Command(
    name = "delete",
    description = "Deletes text from a document, here and at the relay.",
    mixinStandardHelpOptions = true)
final class DeleteCommand implements Callable<Integer> {
  @Mixin private DocumentEdit edit;

  @Parameters(index = "1", paramLabel = "INDEX", description = "Where, in UTF-16 units from 0.")
  private int index;

  @Parameters(index = "2", paramLabel = "LENGTH", description = "How much, in UTF-16 units.")
  private int length;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    if (length < 0) {
      throw new CommandFailure("nothing was changed: LENGTH must not be negative, it is " + length);
    }
    // An end beyond the range of int is beyond every text.
    return edit.make(
        text -> text.delete(index, (int) Math.min((long) index + length, Integer.MAX_VALUE)));
  }
}
