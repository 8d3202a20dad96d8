/**
 * Benchmarks: JMH suites, replays of recorded editing traces, and peers measured side by side in
 * one run.
 */
@NullMarked
package dev.weft.bench;

import org.jspecify.annotations.NullMarked;
