package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.weft.protocol.Codes;
import dev.weft.protocol.RelayMessage;
import dev.weft.protocol.RelayMessage.Access;
import dev.weft.protocol.RelayMessage.Scope;
import dev.weft.store.DocumentId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What happens to who is connected, over real sockets, when a file of tokens changes. */
class RevocationTest {
  private static final String ADA = TokenFile.newToken(new SecureRandom());
  private static final String BEN = TokenFile.newToken(new SecureRandom());
  private static final String ADA_LINE =
      TokenFile.line("ada", ADA, null, List.of(AccessRule.parse("write:*")));

  @RegisterExtension final LogLines log = LogLines.ofAll(Level.INFO);

  @TempDir Path directory;

  private TokenFile tokens;
  private TestRelay relay;
  private Author ada;

  @BeforeEach
  void start() throws Exception {
    write("write:*");
    tokens = TokenFile.open(file(), InstantSource.system(), Duration.ofMillis(5));
    relay =
        TestRelay.start(
            directory.resolve("store"), new Tuning(), builder -> builder.authenticator(tokens));
    ada = Author.join(relay.uri(), 1, Author.DOCUMENT, ADA);
    ada.type("hello");
    ada.save("s0");
  }

  @AfterEach
  void stop() {
    ada.close();
    relay.close();
    tokens.close();
  }

  @Test
  void shouldRefuseNextEditOfWhoMayNotWriteAnyMore() throws Exception {
    try (Author ben = Author.join(relay.uri(), 2, Author.DOCUMENT, BEN)) {
      ben.type("!");
      ada.awaitText("hello!");
      write("read:*");
      assertThat(ben.peer.hear(RelayMessage.Opened.class).access()).isEqualTo(Access.READ);

      ben.type("?");

      RelayMessage.Fault fault = ben.peer.hear(RelayMessage.Fault.class);
      assertThat(fault.scope()).isEqualTo(Scope.CHANGES);
      assertThat(fault.refusal().code()).isEqualTo(Codes.READ_ONLY);
      assertThat(fault.changes())
          .containsExactly(new RelayMessage.ChangeRange(ben.text.replica(), 1, 2));
      ada.type(".");
      ben.hearEdits();
      assertOthersNoticeNothing();
    }
  }

  @Test
  void shouldCloseChannelOfWhoMayNotReadAnyMore() throws Exception {
    try (Author ben = Author.join(relay.uri(), 2, Author.DOCUMENT, BEN)) {
      write("read:other");

      RelayMessage.Fault fault = ben.peer.hear(RelayMessage.Fault.class);

      assertThat(fault.scope()).isEqualTo(Scope.CHANNEL);
      assertThat(fault.refusal().code()).isEqualTo(Codes.UNAUTHORISED);
      ben.open("other");
      ada.type(" secret");
      ada.save("s1");
      ben.peer.hear(RelayMessage.Welcome.class);
      ben.peer.hearNothingBeforePong(1);
      assertOthersNoticeNothing();
    }
  }

  @Test
  void shouldRefuseConnectionOfWhomTheFileDoesNotListAnyMore() throws Exception {
    try (Author ben = Author.join(relay.uri(), 2, Author.DOCUMENT, BEN)) {
      replace(ADA_LINE);

      RelayMessage.Fault fault = ben.peer.hear(RelayMessage.Fault.class);

      assertThat(fault.scope()).isEqualTo(Scope.CONNECTION);
      assertThat(fault.refusal().code()).isEqualTo(Codes.UNAUTHORISED);
      assertThat(fault.refusal().reason()).doesNotContain(BEN);
      assertThat(ben.peer.closed().status()).isEqualTo(1008);
      assertThat(log.all())
          .anyMatch(
              each ->
                  each.matches(
                      "INFO session \\S+ of \"ben\" from 127\\.0\\.0\\.1:\\d+ refused: unauthorised .*"));
      try (Peer again = Peer.connect(relay.uri())) {
        again.say(Polls.hello(BEN));
        assertThat(again.hear(RelayMessage.Fault.class).refusal().code())
            .isEqualTo(Codes.UNAUTHORISED);
      }
      assertOthersNoticeNothing();
    }
  }

  @Test
  void shouldEndStreamOfEventsOfWhoMayNotReadAnyMore() throws Exception {
    try (EventsDoorTest.Events events = EventsDoorTest.Events.open(relay, "", BEN)) {
      assertThat(events.next().name()).isEqualTo("text");

      write("none:notes", "read:*");

      assertThat(events.poll()).isNull();
      assertThat(log.all())
          .anyMatch(each -> each.startsWith("INFO request of \"ben\" from 127.0.0.1:"));
      assertOthersNoticeNothing();
    }
  }

  @Test
  void shouldTellWhoMayWriteFromNowOn() throws Exception {
    write("read:*");
    try (Peer peer = Peer.connect(relay.uri())) {
      Author ben = Author.over(peer, 2);
      awaitReadOnly();
      peer.hello(BEN);
      ben.sayOpenAnew(Author.DOCUMENT);
      assertThat(peer.hear(RelayMessage.Opened.class).access()).isEqualTo(Access.READ);

      write("write:*");

      assertThat(peer.hear(RelayMessage.Opened.class).access()).isEqualTo(Access.WRITE);
      assertOthersNoticeNothing();
    }
  }

  @Test
  void shouldAskAgainWhenEmbedderSaysSo() throws Exception {
    try (Author ben = Author.join(relay.uri(), 2, Author.DOCUMENT, BEN)) {
      relay.server.recheck("nobody");
      ben.peer.hearNothingBeforePong(1);

      relay.server.recheck("ben");

      ben.peer.hear(RelayMessage.Welcome.class);
      assertOthersNoticeNothing();
    }
  }

  /** Waits until the file's new rules hold for who comes. */
  private void awaitReadOnly() {
    Eventually.holds(
        () ->
            tokens.authenticate(BEN, "").toCompletableFuture().join() instanceof Identity identity
                && identity.access().apply(new DocumentId("notes")) == DocumentAccess.READ,
        () -> "what the file says");
  }

  private void assertOthersNoticeNothing() {
    ada.type(" and on");
    ada.save("last");
    assertThat(ada.peer.isOpen()).isTrue();
    ada.peer.hearNothingOf(RelayMessage.Fault.class);
    ada.peer.hearNothingOf(RelayMessage.Welcome.class);
  }

  private Path file() {
    return directory.resolve("tokens.txt");
  }

  private void write(String... rules) throws IOException {
    List<AccessRule> parsed = new ArrayList<>();
    for (String rule : rules) {
      parsed.add(AccessRule.parse(rule));
    }
    replace(ADA_LINE + "\n" + TokenFile.line("ben", BEN, null, parsed) + "\n");
  }

  private void replace(String content) throws IOException {
    Path next = Files.writeString(directory.resolve("next"), content);
    Files.move(next, file(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
