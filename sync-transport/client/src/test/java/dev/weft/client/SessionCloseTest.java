package dev.weft.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.client.SyncStatus.Connection;
import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ConnectionLimits;
import dev.weft.protocol.Frames;
import dev.weft.protocol.RelayMessage;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A session that is closed while its link comes up: the link tells of itself on another thread, so
 * each of its events may be before the close, or behind it in the loop's queue.
 */
class SessionCloseTest {
  private static final byte[] WELCOME =
      Frames.encode(
          new RelayMessage.Welcome(
              "r", "s", ConnectionLimits.DEFAULT, Capabilities.NONE, 10_000, 30_000, 0));
  private static final byte[] GARBAGE = {(byte) 0xFF, (byte) 0xFF};

  private final SplittableRandom random = new SplittableRandom(3);
  private final VirtualTime time = new VirtualTime(random);
  private final VirtualTime.Line loop = time.line(0);
  private final ScriptedLinks links = new ScriptedLinks();
  private final Session session = session();
  private int ended;

  private Session session() {
    Environment environment =
        new Environment(
            loop,
            loop,
            loop,
            loop,
            Runnable::run,
            Runnable::run,
            time::nanos,
            InstantSource.fixed(Workshop.NOW),
            random,
            links);
    return new Session(
        ModelRelay.ADDRESS,
        "test",
        environment,
        new Credentials(environment, null),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30), random));
  }

  private void close() {
    loop.execute(() -> session.close(() -> ended++));
  }

  /** One interleaving: when it is closed, after which steps the loop gets to run, what is heard. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void shouldEndWhicheverEventsOfTheLinkAreBehindTheClose(int before) {
    for (byte[] frame : List.of(WELCOME, GARBAGE)) {
      for (int turns = 0; turns < 16; turns++) {
        String what = "frame of " + frame.length + " bytes, turns " + Integer.toBinaryString(turns);
        SessionCloseTest run = new SessionCloseTest();
        run.closeAfter(before, frame, turns);
        run.time.runFor(Duration.ofSeconds(2).toNanos());
        assertThat(run.ended).as(what).isOne();

        run.time.runFor(Duration.ofMinutes(1).toNanos());
        assertThat(run.ended).as(what).isOne();
        assertThat(run.session.connection()).as(what).isEqualTo(Connection.OFFLINE);
        assertThat(run.session.reason()).as(what).isEqualTo("the client is closed");
        assertThat(run.links.listeners).as(what).hasSize(1);
      }
    }
  }

  private void closeAfter(int before, byte[] frame, int turns) {
    session.connect();
    Link.Listener link = links.listeners.get(0);
    List<Runnable> steps = new ArrayList<>();
    steps.add(link::opened);
    steps.add(() -> link.received(frame));
    steps.add(() -> link.closed("the relay is gone", Link.OtherWays.MAY_WORK));
    steps.add(before, this::close);
    for (int i = 0; i < steps.size(); i++) {
      steps.get(i).run();
      if ((turns & 1 << i) != 0) {
        time.runFor(0);
      }
    }
  }

  @Test
  void shouldEndWithinASecondWhenTheLinkNeverEnds() {
    session.connect();
    close();
    links.listeners.get(0).opened();
    time.runFor(Duration.ofSeconds(1).toNanos());

    assertThat(ended).isOne();
  }

  /** Links of which a test says what becomes of them. */
  private static final class ScriptedLinks implements Links {
    final List<Link.Listener> listeners = new ArrayList<>();

    @Override
    public Link connect(URI relay, Link.Listener listener) {
      listeners.add(listener);
      return new Link() {
        @Override
        public void send(byte[] message) {}

        @Override
        public void demand() {}

        @Override
        public void close(String reason) {}
      };
    }

    @Override
    public void close() {}
  }
}
