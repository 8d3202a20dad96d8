/**
 * The wire protocol: messages between client and relay as values, and the codec between them and
 * versioned Protocol Buffers envelopes in binary WebSocket frames. The schema's generated classes
 * stay in {@code dev.weft.protocol.wire}.
 */
@NullMarked
package dev.weft.protocol;

import org.jspecify.annotations.NullMarked;
