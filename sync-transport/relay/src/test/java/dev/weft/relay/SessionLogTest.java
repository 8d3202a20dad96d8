package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What stands in the log of what clients say. */
class SessionLogTest {
  @TempDir Path directory;

  private final Logger logger = (Logger) LoggerFactory.getLogger(Session.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Level before = logger.getLevel();

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(lines);
    logger.setLevel(before);
  }

  @Test
  void shouldLetNoClientWriteLinesOfTheLog() {
    try (SteppedHub hub = new SteppedHub(directory, RelayBounds.DEFAULT)) {
      Capabilities unknown =
          new Capabilities(Set.of("x\n12:00:00 INFO admin: all is well"), Set.of());
      hub.connect().say(new ClientMessage.Hello("test/1", "", unknown, ""));
      hub.settle();
    }

    assertThat(lines.list).isNotEmpty();
    assertThat(lines.list).noneMatch(each -> each.getFormattedMessage().contains("\n"));
  }
}
