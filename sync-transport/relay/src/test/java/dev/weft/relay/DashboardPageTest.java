package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayMessage;
import dev.weft.store.ReservedPort;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/**
 * The dashboard as a person has it before them: in a real browser, of a relay with real clients.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardPageTest {
  private static final String CONDITIONS = "#conditions";
  private static final String FEED = "#feed";

  @TempDir Path directory;

  private Browser browser;

  /** One that a relay can come back to. */
  private ReservedPort port;

  @BeforeAll
  void startBrowser() {
    browser = Browser.start();
  }

  @AfterAll
  void stopBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void choosePort() {
    port = ReservedPort.any();
    browser.resize(1280, 900);
    browser.prefer("light");
  }

  @AfterEach
  void findNoComplaints() {
    port.close();
    browser.assertNoComplaints();
  }

  private TestRelay relay(UnaryOperator<RelayServer.Builder> more) {
    return TestRelay.start(
        directory,
        new Tuning(),
        builder -> more.apply(builder.port(port.number()).figuresTold(Duration.ofMillis(200))));
  }

  private TestRelay relay() {
    return relay(builder -> builder);
  }

  private void open() {
    browser.open("http://127.0.0.1:" + port.number() + "/");
    browser.await(FEED, "Live");
  }

  /** Those who look no more may be counted for a moment yet. */
  private static void awaitOneViewer(TestRelay relay) {
    Dashboard dashboard = relay.server.dashboard();
    Eventually.holds(() -> dashboard.viewers() == 1, dashboard::viewers);
  }

  /** Some people who write and save, and tell how long it took them. */
  private static void bustle(TestRelay relay) {
    for (int document = 0; document < 4; document++) {
      String name = "notes-" + document;
      try (Author ada = Author.join(relay.uri(), 1, name);
          Author bob = Author.join(relay.uri(), 2, name)) {
        for (int i = 0; i < 40; i++) {
          ada.type("warp and weft ");
        }
        bob.awaitText("warp and weft ".repeat(40));
        ada.save("s" + document);
        ada.peer.say(report(IntStream.range(8, 60), IntStream.range(20, 30)));
        ada.peer.say(new ClientMessage.Ping(7, 0, null));
        ada.peer.hear(RelayMessage.Pong.class);
      }
    }
  }

  private static ClientMessage.Report report(IntStream keystrokes, IntStream saves) {
    return new ClientMessage.Report(
        keystrokes.map(millis -> millis * 1_000).boxed().toList(),
        saves.map(millis -> millis * 3_000).boxed().toList());
  }

  @Test
  void shouldShowFiguresThatChangeWhenPeopleWriteAndSave() throws Exception {
    try (TestRelay relay = relay()) {
      open();
      browser.await(CONDITIONS, "Store available");
      browser.await("#headline", "The relay is well.");
      assertThat(browser.text("#latency tr td")).isEqualTo("no data");
      assertThat(browser.text("#tiles")).contains("no data");

      bustle(relay);

      browser.await("#saves tr td:nth-child(3)", "4");
      browser.await("#latency tr td", text -> text.endsWith("ms"));
      browser.await("#latency tr td:nth-child(4)", "within 200\u00a0ms");
      browser.await("#traffic", "KiB/s");
      browser.await("#tiles", "change in each frame");
    }
  }

  @Test
  void shouldSayInWordsThatTheStoreFailsAndThatItWorksAgain() throws Exception {
    try (TestRelay relay = relay();
        Author ada = Author.join(relay.uri(), 1)) {
      open();
      browser.await(CONDITIONS, "Store available");
      relay.store.failure = "the disk is full";
      ada.type("x");

      browser.await(CONDITIONS, "Store unavailable: The relay's store cannot be written");

      browser.await("#headline", "The relay needs attention.");
      browser.await("#news", "The relay needs attention. Store unavailable");
      browser.await("title", "attention");
      browser.assertAccessible();
      browser.picture("attention");
      relay.store.failure = null;
      browser.await(CONDITIONS, "Store available");
      browser.await("#news", "Store available");
    }
  }

  @Test
  void shouldSayHowStaleItIsWhenTheRelayIsGoneAndGoOnWhenItIsBack() throws Exception {
    try (TestRelay relay = relay()) {
      open();
      bustle(relay);
      browser.await("#saves tr td:nth-child(3)", "4");
      relay.die();
      browser.letPass(Duration.ofSeconds(5));

      browser.await(FEED, "Stale for");

      // By its own clock, which is what a person is told.
      assertThat(staleSeconds()).isGreaterThanOrEqualTo(6);
      browser.await("#headline", "Not known: the figures below are");
      browser.await("#news", "The figures are stale");
      browser.await("title", "stale");
      browser.assertAccessible();
      browser.picture("stale");
      try (TestRelay again = relay()) {
        browser.await(FEED, "Live");
        browser.await("#headline", "The relay is well.");
        awaitOneViewer(again);
      }
    }
  }

  private int staleSeconds() {
    Matcher words = Pattern.compile("Stale for (\\d+) s\\.").matcher(browser.text(FEED));
    assertThat(words.find()).isTrue();
    return Integer.parseInt(words.group(1));
  }

  @Test
  void shouldSayThatTheRelayDrainsAndHasStopped() throws Exception {
    try (TestRelay relay = relay();
        Author ada = Author.join(relay.uri(), 1)) {
      open();
      relay.store.shut();
      ada.type("x");
      relay.store.awaitKnock();
      CompletableFuture<Void> drained =
          CompletableFuture.runAsync(() -> relay.server.drain(Duration.ofSeconds(10)));
      ada.peer.hear(RelayMessage.Drain.class);

      browser.await(CONDITIONS, "Draining: clients are told to move");

      relay.store.open();
      drained.join();
      browser.await(FEED, "The relay has stopped.");
    }
  }

  @Test
  void shouldBePausedAndResumedFromTheKeyboard() throws Exception {
    try (TestRelay relay = relay()) {
      open();
      browser.press(Keys.TAB);
      assertThat(browser.evaluate("document.activeElement.className")).isEqualTo("skip");
      browser.press(Keys.TAB);
      assertThat(browser.evaluate("document.activeElement.id")).isEqualTo("pause");
      assertThat(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
          .isEqualTo("solid");
      browser.press(Keys.ENTER);

      browser.await(FEED, "Paused for");

      browser.await("#pause", "Resume");
      browser.await("#news", "Paused");
      Eventually.holds(
          () -> relay.server.dashboard().viewers() == 0, relay.server.dashboard()::viewers);
      browser.assertAccessible();
      browser.press(Keys.ENTER);
      browser.await(FEED, "Live");
      browser.await("#pause", "Pause");
      awaitOneViewer(relay);
    }
  }

  @Test
  void shouldBeForEverybodyInLightAndInDark() throws Exception {
    try (TestRelay relay = relay();
        Author ada = Author.join(relay.uri(), 1);
        Author bob = Author.join(relay.uri(), 2)) {
      open();
      ada.type("hello");
      bob.awaitText("hello");
      bustle(relay);
      browser.await("#saves tr td:nth-child(3)", "4");
      for (String scheme : List.of("light", "dark")) {
        browser.prefer(scheme);
        browser.assertAccessible();
        browser.picture(scheme);
      }
    }
  }

  /** As it is on a small screen, or on a large one at 400 %. */
  @Test
  void shouldFitIntoANarrowWindow() throws Exception {
    try (TestRelay relay = relay()) {
      browser.resize(320, 640);
      open();
      bustle(relay);
      browser.await("#saves tr td:nth-child(3)", "4");

      assertThat(browser.evaluate("document.documentElement.scrollWidth")).isEqualTo(320L);
      browser.assertAccessible();
      browser.picture("narrow");
    }
  }

  @Test
  void shouldSayWhyItShowsNothingWhenAsManyLookAsMay() throws Exception {
    try (TestRelay relay = relay()) {
      HttpClient http = HttpClient.newHttpClient();
      List<HttpResponse<InputStream>> others = new ArrayList<>();
      URI figures = URI.create("http://127.0.0.1:" + port.number() + "/figures");
      for (int i = 0; i < Dashboard.MAX_VIEWERS; i++) {
        others.add(
            http.send(
                HttpRequest.newBuilder(figures).build(),
                HttpResponse.BodyHandlers.ofInputStream()));
      }
      browser.openInHaste("http://127.0.0.1:" + port.number() + "/");

      browser.await(FEED, "16 at a time, and as many look already");

      for (HttpResponse<InputStream> each : others) {
        each.body().close();
      }
      browser.await(FEED, "Live");
      awaitOneViewer(relay);
    }
  }

  /** Whatever has a name may have it from outside. */
  @Test
  void shouldShowNamesAsTheyAreAndRunNothing() throws Exception {
    String name = "<img src=x onerror=\"document.title='run'\">";
    try (TestRelay relay = relay(builder -> builder.versions(List.of(named(name))))) {
      open();

      browser.await("#versions th", name::equals);

      assertThat(browser.evaluate("document.querySelectorAll('main img').length")).isEqualTo(0L);
      awaitOneViewer(relay);
    }
  }

  private static ProtocolVersion named(String name) {
    return new ProtocolVersion() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public ClientMessage decode(byte[] frame) throws MalformedFrameException {
        return ProtocolVersion.V1.decode(frame);
      }

      @Override
      public byte[] encode(RelayMessage message) {
        return ProtocolVersion.V1.encode(message);
      }
    };
  }
}
