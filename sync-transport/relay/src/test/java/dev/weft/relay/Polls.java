package dev.weft.relay;

import dev.weft.protocol.Capabilities;
import dev.weft.protocol.ClientMessage;
import dev.weft.protocol.Frames;
import dev.weft.protocol.MalformedFrameException;
import dev.weft.protocol.RelayMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Requests by HTTP to a relay, those that poll above all. */
final class Polls {
  static final String TYPE = "application/vnd.weft.v1";

  static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Polls() {}

  /** What a relay has answered. */
  record Answer(HttpResponse<byte[]> response, List<RelayMessage> heard) {
    int status() {
      return response.statusCode();
    }

    /** Returns the only message of a kind. */
    <M extends RelayMessage> M only(Class<M> kind) {
      List<M> all = all(kind);
      if (all.size() != 1) {
        throw new AssertionError(
            "not one " + kind.getSimpleName() + " in " + status() + " " + heard);
      }
      return all.get(0);
    }

    <M extends RelayMessage> List<M> all(Class<M> kind) {
      return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }

  static ClientMessage.Hello hello() {
    return hello("");
  }

  static ClientMessage.Hello hello(String token) {
    return new ClientMessage.Hello("test/1", token, Capabilities.NONE, "");
  }

  static URI address(URI relay, String path) {
    return URI.create("http://" + relay.getAuthority() + path);
  }

  static Answer poll(URI relay, String document, ClientMessage... messages) {
    return poll(relay, document, request -> request, delimited(messages));
  }

  static Answer poll(
      URI relay, String document, UnaryOperator<HttpRequest.Builder> more, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(relay, "/v1/documents/" + document + "/sync"))
            .timeout(Duration.ofSeconds(Peer.DEADLINE_SECONDS))
            .header("Content-Type", TYPE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    HttpResponse<byte[]> response =
        send(more.apply(request).build(), HttpResponse.BodyHandlers.ofByteArray());
    boolean frames = response.headers().firstValue("Content-Type").orElse("").equals(TYPE);
    return new Answer(response, frames ? parse(response.body()) : List.of());
  }

  static <B> HttpResponse<B> send(HttpRequest request, HttpResponse.BodyHandler<B> handler) {
    try {
      return HTTP.send(request, handler);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("no answer to " + request, e);
    }
  }

  /** Returns frames, each behind its length. */
  static byte[] delimited(ClientMessage... messages) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (ClientMessage message : messages) {
      byte[] frame = Frames.encode(message);
      int rest = frame.length;
      while (rest > 0x7f) {
        body.write((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      body.write(rest);
      body.writeBytes(frame);
    }
    return body.toByteArray();
  }

  /** Returns the messages of frames that stand each behind its length. */
  static List<RelayMessage> parse(byte[] body) {
    List<RelayMessage> heard = new ArrayList<>();
    ByteBuffer rest = ByteBuffer.wrap(body);
    while (rest.hasRemaining()) {
      int length = 0;
      int shift = 0;
      byte each;
      do {
        each = rest.get();
        length |= (each & 0x7f) << shift;
        shift += 7;
      } while (each < 0);
      byte[] frame = new byte[length];
      rest.get(frame);
      try {
        heard.add(Frames.decodeRelay(frame));
      } catch (MalformedFrameException e) {
        throw new AssertionError("the relay sent a malformed frame", e);
      }
    }
    return heard;
  }
}
