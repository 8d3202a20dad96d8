package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered to what is no request, or none that anything was made for. */
class PlainErrorsTest {
  private static final String MARK = "<script>alert(1)</script>";

  @RegisterExtension final Silence silence = Silence.of(org.eclipse.jetty.server.Response.class);
  @TempDir Path directory;
  private TestRelay relay;

  @BeforeEach
  void setUp() {
    relay = TestRelay.start(directory);
  }

  @AfterEach
  void tearDown() {
    relay.close();
  }

  private String answer(String request) throws IOException {
    try (RawHttp connection = new RawHttp(relay.uri())) {
      connection.send(request).finish();
      return connection.all();
    }
  }

  /** Nothing of the request, of the server, or of its insides; one line, as plain text. */
  private static void assertPlain(String answer) {
    String[] parts = answer.split("\r\n\r\n", 2);
    String head = parts[0].toLowerCase(Locale.ROOT);
    assertThat(head).contains("content-type: text/plain; charset=utf-8");
    assertThat(head).contains("x-content-type-options: nosniff");
    assertThat(answer.toLowerCase(Locale.ROOT))
        .doesNotContain("<", "script", "jetty", "exception", "server:", "at org.", "caused by");
    assertThat(parts[1]).matches("[A-Z][^\n<>]*\\.\n");
  }

  /** Lines end with a bar here. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /" + MARK + " HTTP/1.1|Host: x||",
        "GET /%zz HTTP/1.1|Host: x||",
        "GET /a/%2e%2e/%2e%2e/etc HTTP/1.1|Host: x||",
        "GET / HTTP/9.9|Host: x||",
        "GET / HTTP/1.1||",
        "GET / HTTP/1.1|Host: " + MARK + "||",
        "GET / HTTP/1.1|Host: x|Content-Length: -1||",
        "GET / HTTP/1.1|Host: x|Content-Length: 1|Transfer-Encoding: chunked||",
        "GET / HTTP/1.1|Host: x|Transfer-Encoding: " + MARK + "||",
        "GET / HTTP/1.1|Host: x|" + MARK + ": y||",
        MARK + " / HTTP/1.1|Host: x||",
        "TRACE / HTTP/1.1|Host: x|X: " + MARK + "||",
        "GET / HTTP/1.1|Host: x|Accept: text/html|Expect: " + MARK + "||",
        "PRI * HTTP/2.0||SM||",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003||",
        "GET /v1/sync HTTP/1.1|Host: x|Upgrade: websocket|Connection: Upgrade|"
            + "Sec-WebSocket-Version: 13|Sec-WebSocket-Protocol: weft.v1||",
        "GET /v1/sync HTTP/1.1|Host: x|Upgrade: websocket|Connection: Upgrade|"
            + "Sec-WebSocket-Key: "
            + MARK
            + "|Sec-WebSocket-Version: 99|"
            + "Sec-WebSocket-Protocol: weft.v1||",
        "GET /v1/documents/" + "%3Cscript%3E" + "/text HTTP/1.1|Host: x||",
        "GET /metrics HTTP/1.1|Host: " + "evil.example" + "||"
      })
  void shouldAnswerWithOneSentenceThatRepeatsNothing(String request) throws Exception {
    String answer = answer(request.replace("|", "\r\n"));

    assertThat(answer).matches("(?s)HTTP/1.1 (4|5)\\d\\d .*");
    assertPlain(answer);
  }

  @Test
  void shouldAnswerWithOneSentenceWhenHeadIsTooLong() throws Exception {
    String answer =
        answer("GET / HTTP/1.1\r\nHost: x\r\n" + ("X: " + "y".repeat(1_000) + "\r\n").repeat(40));

    assertThat(answer).startsWith("HTTP/1.1 431");
    assertPlain(answer);
  }
}
