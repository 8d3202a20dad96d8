package dev.weft.bench.load.dialect;

import dev.weft.protocol.Frames;
import dev.weft.protocol.RelayAddress;
import java.net.URI;

/**
 * The relay's protocol.
 *
 * @param token a bearer token; empty for none
 */
public record WeftDialect(String token) implements Dialect {
  @Override
  public URI endpoint(URI server, String document) {
    return RelayAddress.ofWebSocket(server);
  }

  @Override
  public String subprotocol() {
    return Frames.SUBPROTOCOL;
  }

  @Override
  public boolean isWhole() {
    return true;
  }

  @Override
  public Speaker speaker(String document, long writer, Edits edits, Speaker.Ear ear) {
    return new WeftSpeaker(token, document, writer, edits, ear);
  }
}
