package dev.weft.client;

/** How a client talks to its relay. */
public enum Transport {
  /**
   * By WebSocket; by polling, for as long as a WebSocket cannot be had. What stands between, a
   * proxy say, may let requests pass but no WebSockets.
   */
  AUTOMATIC,
  /** By WebSocket only. */
  WEBSOCKET,
  /** By polling only: changes of others come a little later, and everything costs more bytes. */
  POLLING
}
