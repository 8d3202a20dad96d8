package dev.weft.cli;

import dev.weft.client.TokenSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The token by which a relay knows this person. It is no option itself: what stands on a command
 * line, every user of the machine can read.
 */
final class TokenOption {
  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "The file of the token that the relay asks for (default: $$WEFT_TOKEN_FILE; $$WEFT_TOKEN may"
              + " hold the token itself).")
  private @Nullable Path file;

  /** Returns where the token comes from; null if there is none. */
  @Nullable TokenSource source() {
    Path named = file;
    if (named == null) {
      String token = System.getenv("WEFT_TOKEN");
      if (token != null && !token.isEmpty()) {
        return () -> token;
      }
      String fromEnvironment = System.getenv("WEFT_TOKEN_FILE");
      if (fromEnvironment == null || fromEnvironment.isEmpty()) {
        return null;
      }
      named = Path.of(fromEnvironment);
    }
    Path tokens = named;
    return () -> read(tokens);
  }

  /** It is read for each connection, so that a new token is taken up without a restart. */
  private static String read(Path file) throws CommandFailure {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new CommandFailure(
          "cannot read the token in " + file + ": " + FileTrouble.describe(file, e), e);
    }
  }
}
