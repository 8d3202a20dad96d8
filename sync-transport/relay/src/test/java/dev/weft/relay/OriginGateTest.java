package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which web pages may use a relay. Requests are written as a browser would, byte by byte. */
class OriginGateTest {
  private static final String TEXT = "GET /v1/documents/notes/text";
  private static final String UPGRADE =
      String.join(
          "\r\n",
          "Upgrade: websocket",
          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Protocol: weft.v1",
          "");

  private static final Pattern LENGTH =
      Pattern.compile("content-length: (\\d+)", Pattern.CASE_INSENSITIVE);

  @TempDir Path directory;

  @RegisterExtension final LogLines log = LogLines.of(RefusalLog.class);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private TestRelay relay(String... origins) {
    return TestRelay.start(
        directory, new Tuning(), builder -> builder.origins(List.of(origins)).meters(meters));
  }

  private double refused(String code) {
    return meters.get("weft.refusals").tag("code", code).counter().count();
  }

  @Test
  void shouldLetInWhoIsNoBrowserAndPagesOfItsOwn() throws IOException {
    try (TestRelay relay = relay()) {
      assertThat(ask(relay, TEXT, own(relay), "")).startsWith("HTTP/1.1 404");
      assertThat(ask(relay, TEXT, own(relay), "Origin: http://" + own(relay)))
          .startsWith("HTTP/1.1 404");
      assertThat(connect(relay, own(relay), "Origin: http://" + own(relay)))
          .startsWith("HTTP/1.1 101");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://127.0.0.1:1",
        "null",
        "http://127.0.0.1.evil.example",
        "not an origin"
      })
  void shouldKeepOutPagesOfOtherOrigins(String origin) throws IOException {
    try (TestRelay relay = relay("https://editor.example")) {
      String header = "Origin: " + origin;
      for (String answer :
          List.of(
              ask(relay, TEXT, own(relay), header),
              ask(relay, "POST /v1/documents/notes/sync", own(relay), header),
              ask(relay, "OPTIONS /v1/documents/notes/sync", own(relay), header),
              connect(relay, own(relay), header))) {
        assertThat(answer)
            .startsWith("HTTP/1.1 403")
            .contains("Pages of " + origin + " may not use this relay.")
            .doesNotContainIgnoringCase("access-control-allow-origin");
      }
      assertThat(refused("foreign-origin")).isEqualTo(4);
    }
  }

  @Test
  void shouldCountPagesOfOtherOriginsAndTellOfThemWithinBounds() throws IOException {
    try (TestRelay relay = relay()) {
      String header = "Origin: https://evil.example";
      long begunNanos = System.nanoTime();
      for (int i = 0; i < 30; i++) {
        assertThat(connect(relay, own(relay), header)).startsWith("HTTP/1.1 403");
      }
      long seconds = (System.nanoTime() - begunNanos) / 1_000_000_000;

      assertThat(refused("foreign-origin")).isEqualTo(30);
      assertThat(log.all()).hasSizeBetween(10, 11 + (int) seconds);
      assertThat(log.all().get(0))
          .startsWith("INFO request from 127.0.0.1:")
          .endsWith(
              " for GET /v1/sync refused: foreign-origin Pages of https://evil.example may not use"
                  + " this relay.");
    }
  }

  @Test
  void shouldAnswerPagesOfOriginsThatAreLongerThanAReasonMayBe() throws IOException {
    try (TestRelay relay = relay()) {
      String origin = "https://" + "\u00e4".repeat(3_000) + ".example";

      assertThat(ask(relay, TEXT, own(relay), "Origin: " + origin)).startsWith("HTTP/1.1 403");
      assertThat(refused("foreign-origin")).isOne();
    }
  }

  @Test
  void shouldLetInPagesOfListedOriginsAndTellTheirBrowserSo() throws IOException {
    try (TestRelay relay = relay("https://Editor.example:443")) {
      String header = "Origin: https://editor.example";

      assertThat(connect(relay, own(relay), header)).startsWith("HTTP/1.1 101");
      assertThat(ask(relay, TEXT, own(relay), header))
          .startsWith("HTTP/1.1 404")
          .containsIgnoringCase("access-control-allow-origin: https://editor.example\r\n")
          .doesNotContainIgnoringCase("access-control-allow-credentials");
      assertThat(
              ask(
                  relay,
                  "OPTIONS /v1/documents/notes/sync",
                  own(relay),
                  header
                      + "\r\nAccess-Control-Request-Method: POST"
                      + "\r\nAccess-Control-Request-Headers: authorization"))
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("access-control-allow-headers");
    }
  }

  @Test
  void shouldNotAnswerUnderNameOfAnotherWhenItIsOpen() throws IOException {
    try (TestRelay relay = relay()) {
      String rebound = "evil.example:" + relay.server.port();

      assertThat(ask(relay, TEXT, rebound, ""))
          .startsWith("HTTP/1.1 421")
          .contains("answers only under its address, not as evil.example.");
      assertThat(connect(relay, rebound, "Origin: http://" + rebound)).startsWith("HTTP/1.1 421");
      assertThat(ask(relay, TEXT, "evil1:" + relay.server.port(), "")).startsWith("HTTP/1.1 421");
      assertThat(ask(relay, TEXT, "localhost", "")).startsWith("HTTP/1.1 404");
      assertThat(ask(relay, TEXT, "[::1]", "")).startsWith("HTTP/1.1 404");
      assertThat(refused("foreign-host")).isEqualTo(3);
    }
  }

  @Test
  void shouldAnswerUnderAnyNameWhenItAsksForTokens() throws IOException {
    Authenticator nobody =
        (token, peer) ->
            CompletableFuture.completedFuture(Authenticator.Refused.unauthorised("Not you."));
    try (TestRelay relay =
        TestRelay.start(directory, new Tuning(), builder -> builder.authenticator(nobody))) {
      assertThat(ask(relay, TEXT, "relay.example", "")).startsWith("HTTP/1.1 401");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "editor.example",
        "ftp://editor.example",
        "https://editor.example/",
        "https://",
        ""
      })
  void shouldSayWhatIsNoOrigin(String origin) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RelayServer.builder().origins(List.of(origin)))
        .withMessage(
            "an origin is https://HOST[:PORT] or http://HOST[:PORT], or * for all, is " + origin);
  }

  private static String own(TestRelay relay) {
    return relay.uri().getAuthority();
  }

  private static String connect(TestRelay relay, String host, String header) throws IOException {
    return send(relay, "GET /v1/sync", host, "Connection: Upgrade\r\n" + UPGRADE + header);
  }

  private static String ask(TestRelay relay, String what, String host, String header)
      throws IOException {
    return send(relay, what, host, "Connection: close\r\nContent-Length: 0\r\n" + header);
  }

  private static String send(TestRelay relay, String what, String host, String headers)
      throws IOException {
    try (Socket socket = new Socket(relay.uri().getHost(), relay.uri().getPort())) {
      String request = what + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers.strip() + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      int end = Integer.MAX_VALUE;
      while (answer.length() < end) {
        int next = in.read();
        assertThat(next).as("all of: %s", answer).isNotNegative();
        answer.append((char) next);
        if (end == Integer.MAX_VALUE && answer.toString().endsWith("\r\n\r\n")) {
          Matcher length = LENGTH.matcher(answer);
          end = answer.length() + (length.find() ? Integer.parseInt(length.group(1)) : 0);
        }
      }
      return answer.toString();
    }
  }
}
