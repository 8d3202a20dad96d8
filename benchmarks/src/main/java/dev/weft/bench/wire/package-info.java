/**
 * {@code benchmarks/run wire}: the bytes on the wire for each keystroke of a recorded trace, of
 * this library, y-websocket and Hocuspocus, counted by a proxy between the clients and the server.
 */
@NullMarked
package dev.weft.bench.wire;

import org.jspecify.annotations.NullMarked;
