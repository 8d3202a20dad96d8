package dev.weft.lab;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Reads what the product logs, for whoever plays on the thread that it is logged on: what a relay
 * calls a fault of its own is one. Nothing is printed. Thread-safe.
 */
final class LogWatch extends AppenderBase<ILoggingEvent> {
  private static final ThreadLocal<Consumer<ILoggingEvent>> READERS = new ThreadLocal<>();

  private LogWatch() {}

  static {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.setLevel(Level.WARN);
    LogWatch watch = new LogWatch();
    watch.setContext(context);
    watch.start();
    root.addAppender(watch);
  }

  /** Has what is logged on this thread read, until {@link #end}. */
  static void begin(Consumer<ILoggingEvent> reader) {
    READERS.set(reader);
  }

  static void end() {
    READERS.remove();
  }

  @Override
  protected void append(ILoggingEvent event) {
    Consumer<ILoggingEvent> reader = READERS.get();
    if (reader != null) {
      reader.accept(event);
    }
  }
}
