package dev.weft.relay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** What a relay tells those who run it, asked for over HTTP as Prometheus asks. */
final class Scrape {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String lines;

  private Scrape(String lines) {
    this.lines = lines;
  }

  /** Asks the relay at a port of the loopback interface. */
  static Scrape of(int port) {
    URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
    try {
      return new Scrape(
          HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new AssertionError("the relay tells no figures", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the value of a sample as it is written: {@code weft_shed_total{what="presence"}}. */
  double value(String sample) {
    return lines
        .lines()
        .filter(line -> line.startsWith(sample + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
        .findAny()
        .orElseThrow(() -> new AssertionError("there is no " + sample + " in\n" + lines));
  }
}
