package dev.weft.bench.load.server;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What a server's process tells of itself. */
public interface ServerFigures {
  /** A server somewhere else, of which nothing is known. */
  ServerFigures UNKNOWN =
      new ServerFigures() {
        @Override
        public Optional<Duration> processorTime() {
          return Optional.empty();
        }

        @Override
        public OptionalLong residentBytes() {
          return OptionalLong.empty();
        }

        @Override
        public OptionalLong liveBytes() {
          return OptionalLong.empty();
        }
      };

  /** Returns how much of the processors' time it has used. */
  Optional<Duration> processorTime();

  /** Returns how much memory it has. */
  OptionalLong residentBytes() throws IOException;

  /** Has it collect garbage, and returns how much memory is in use then. */
  OptionalLong liveBytes() throws IOException;
}
