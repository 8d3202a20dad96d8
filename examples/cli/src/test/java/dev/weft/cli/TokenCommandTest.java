package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Letting somebody in, from the operator's command to the person's. */
class TokenCommandTest {
  @TempDir private Path folder;
  private final CommandRun operator = new CommandRun();
  private final CommandRun person = new CommandRun();

  private Path tokens() {
    return folder.resolve("tokens");
  }

  private int token(String... arguments) {
    List<String> all = new ArrayList<>(List.of("token", "--tokens", tokens().toString()));
    all.addAll(List.of(arguments));
    return operator.run(all.toArray(String[]::new));
  }

  @Test
  void shouldLetInWhoBearsTheTokenAndNobodyElse() throws Exception {
    assertThat(token("ada", "read:secret", "write:*")).isZero();
    assertThat(token("ben", "read:*", "--expires", "2199-01-31T12:00:00Z")).isZero();
    List<String> made = operator.out().lines().toList();
    assertThat(made).hasSize(2).allMatch(each -> each.matches("weft_[A-Za-z0-9_-]{43}"));
    Path adas = Files.writeString(folder.resolve("ada"), made.get(0) + "\n");
    Path bens = Files.writeString(folder.resolve("ben"), made.get(1));

    try (RelayProcess relay =
        RelayProcess.start(
            Weft.class,
            "relay",
            "--port",
            "0",
            "--data",
            folder.resolve("data").toString(),
            "--tokens",
            tokens().toString())) {
      assertThat(insert(relay, adas, "notes")).isZero();
      assertThat(person.out()).contains("receipt");

      assertThat(insert(relay, adas, "secret")).isEqualTo(1);
      assertThat(person.err()).contains("You may read this document, but not edit it.");
      assertThat(insert(relay, bens, "notes")).isEqualTo(1);
      CommandRun reader = new CommandRun();
      assertThat(
              reader.run(
                  "cat",
                  "notes",
                  "--relay=" + relay.uri(),
                  "--store=" + store(bens.getFileName() + "notes"),
                  "--token-file=" + bens))
          .isZero();
      assertThat(reader.out()).isNotEmpty();
      assertThat(reader.err().split("but not edit it", -1)).hasSize(2);
      assertThat(reader.err()).contains("`weft dead-letters` lists what was refused");
      CommandRun nobody = new CommandRun();
      assertThat(
              nobody.run(
                  "insert", "notes", "0", "x", "--relay", relay.uri(), "--store", store("nobody")))
          .isEqualTo(1);
      assertThat(nobody.err())
          .contains("the relay refuses this: This relay asks for a token, and none was given");
    }
  }

  private int insert(RelayProcess relay, Path tokenFile, String document) {
    return person.run(
        "insert",
        document,
        "0",
        "hello",
        "--save",
        "--relay",
        relay.uri(),
        "--store",
        store(tokenFile.getFileName() + document),
        "--token-file",
        tokenFile.toString());
  }

  private String store(String name) {
    return folder.resolve("store-of-" + name).toString();
  }

