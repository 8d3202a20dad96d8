/**
 * {@code weft peers}: the same traces through this library, a plain gap buffer and other libraries,
 * side by side. The command starts one process for each library and trace, {@link
 * dev.weft.bench.peers.JvmWorker} for what runs on the JVM and {@code benchmarks/peers/peers.mjs}
 * for what comes from npm; both print the same lines.
 */
@NullMarked
package dev.weft.bench.peers;

import org.jspecify.annotations.NullMarked;
