package dev.weft.bench.peers;

/**
 * One run of a metric: how long it took, and how many of its steps were made before the limit.
 *
 * @param of how many steps there are
 */
record Run(long nanos, int done, int of) {}
