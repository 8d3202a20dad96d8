/**
 * {@code benchmarks/run latency}: how long a keystroke takes to its readers, and a save to its
 * receipt, through a relay in a process of its own, with many clients, and with a neighbour that
 * types as fast as it can.
 */
@NullMarked
package dev.weft.bench.latency;

import org.jspecify.annotations.NullMarked;
