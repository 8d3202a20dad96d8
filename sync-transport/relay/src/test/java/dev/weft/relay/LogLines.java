package dev.weft.relay;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Keeps what is logged, in the place of having it written. Thread-safe. */
final class LogLines extends AppenderBase<ILoggingEvent>
    implements BeforeEachCallback, AfterEachCallback {
  private final Logger logger;
  private final Level level;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
  private @Nullable Level before;

  private LogLines(Logger logger, Level level) {
    this.logger = logger;
    this.level = level;
  }

  /** Keeps what one class logs. */
  static LogLines of(Class<?> one) {
    return new LogLines((Logger) LoggerFactory.getLogger(one), Level.DEBUG);
  }

  /** Keeps what everybody logs, down to a level. */
  static LogLines ofAll(Level level) {
    return new LogLines((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME), level);
  }

  /** Returns the lines so far, each with its level, and with the stack where it has one. */
  List<String> all() {
    return lines;
  }

  @Override
  protected void append(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    lines.add(
        event.getLevel()
            + " "
            + event.getFormattedMessage()
            + (thrown == null ? "" : "\n" + ThrowableProxyUtil.asString(thrown)));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    start();
    before = logger.getLevel();
    logger.setLevel(level);
    logger.setAdditive(false);
    logger.iteratorForAppenders().forEachRemaining(others::add);
    others.forEach(logger::detachAppender);
    logger.addAppender(this);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logger.detachAppender(this);
    others.forEach(logger::addAppender);
    logger.setAdditive(true);
    logger.setLevel(before);
  }
}
