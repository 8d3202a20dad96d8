/**
 * An event loop with WebSockets on it that does no more than it must, so that thousands of clients
 * leave the processors to the server; and networks that are slow or late.
 */
@NullMarked
package dev.weft.bench.load.net;

import org.jspecify.annotations.NullMarked;
