package dev.weft.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.crdt.ReplicaId;
import dev.weft.crdt.VersionVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The worked bytes of {@code docs/PROTOCOL.md} are what the codec reads and writes. */
class WorkedBytesTest {
  private static final ReplicaId AUTHOR = ReplicaId.parse("00000000000000a1");
  private static final VersionVector TWO = VersionVector.of(AUTHOR, 2);
  private static final VersionVector FIVE = VersionVector.of(AUTHOR, 5);
  private static final Payload UPDATE =
      Payload.of(new byte[] {(byte) 0xc0, (byte) 0xff, (byte) 0xee});

  private static final Map<String, Object> MESSAGES = messages();

  private static Map<String, Object> messages() {
    Map<String, Object> messages = new LinkedHashMap<>();
    messages.put(
        "Hello",
        new ClientMessage.Hello("me/1", "", new Capabilities(Set.of(), Set.of("zip")), ""));
    messages.put(
        "Welcome",
        new RelayMessage.Welcome(
            "weft/1",
            "s7",
            new ConnectionLimits(16 << 20, 1_000, 16, 4_096),
            Capabilities.NONE,
            10_000,
            30_000,
            0));
    messages.put("Open", new ClientMessage.Open(1, "notes", TWO));
    messages.put(
        "Opened", new RelayMessage.Opened(1, FIVE, UPDATE, false, TWO, RelayMessage.Access.WRITE));
    messages.put("Edits", new ClientMessage.Edits(1, UPDATE, null));
    messages.put("Resend", new RelayMessage.Resend(1, VersionVector.EMPTY));
    messages.put("Durable", new RelayMessage.Durable(1, FIVE));
    messages.put("Save", new ClientMessage.Save(1, "s1", FIVE, Guarantee.FSYNCED));
    messages.put(
        "SaveAcknowledged", new RelayMessage.SaveAcknowledged(1, "s1", FIVE, Guarantee.FSYNCED));
    messages.put(
        "SaveRefused",
        new RelayMessage.SaveRefused(
            1, "s1", Refusal.forNow(Codes.STORE_UNAVAILABLE, "The disk is full.", 1_000)));
    messages.put("Ping", new ClientMessage.Ping(300, 1, VersionVector.EMPTY));
    messages.put("Pong", new RelayMessage.Pong(300, 1, FIVE));
    messages.put(
        "Presence",
        new Presence(
            1,
            0xb2,
            4,
            false,
            0,
            "Ada",
            0xff8800,
            List.of(new Presence.Selection(Payload.of(new byte[] {1}), Payload.of(new byte[] {2}))),
            Payload.EMPTY));
    messages.put(
        "Error",
        new RelayMessage.Fault(
            RelayMessage.Scope.CHANNEL,
            1,
            Refusal.forGood(Codes.MALFORMED, "No."),
            List.of(new RelayMessage.ChangeRange(AUTHOR, 5, 9))));
    return messages;
  }

  @Test
  void shouldWorkEachMessageWhenDocumentIsRead() throws IOException {
    assertThat(workedBytes()).containsOnlyKeys(MESSAGES.keySet());
  }

  @TestFactory
  List<DynamicTest> shouldReadAndWriteBytesWhenDocumentShowsThem() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    Map<String, byte[]> worked = workedBytes();
    MESSAGES.forEach(
        (name, message) ->
            tests.add(
                DynamicTest.dynamicTest(
                    name, () -> assertWorked(message, worked.getOrDefault(name, new byte[0])))));
    return tests;
  }

  private static void assertWorked(Object message, byte[] bytes) throws MalformedFrameException {
    byte[] frame =
        message instanceof ClientMessage client
            ? Frames.encode(client)
            : Frames.encode((RelayMessage) message);
    HexFormat hex = HexFormat.ofDelimiter(" ");
    assertThat(hex.formatHex(bytes)).isEqualTo(hex.formatHex(frame));
    Object read =
        message instanceof ClientMessage ? Frames.decodeClient(bytes) : Frames.decodeRelay(bytes);
    assertThat(read).isEqualTo(message);
  }

  /** By message: the hex digits of the blocks marked {@code hex NAME}, without their comments. */
  private static Map<String, byte[]> workedBytes() throws IOException {
    Map<String, byte[]> worked = new LinkedHashMap<>();
    String name = "";
    StringBuilder digits = new StringBuilder();
    for (String line : Files.readAllLines(document())) {
      if (line.startsWith("```hex ")) {
        name = line.substring("```hex ".length());
        digits.setLength(0);
      } else if (line.equals("```") && !name.isEmpty()) {
        worked.put(name, HexFormat.of().parseHex(digits));
        name = "";
      } else if (!name.isEmpty()) {
        digits.append(line.replaceFirst(";.*", "").replace(" ", ""));
      }
    }
    return worked;
  }

  /** Tests run in the module's directory, the document stands in the project's. */
  private static Path document() {
    return Path.of("..", "..", "docs", "PROTOCOL.md");
  }
}
