package dev.weft.bench.wire;

/**
 * What went one way over a connection.
 *
 * @param bytes of the WebSocket frames, as TCP carries them
 * @param frames how many WebSocket frames that were
 * @param handshakeBytes of the HTTP request or response before them
 */
record Traffic(long bytes, long frames, long handshakeBytes) {

  /** Returns what was more than {@code earlier}. */
  Traffic since(Traffic earlier) {
    return new Traffic(
        bytes - earlier.bytes, frames - earlier.frames, handshakeBytes - earlier.handshakeBytes);
  }

  /** Returns all bytes there were. */
  long total() {
    return bytes + handshakeBytes;
  }
}
