/**
 * Synthetic clients for {@code weft load}: an event loop of its own with a WebSocket on it that
 * does no more than it must, so that thousands of clients leave the processors to the server;
 * networks that are slow, late or cut; and the runs that are made of these.
 */
@NullMarked
package dev.weft.bench.load;

import org.jspecify.annotations.NullMarked;
