package dev.weft.cli;

import dev.weft.client.SharedText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * What the commands that show a document share: it is shown as the relay has it, or else as this
 * device has it, and then that is said.
 */
final class DocumentRead {
  /** Shows a document, on standard output. */
  @FunctionalInterface
  interface Show {
    void accept(SharedText text) throws CommandFailure, IOException;
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private DocumentAddress address;

  /** Shows the document and returns the exit status. */
  int show(Show show) throws CommandFailure, InterruptedException {
    try (Workspace workspace = address.open()) {
      boolean queued = workspace.hasQueued();
      Optional<String> unreached;
      try {
        unreached = workspace.catchUp(Workspace.CONNECT_PATIENCE);
      } catch (CommandFailure refused) {
        try {
          showWhatIsHere(workspace.text(), show);
        } catch (CommandFailure e) {
          refused.addSuppressed(e);
        }
        throw refused;
      }
      if (unreached.isPresent() && workspace.text().version().isEmpty()) {
        throw new CommandFailure(
            "this device has nothing of "
                + address.document()
                + ", and "
                + workspace.relay()
                + " cannot be asked: "
                + unreached.get());
      }
      // Before the text, which may end without a line's end.
      if (unreached.isPresent()) {
        say(
            "this is the text on this device, "
                + workspace.relay()
                + " cannot say if there is more: "
                + unreached.get());
      } else if (workspace.text().version().isEmpty()) {
        say("neither the relay nor this device has anything of " + address.document());
      }
      show(workspace.text(), show);
      if (unreached.isEmpty() && queued && workspace.deliver().contains(address.document())) {
        // What was asked for is shown: that edits of it were refused is no failure to read it.
        say(
            "some of it is queued on this device: "
                + workspace.text().status().describe()
                + (workspace.text().deadLetters().isEmpty()
                    ? ""
                    : "; `weft dead-letters` lists what was refused"));
      }
    }
    return CommandLine.ExitCode.OK;
  }

  /** Shows what this device has although the relay refuses it, if that is anything. */
  private void showWhatIsHere(SharedText text, Show show) throws CommandFailure {
    if (!text.version().isEmpty()) {
      say("this is the text on this device");
      show(text, show);
      spec.commandLine().getErr().println();
    }
  }

  private static void show(SharedText text, Show show) throws CommandFailure {
    try {
      show.accept(text);
    } catch (IOException e) {
      throw new CommandFailure("standard output cannot be written: " + e.getMessage(), e);
    }
  }

  private void say(String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("weft: " + sentence);
    err.flush();
  }
}