  @Test
  void shouldKeepWhatTheFileHasAndItFromOthers() throws IOException {
    Files.writeString(tokens(), "# our team\nada " + "0".repeat(64) + " write:*");
    Files.setPosixFilePermissions(tokens(), PosixFilePermissions.fromString("rw-r-----"));

    assertThat(token("ben")).isZero();

    assertThat(Files.readString(tokens()))
        .matches("# our team\nada 0{64} write:\\*\nben [0-9a-f]{64} write:\\*\n");
    assertThat(Files.readString(tokens())).doesNotContain(operator.out().strip());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tokens())))
        .isEqualTo("rw-r-----");
    assertThat(folder).isDirectoryContaining(file -> file.endsWith("tokens"));
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  /** An operator adds tokens as root, and the relay runs as somebody else. */
  @Test
  void shouldLeaveTheFileToWhoseItIs() throws IOException {
    assertThat(token("ada")).isZero();
    UserPrincipal nobody =
        tokens().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    try {
      Files.setOwner(tokens(), nobody);
    } catch (FileSystemException e) {
      assumeThat(e).as("only root gives files away").isNull();
    }

    assertThat(token("ben")).isZero();

    assertThat(Files.getOwner(tokens())).isEqualTo(nobody);
    assertThat(Files.readAllLines(tokens())).hasSize(3);
  }

  @Test
  void shouldMakeAFileThatOnlyItsOwnerReads() throws IOException {
    assertThat(token("ada")).isZero();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tokens())))
        .isEqualTo("rw-------");
  }

  @Test
  void shouldAddNothingToAFileThatIsNoneOfTokens() throws IOException {
    Files.writeString(tokens(), "shopping list\n");

    assertThat(token("ada")).isEqualTo(1);

    assertThat(operator.err()).startsWith("weft: " + tokens() + ", line 1: ");
    assertThat(operator.err()).endsWith("; nothing was added\n");
    assertThat(operator.out()).isEmpty();
    assertThat(Files.readString(tokens())).isEqualTo("shopping list\n");
  }

  @Test
  void shouldSayWhatIsWrongWithWhatWasAsked() {
    assertThat(token("ada", "write")).isEqualTo(2);
    assertThat(token("ada\u0007")).isEqualTo(2);
    assertThat(token("ada", "--expires", "tomorrow")).isEqualTo(2);
    assertThat(operator.err())
        .contains("a rule is none:DOCUMENTS, read:DOCUMENTS or write:DOCUMENTS")
        .contains("a name has 1 to 64 characters")
        .contains("an instant is given as 2027-01-31T12:00:00Z, not 'tomorrow'");
    assertThat(tokens()).doesNotExist();
  }

  @Test
  void shouldMakeNoTokenThatIsOverAlready() {
    assertThat(token("ada", "--expires", "2020-01-31T12:00:00Z")).isEqualTo(2);

    assertThat(operator.err())
        .startsWith("weft: --expires must be in the future, is 2020-01-31T12:00:00Z, and it is 2");
    assertThat(operator.out()).isEmpty();
    assertThat(tokens()).doesNotExist();
  }

  /** Else whoever takes a token back by its name may take the wrong one. */
  @Test
  void shouldTellWhichOtherTokensOneNameHas() throws IOException {
    assertThat(token("ada")).isZero();
    assertThat(token("adam")).isZero();
    assertThat(operator.err()).isEmpty();
    assertThat(token("ada")).isZero();
    assertThat(token("ada")).isZero();

    assertThat(operator.out().lines()).hasSize(4);
    assertThat(operator.err().lines())
        .containsExactly(
            "weft: ada has another token in "
                + tokens()
                + " already (line 2), which is still good; the new one is in the last line",
            "weft: ada has other tokens in "
                + tokens()
                + " already (lines 2, 4), which are still good; the new one is in the last line");
    assertThat(Files.readAllLines(tokens())).hasSize(5);
  }

  @Test
  void shouldSayInPlainWordsWhyTheFileCannotBeWritten() {
    Path none = folder.resolve("none");
    assertThat(operator.run("token", "ada", "--tokens", none.resolve("tokens").toString()))
        .isEqualTo(1);
    assertThat(operator.run("token", "ada", "--tokens", folder.toString())).isEqualTo(1);

    assertThat(operator.err().lines())
        .containsExactly(
            "weft: cannot add a line to "
                + none.resolve("tokens")
                + ": there is no directory "
                + none,
            "weft: " + folder + ": it is a directory, and no file; nothing was added");
  }

  @Test
  void shouldSayThatTheFileOfTheTokenCannotBeRead() {
    Path none = folder.resolve("none");

    person.run(
        "cat",
        "notes",
        "--store",
        store("a"),
        "--relay",
        "ws://127.0.0.1:1",
        "--token-file",
        none.toString());

    assertThat(person.err())
        .contains("cannot read the token in " + none + ": there is no such file")
        .doesNotContain("Exception");
  }
}
