package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a link that polls makes of an answer that is none of a relay's. */
class PollRequestsTest {
  private static final int WITHIN_MILLIS = 10_000;

  private final List<Duration> sentAway = Collections.synchronizedList(new ArrayList<>());
  private final CompletableFuture<String> closed = new CompletableFuture<>();

  /** As a relay does whose address table is full, or that has all the connections that it takes. */
  @ParameterizedTest
  @CsvSource({
    "429 Too Many Requests, Retry-After: 7, from this address, PT7S",
    "503 Service Unavailable, Retry-After: 1, at the moment, PT1S",
    "503 Service Unavailable, 'Retry-After: Fri, 31 Dec 1999 23:59:59 GMT', at the moment, ",
    "403 Forbidden, Retry-After: 7, HTTP status 403, "
  })
  void shouldTellHowLongToStayAwayWhenTooManyAreThere(
      String status, String header, String reason, @Nullable String away) throws Exception {
    try (JettyHttp http = new JettyHttp();
        OneAnswer server = new OneAnswer()) {
      PollingLink link =
          new PollingLink(
              http.started().getScheduler(),
              new PollRequests(http, server.uri()),
              new SplittableRandom(1),
              new Listener());
      link.start();
      link.send(Frames.encode(new ClientMessage.Hello("test", "", Capabilities.NONE, "")));
      server.give(status, header);

      assertThat(closed.get(WITHIN_MILLIS, TimeUnit.MILLISECONDS)).contains(reason);
      assertThat(sentAway).isEqualTo(away == null ? List.of() : List.of(Duration.parse(away)));
    }
  }

  private final class Listener implements Link.Listener {
    @Override
    public void opened() {}

    @Override
    public void received(byte[] message) {
      throw new AssertionError("nobody has said anything");
    }

    @Override
    public void sent(int bytes) {}

    @Override
    public void sentAway(Duration atLeast) {
      sentAway.add(atLeast);
    }

    @Override
    public void closed(String reason, Link.OtherWays others) {
      closed.complete(reason);
    }
  }
}
