package dev.weft.relay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /metrics} of a relay has told: names, kinds, labels and their values. Immutable. */
final class Scrape {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final Pattern TYPE = Pattern.compile("# TYPE (\\w+) (\\w+)");
  private static final Pattern SAMPLE = Pattern.compile("((\\w+)(?:\\{(.*)\\})?) (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  private final Map<String, String> kinds = new LinkedHashMap<>();
  private final Map<String, Map<String, Set<String>>> labels = new TreeMap<>();
  private final Map<String, Double> values = new HashMap<>();

  private Scrape(String text) {
    text.lines().forEach(this::read);
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

  private void read(String line) {
    Matcher type = TYPE.matcher(line);
    Matcher sample = SAMPLE.matcher(line);
    if (type.matches()) {
      kinds.put(type.group(1), type.group(2));
    } else if (sample.matches()) {
      Map<String, Set<String>> of =
          labels.computeIfAbsent(sample.group(2), name -> new TreeMap<>());
      values.put(sample.group(1), Double.valueOf(sample.group(4)));
      if (sample.group(3) != null) {
        Matcher label = LABEL.matcher(sample.group(3));
        while (label.find()) {
          of.computeIfAbsent(label.group(1), name -> new TreeSet<>()).add(label.group(2));
        }
      }
    } else if (!line.startsWith("# HELP ")) {
      throw new AssertionError("no line of a scrape: " + line);
    }
  }

  /**
   * Returns each family's kind, as {@code histogram}, by its name. The longest time of a histogram,
   * which stands beside it as a gauge, is taken for a part of it.
   */
  Map<String, String> kinds() {
    Map<String, String> families = new TreeMap<>(kinds);
    families
        .keySet()
        .removeIf(
            name ->
                name.endsWith("_max")
                    && kinds.containsKey(name.substring(0, name.length() - "_max".length())));
    return families;
  }

  /** Returns the value of a sample as it is written: {@code weft_shed_total{what="presence"}}. */
  double value(String sample) {
    Double value = values.get(sample);
    if (value == null) {
      throw new AssertionError("there is no " + sample + " among " + values.keySet());
    }
    return value;
  }

  /** Returns the names of all series: of a histogram those of its buckets, sum and count. */
  Set<String> names() {
    return labels.keySet();
  }

  /** Returns the values of each label of a series. */
  Map<String, Set<String>> labelsOf(String name) {
    return labels.getOrDefault(name, Map.of());
  }

  /** Returns the names of the labels of a family, without the edges of buckets. */
  Set<String> labelsOfFamily(String family) {
    String series = labels.containsKey(family) ? family : family + "_count";
    return labelsOf(series).keySet();
  }

  /** Returns the family that a series belongs to. */
  String familyOf(String series) {
    for (String end : new String[] {"", "_bucket", "_count", "_sum", "_max"}) {
      String family = series.substring(0, series.length() - end.length());
      if (series.endsWith(end) && kinds().containsKey(family)) {
        return family;
      }
    }
    throw new AssertionError("the relay has no metric " + series);
  }
}
