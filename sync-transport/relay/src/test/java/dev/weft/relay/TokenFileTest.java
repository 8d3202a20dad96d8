package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.store.DocumentId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who a file of tokens lets in, and what happens when it changes. */
class TokenFileTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final Duration OFTEN = Duration.ofMillis(5);
  private static final DocumentId NOTES = new DocumentId("notes");
  private static final AccessRule WRITE_ALL = new AccessRule("*", DocumentAccess.WRITE);
  private static final String ADA = TokenFile.newToken(new SecureRandom());
  private static final String BEN = TokenFile.newToken(new SecureRandom());

  @RegisterExtension final LogLines looks = LogLines.of(FileWatch.class);
  @RegisterExtension final LogLines reads = LogLines.of(SettingsFile.class);
  @RegisterExtension final LogLines told = LogLines.of(TokenFile.class);

  @TempDir Path directory;

  @Test
  void shouldLetInWhoIsListedAndSayWhatTheyMay() throws Exception {
    List<AccessRule> some =
        List.of(AccessRule.parse("none:secret-*"), new AccessRule("*", DocumentAccess.READ));
    Path file =
        write(
            "# the team",
            "",
            TokenFile.line("ada", ADA, null, List.of(WRITE_ALL)),
            "\t" + TokenFile.line("ben", BEN, NOW.plusSeconds(60), some) + "  ");
    try (TokenFile tokens = open(file)) {
      Identity ada = (Identity) answer(tokens, ADA);
      Identity ben = (Identity) answer(tokens, BEN);

      assertThat(ada.name()).isEqualTo("ada");
      assertThat(ada.validFor()).isNull();
      assertThat(ada.access().apply(NOTES)).isEqualTo(DocumentAccess.WRITE);
      assertThat(ben.name()).isEqualTo("ben");
      assertThat(ben.validFor()).isEqualTo(Duration.ofSeconds(60));
      assertThat(ben.access().apply(NOTES)).isEqualTo(DocumentAccess.READ);
      assertThat(ben.access().apply(new DocumentId("secret-1"))).isEqualTo(DocumentAccess.NONE);
    }
  }

  @Test
  void shouldRefuseWhoIsNotListedOrWhoseTimeIsOver() throws Exception {
    Path file = write(TokenFile.line("ben", BEN, NOW, List.of(WRITE_ALL)));
    try (TokenFile tokens = open(file)) {
      Refusal none = refusal(tokens, "");
      Refusal unknown = refusal(tokens, ADA);
      Refusal over = refusal(tokens, BEN);

      assertThat(none.code()).isEqualTo(Codes.UNAUTHORISED);
      assertThat(unknown.code()).isEqualTo(Codes.UNAUTHORISED);
      assertThat(unknown.reason()).contains("another").doesNotContain(ADA);
      assertThat(over.code()).isEqualTo(Codes.TOKEN_EXPIRED);
      assertThat(over.reason()).contains(NOW.toString(), "new one").doesNotContain(BEN);
      assertThat(List.of(none, unknown, over)).noneMatch(Refusal::retryable);
    }
  }

  @Test
  void shouldMakeTokensThatDifferAndLinesWithoutThem() {
    String line = TokenFile.line("ada", ADA, NOW, List.of(WRITE_ALL));

    assertThat(ADA).hasSize(5 + 43).startsWith("weft_").isNotEqualTo(BEN);
    assertThat(line)
        .matches("ada [0-9a-f]{64} expires=2026-11-27T12:00:00Z write:\\*")
        .doesNotContain(ADA.substring(5));
  }

  @Test
  void shouldMakeNoLineThatCouldNotBeRead() {
    for (String name : List.of("", "a b", "#a", "a\nb", "a\u202eb", "a\u00a0b", "x".repeat(65))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TokenFile.line(name, ADA, null, List.of(WRITE_ALL)));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenFile.line("ada", "guess me", null, List.of(WRITE_ALL)))
        .withMessageNotContaining("guess me");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenFile.line("ada", ADA, null, List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "ada, one word",
    "ada TOKEN write:*, digest",
    "ada DIGEST, no rule",
    "ada DIGEST expires=tomorrow write:*, expires=2027",
    "ada DIGEST write:a/b, pattern",
    "ada DIGEST edit:*, 'none, read or write'",
    "ada DIGEST write, none:DOCUMENTS",
    "x\u202ey DIGEST write:*, name",
  })
  void shouldSayWhichLineIsWrongAndWhyWhenOpened(String line, String why) throws Exception {
    String digest = TokenLines.digest(BEN);
    Path file =
        write("# first", line.replace("DIGEST", digest).replace("TOKEN", ADA), "and another");

    assertThatThrownBy(() -> open(file))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageStartingWith(file + ", line 2: ")
        .hasMessageContaining(why)
        .hasMessageNotContaining(ADA);
  }

  @Test
  void shouldSayWhatIsWrongWithTheFileWhenOpened() throws Exception {
    Path missing = directory.resolve("missing");
    Path twice =
        write(
            TokenFile.line("ada", ADA, null, List.of(WRITE_ALL)),
            TokenFile.line("ben", ADA, null, List.of(WRITE_ALL)));

    assertThatThrownBy(() -> open(missing))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(missing + ": there is no such file");
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage(directory + ": it is a directory, and no file");
    assertThatThrownBy(() -> open(Files.createFile(directory.resolve("empty"))))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("it is empty");
    assertThatThrownBy(() -> open(twice))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("line 2: line 1 is for the same token");
    assertThatThrownBy(
            () -> open(Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff})))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(
            () ->
                open(Files.write(directory.resolve("long"), new byte[SettingsFile.MAX_BYTES + 1])))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("longer");
  }

  @Test
  void shouldTakeOverWhatIsWrittenAndTellOfWhom() throws Exception {
    String other = TokenFile.newToken(new SecureRandom());
    Path file =
        write(
            TokenFile.line("ada", ADA, null, List.of(WRITE_ALL)),
            TokenFile.line("ben", BEN, null, List.of(WRITE_ALL)),
            TokenFile.line("eve", other, null, List.of(WRITE_ALL)));
    List<String> changed = Collections.synchronizedList(new ArrayList<>());
    try (TokenFile tokens = open(file);
        Authenticator.Subscription subscription = tokens.onChange(listener(changed))) {
      tokens.onChange(listener(changed)).close();
      write(
          TokenFile.line("ada", ADA, null, List.of(WRITE_ALL)),
          TokenFile.line("ben", BEN, null, List.of(AccessRule.parse("read:*"))));

      Eventually.holds(() -> changed.size() == 2, changed::toString);

      assertThat(changed).containsExactlyInAnyOrder("ben", "eve");
      assertThat(told.all())
          .containsExactly(
              "INFO " + file + " has 3 tokens",
              "INFO "
                  + file
                  + " was read again: it has 2 tokens, and what it says of 2 names is new");
      assertThat(((Identity) answer(tokens, BEN)).access().apply(NOTES))
          .isEqualTo(DocumentAccess.READ);
      assertThat(refusal(tokens, other).code()).isEqualTo(Codes.UNAUTHORISED);
      assertThat(subscription).isNotNull();
    }
  }

  @Test
  void shouldTakeOverWhatALinkIsMadeToPointTo() throws Exception {
    Path first =
        Files.writeString(
            directory.resolve("first"), TokenFile.line("ada", ADA, null, List.of(WRITE_ALL)));
    Path second =
        Files.writeString(
            directory.resolve("second"), TokenFile.line("ben", BEN, null, List.of(WRITE_ALL)));
    Path link = Files.createSymbolicLink(directory.resolve("tokens"), first);
    try (TokenFile tokens = open(link)) {
      Path next = Files.createSymbolicLink(directory.resolve("next"), second);
      Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);

      Eventually.holds(() -> answer(tokens, BEN) instanceof Identity, looks::all);

      assertThat(answer(tokens, ADA)).isInstanceOf(Authenticator.Refused.class);
    }
  }

  @Test
  void shouldKeepWhatItHadAndSayWhyWhenNewContentIsWrong() throws Exception {
    Path file = write(TokenFile.line("ada", ADA, null, List.of(WRITE_ALL)));
    try (TokenFile tokens = open(file)) {
      write("# new", "ben " + BEN + " write:*");
      Eventually.holds(() -> !looks.all().isEmpty(), looks::all);

      assertThat(answer(tokens, ADA)).isInstanceOf(Identity.class);
      assertThat(looks.all())
          .singleElement()
          .asString()
          .startsWith("ERROR")
          .contains("line 2", "digest")
          .doesNotContain(BEN);

      Files.delete(file);
      Eventually.holds(() -> looks.all().size() == 2, looks::all);
      assertThat(looks.all().get(1)).contains("no such file");
      assertThat(answer(tokens, ADA)).isInstanceOf(Identity.class);

      write(TokenFile.line("ben", BEN, null, List.of(WRITE_ALL)));
      Eventually.holds(() -> answer(tokens, BEN) instanceof Identity, looks::all);
      Eventually.holds(() -> looks.all().size() == 3, looks::all);
      assertThat(looks.all().get(2)).startsWith("INFO").contains("again");
    }
  }

  @Test
  void shouldWarnOfFileThatOthersMayRead() throws Exception {
    Path file = write(TokenFile.line("ada", ADA, null, List.of(WRITE_ALL)));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    open(file).close();
    assertThat(reads.all()).isEmpty();

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    open(file).close();

    assertThat(reads.all()).singleElement().asString().startsWith("WARN").contains("chmod 600");
  }

  private static Authenticator.Listener listener(List<String> changed) {
    return new Authenticator.Listener() {
      @Override
      public void changed(String name) {
        changed.add(name);
      }

      @Override
      public void changed() {
        changed.add("all");
      }
    };
  }

  private Path write(String... lines) throws IOException {
    Path next = Files.writeString(directory.resolve("new"), String.join("\n", lines) + "\n");
    return Files.move(
        next,
        directory.resolve("tokens.txt"),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  private static TokenFile open(Path file) {
    return TokenFile.open(file, () -> NOW, OFTEN);
  }

  private static Authenticator.Answer answer(Authenticator from, String token) {
    return from.authenticate(token, "192.0.2.7:50123").toCompletableFuture().join();
  }

  private static Refusal refusal(Authenticator from, String token) {
    return ((Authenticator.Refused) answer(from, token)).refusal();
  }
}
