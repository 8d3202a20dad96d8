package dev.weft.client;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Several frames in one body: each behind its length as a varint. Stateless. */
final class PolledFrames {
  static final String CONTENT_TYPE = "application/vnd.weft.v1";

  private PolledFrames() {}

  static byte[] write(List<ClientMessage> messages) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      for (ClientMessage message : messages) {
        out.writeByteArrayNoTag(Frames.encode(message));
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes what is written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what a relay has answered.
   *
   * @throws IOException if it is cut off
   * @throws MalformedFrameException if one of the frames is none
   */
  static List<RelayMessage> read(byte[] body) throws IOException, MalformedFrameException {
    CodedInputStream in = CodedInputStream.newInstance(body);
    List<RelayMessage> messages = new ArrayList<>();
    while (!in.isAtEnd()) {
      messages.add(Frames.decodeRelay(in.readByteArray()));
    }
    return messages;
  }
}
