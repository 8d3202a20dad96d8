package dev.weft.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the dashboard shows, as JSON. The page knows no figure by name: it is told tiles, and rows
 * of cells for its tables, in words and units already, so that all of it is said in one place. A
 * cell is a text; a text with a note and, perhaps, whether somebody should look at it, {@code ["312
 * ms", "over 200 ms", true]}; or null where there is no data, which is never told as 0.
 */
final class Figures {
  private static final JsonFactory JSON = new JsonFactory();

  private final RelayHub hub;
  private final Lately lately;
  private final JsonGenerator json;

  private Figures(RelayHub hub, Lately lately, JsonGenerator json) {
    this.hub = hub;
    this.lately = lately;
    this.json = json;
  }

  /**
   * Returns the figures.
   *
   * @param page names the page that they are for: another is to be loaded anew
   * @param up for how long the relay has run
   */
  static byte[] json(RelayHub hub, Lately lately, String page, Duration up) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(8 << 10);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      new Figures(hub, lately, json).write(page, up);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return out.toByteArray();
  }

  private void write(String page, Duration up) throws IOException {
    Wellbeing wellbeing = Wellbeing.of(hub, lately);
    json.writeStartObject();
    json.writeStringField("page", page);
    json.writeStringField("relay", RelayHub.AGENT + ", up for " + Amounts.elapsed(up.toSeconds()));
    json.writeStringField("span", span());
    json.writeBooleanField("well", wellbeing.isWell());
    json.writeArrayFieldStart("conditions");
    for (Wellbeing.Condition each : wellbeing.conditions()) {
      json.writeStartArray();
      json.writeBoolean(each.good());
      json.writeString(each.words());
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("tiles");
    tiles();
    json.writeEndArray();
    json.writeObjectFieldStart("tables");
    table("latency", this::latencies);
    table("traffic", this::traffic);
    table("saves", this::saves);
    table("held", this::heldBack);
    table("room", this::room);
    table("versions", this::versions);
    json.writeEndObject();
    json.writeEndObject();
  }

  private String span() {
    return lately.before() == null
        ? "just begun"
        : "in the last " + Math.round(lately.seconds()) + " s";
  }

  // --- Tiles ---

  private void tiles() throws IOException {
    Percentile keystroke = Latency.PERCEIVED_KEYSTROKE.of(lately).percentile(0.99);
    tile("Keystroke, p99", words(keystroke), "as people perceive it", millis(keystroke));
    Percentile save = Latency.PERCEIVED_SAVE.of(lately).percentile(0.99);
    tile("Save, p99", words(save), "as people perceive it", millis(save));
    OptionalDouble changes = lately.perSecond("weft.changes");
    tile("Edits", told(changes, Amounts::perSecond), batching(), orNan(changes));
    long connections = lately.now().whole("weft.connections.all");
    tile(
        "Connections",
        Amounts.count(connections),
        documents(lately.now().whole("weft.documents.open")),
        (double) connections);
  }

  private static String documents(long open) {
    return open == 1 ? "1 document open" : Amounts.count(open) + " documents open";
  }

  private String batching() {
    OptionalDouble changes = lately.growth("weft.changes");
    OptionalDouble frames = lately.growth("weft.frames.received edits");
    return frames.isEmpty() || changes.isEmpty() || frames.getAsDouble() == 0
        ? "changes taken in"
        : inEach(Amounts.number(changes.getAsDouble() / frames.getAsDouble()));
  }

  private static String inEach(String changes) {
    return changes + (changes.equals("1") ? " change" : " changes") + " in each frame";
  }

  private static @Nullable String words(@Nullable Percentile percentile) {
    return percentile == null ? null : percentile.words();
  }

  private static double millis(@Nullable Percentile percentile) {
    return percentile == null ? Double.NaN : percentile.nanos() / 1e6;
  }

  private static double orNan(OptionalDouble value) {
    return value.orElse(Double.NaN);
  }

  /** Writes a tile; a value that is not a number is a gap in its line. */
  private void tile(String name, @Nullable String text, String note, double value)
      throws IOException {
    json.writeStartArray();
    json.writeString(name);
    text(text);
    json.writeString(note);
    if (Double.isNaN(value)) {
      json.writeNull();
    } else {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  // --- Tables ---

  private void latencies() throws IOException {
    for (Latency each : Latency.values()) {
      BucketCounts times = each.of(lately);
      json.writeStartArray();
      cell(each.title(), each.note() + " · " + Amounts.count(times.count(), "time"));
      text(words(times.percentile(0.5)));
      text(words(times.percentile(0.95)));
      Duration budget = each.budget();
      Percentile worst = times.percentile(0.99);
      if (worst == null || budget == null) {
        text(words(worst));
      } else {
        boolean over = worst.isLongerThan(budget);
        json.writeStartArray();
        json.writeString(worst.words());
        json.writeString((over ? "over " : "within ") + Amounts.millis(budget.toNanos() / 1e6));
        json.writeBoolean(over);
        json.writeEndArray();
      }
      json.writeEndArray();
    }
  }

  private void traffic() throws IOException {
    double[] totals = new double[4];
    for (RelayMetrics.Kind each : RelayMetrics.Kind.values()) {
      String kind = RelayMetrics.word(each);
      json.writeStartArray();
      json.writeString(capitalised(kind));
      flow("weft.frames.received " + kind, "weft.bytes.received " + kind, totals, 0);
      flow("weft.frames.sent " + kind, "weft.bytes.sent " + kind, totals, 2);
      json.writeEndArray();
    }
    boolean known = lately.seconds() > 0;
    json.writeStartArray();
    json.writeString("All");
    for (int i = 0; i < 4; i += 2) {
      if (known) {
        cell(Amounts.perSecond(totals[i]), Amounts.bytesPerSecond(totals[i + 1]));
      } else {
        json.writeNull();
      }
    }
    json.writeEndArray();
  }

  private void flow(String frames, String bytes, double[] totals, int at) throws IOException {
    OptionalDouble framesPerSecond = lately.perSecond(frames);
    OptionalDouble bytesPerSecond = lately.perSecond(bytes);
    if (framesPerSecond.isEmpty() || bytesPerSecond.isEmpty()) {
      json.writeNull();
      return;
    }
    totals[at] += framesPerSecond.getAsDouble();
    totals[at + 1] += bytesPerSecond.getAsDouble();
    cell(
        Amounts.perSecond(framesPerSecond.getAsDouble()),
        Amounts.bytesPerSecond(bytesPerSecond.getAsDouble()));
  }

  private void saves() throws IOException {
    for (RelayMetrics.SaveOutcome each : RelayMetrics.SaveOutcome.values()) {
      String outcome = RelayMetrics.word(each);
      counted(capitalised(outcome), "weft.saves " + outcome);
    }
  }

  /** What is always shown stands first; of the many codes, those that have come up. */
  private void heldBack() throws IOException {
    for (RelayMetrics.Shed each : RelayMetrics.Shed.values()) {
      String what = RelayMetrics.word(each);
      counted("Left out: " + words(what), "weft.shed " + what);
    }
    counted("Merged for slow readers", "weft.conflations");
    counted("Reconnected", "weft.reconnects");
    byCode("Slowed down: ", "weft.throttles");
    byCode("Refused: ", "weft.refusals");
  }

  private void byCode(String what, String name) throws IOException {
    for (String code : lately.now().tagsOf(name)) {
      if (lately.now().value(name + " " + code) > 0) {
        counted(what + words(code), name + " " + code);
      }
    }
  }

  private void counted(String what, String key) throws IOException {
    json.writeStartArray();
    json.writeString(what);
    text(told(lately.growth(key), growth -> Amounts.count((long) growth)));
    json.writeString(Amounts.count(lately.now().whole(key)));
    json.writeEndArray();
  }

  private void room() throws IOException {
    Runtime runtime = Runtime.getRuntime();
    Sample now = lately.now();
    room(
        "Connections",
        Amounts.count(now.whole("weft.connections.all")),
        Amounts.count(now.whole("weft.connections.limit")));
    room(
        "Documents open",
        Amounts.count(now.whole("weft.documents.open")),
        Amounts.count(now.whole("weft.documents.limit")));
    room(
        "Memory of documents",
        Amounts.bytes(now.whole("weft.documents.bytes")),
        Amounts.bytes(now.whole("weft.documents.limit.bytes")));
    room(
        "Heap",
        Amounts.bytes(runtime.totalMemory() - runtime.freeMemory()),
        Amounts.bytes(runtime.maxMemory()));
    room(
        "Waiting to be sent",
        Amounts.bytes(now.whole("weft.outbound.bytes")),
        Amounts.bytes(hub.bounds().outboundBytes()) + " each");
    room(
        "Waiting for the store",
        Amounts.bytes(now.whole("weft.store.unwritten.bytes")),
        Amounts.bytes(now.whole("weft.store.unwritten.limit.bytes")));
    room(
        "Documents waiting for the store",
        Amounts.count(now.whole("weft.store.waiting")),
        Amounts.count(now.whole("weft.documents.limit")));
  }

  private void room(String what, String used, String most) throws IOException {
    json.writeStartArray();
    json.writeString(what);
    json.writeString(used);
    json.writeString(most);
    json.writeEndArray();
  }

  private void versions() throws IOException {
    for (var each : hub.versions().counts().entrySet()) {
      json.writeStartArray();
      json.writeString(each.getKey());
      json.writeString(Amounts.count(each.getValue().open()));
      json.writeString(Amounts.count(each.getValue().opened()));
      json.writeEndArray();
    }
  }

  // --- Cells ---

  private interface Rows {
    void write() throws IOException;
  }

  private void table(String name, Rows rows) throws IOException {
    json.writeArrayFieldStart(name);
    rows.write();
    json.writeEndArray();
  }

  private void cell(String text, String note) throws IOException {
    json.writeStartArray();
    json.writeString(text);
    json.writeString(note);
    json.writeEndArray();
  }

  private void text(@Nullable String text) throws IOException {
    if (text == null) {
      json.writeNull();
    } else {
      json.writeString(text);
    }
  }

  private static @Nullable String told(OptionalDouble value, DoubleFunction<String> words) {
    return value.isPresent() ? words.apply(value.getAsDouble()) : null;
  }

  private static String words(String tag) {
    return tag.replace('-', ' ');
  }

  private static String capitalised(String tag) {
    return Character.toUpperCase(tag.charAt(0)) + words(tag).substring(1);
  }
}
