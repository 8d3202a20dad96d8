package dev.weft.relay;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Keeps classes from logging what tests bring about on purpose. */
final class Silence implements BeforeEachCallback, AfterEachCallback {
  private final List<Class<?>> noisy;

  private Silence(List<Class<?>> noisy) {
    this.noisy = noisy;
  }

  static Silence of(Class<?>... noisy) {
    return new Silence(List.of(noisy));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    noisy.forEach(each -> ((Logger) LoggerFactory.getLogger(each)).setLevel(Level.OFF));
  }

  /** Without a level of its own a logger has its parent's. */
  @Override
  public void afterEach(ExtensionContext context) {
    noisy.forEach(each -> ((Logger) LoggerFactory.getLogger(each)).setLevel(null));
  }
}
