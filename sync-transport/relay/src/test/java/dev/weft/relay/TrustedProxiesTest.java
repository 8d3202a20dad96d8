package dev.weft.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  @RegisterExtension final LogLines lines = LogLines.of(TrustedProxies.class);
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.6, false",
    "192.0.2.128/25, 192.0.2.200, true",
    "192.0.2.128/25, 192.0.2.127, false",
    "0.0.0.0/0, 203.0.113.1, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::1, ::1, true",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false"
  })
  void shouldTrustWhatIsInTheRange(String range, String address, boolean trusted) throws Exception {
    InetSocketAddress peer = new InetSocketAddress(InetAddress.getByName(address), 4711);

    assertThat(TrustedProxies.of(List.of(range)).trust(peer)).isEqualTo(trusted);
  }

  /** A name would have to be looked up, by whom the proxy's owner need not trust. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "proxy.example",
        "256.0.0.1",
        "1.2.3",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "::1/129",
        "fe80::1%eth0",
        "1.2.3.4:80",
        "[::1]",
        "abc",
        ":::"
      })
  void shouldTakeNothingButAddresses(String written) {
    assertThatThrownBy(() -> TrustedProxies.of(List.of(written)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an address is IPv4 or IPv6");
  }

  /**
   * What the limits count is seen by which of two requests is one too many. The last address that
   * is not a proxy's counts; what stands before it may be made up.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1 | 192.0.2.1",
        "192.0.2.1:80 | 192.0.2.1",
        "203.0.113.5, 192.0.2.1 | 203.0.113.6, 192.0.2.1",
        "203.0.113.5, 192.0.2.1, 127.0.0.7 | 192.0.2.1",
        "unknown | 127.0.0.1",
        "192.0.2.1, ! , 127.0.0.7 | 203.0.113.9, ???, 127.0.0.7",
        "[2001:db8::1]:80 | 2001:db8::2"
      })
  void shouldCountTheLastAddressThatIsNotAProxys(String first, String second) throws Exception {
    try (TestRelay relay =
            TestRelay.start(
                directory,
                new Tuning().connectionsOfAddress(1),
                builder -> builder.proxies(List.of("127.0.0.0/8")));
        RawHttp one = new RawHttp(relay.uri());
        RawHttp other = new RawHttp(relay.uri());
        RawHttp third = new RawHttp(relay.uri())) {
      assertThat(one.upgrade("X-Forwarded-For: " + first + "\n").head()).contains(" 101 ");
      assertThat(other.upgrade("X-Forwarded-For: " + second + "\n").head()).contains(" 429 ");
      assertThat(third.upgrade("X-Forwarded-For: 203.0.113.77\n").head()).contains(" 101 ");
    }
  }

  @Test
  void shouldTakePagesForThoseOfItsOwnOriginWhenItsProxySpeaksTls() throws Exception {
    try (TestRelay relay =
            TestRelay.start(
                directory, new Tuning(), builder -> builder.proxies(List.of("127.0.0.1")));
        RawHttp page = new RawHttp(relay.uri());
        RawHttp without = new RawHttp(relay.uri())) {
      String origin = "Origin: https://" + relay.uri().getAuthority() + "\nX-Forwarded-For: ::9\n";

      assertThat(page.upgrade(origin + "X-Forwarded-Proto: https\n").head()).contains(" 101 ");
      assertThat(without.upgrade(origin).head()).contains(" 403 ");
    }
  }

  @Test
  void shouldWarnOnceOfAProxyThatDoesNotSayWhoAsks() throws Exception {
    try (TestRelay relay =
            TestRelay.start(
                directory, new Tuning(), builder -> builder.proxies(List.of("127.0.0.1")));
        RawHttp one = new RawHttp(relay.uri())) {
      one.request("GET", "/health/live", "").head();
      one.request("GET", "/health/live", "").head();

      assertThat(lines.all()).singleElement().asString().startsWith("WARN the proxy at 127.0.0.1:");
    }
  }
}
