package dev.weft.bench.latency;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What is the same in all cases.
 *
 * @param length for how long is measured
 * @param warmUp for how long a few clients type fast before, until everything is compiled
 * @param settle for how long is typed before what is typed counts
 * @param keystrokesPerSecond of each writer, on average
 * @param saveEvery how often each writer saves, on average
 * @param floodKeystrokesPerSecond the neighbour's pace; 0 for as fast as it can
 * @param disk where the stores are
 * @param wholeClients of more clients than that, the rest are lean
 * @param seed of the times
 */
record Conditions(
    Duration length,
    Duration warmUp,
    Duration settle,
    double keystrokesPerSecond,
    Duration saveEvery,
    int floodKeystrokesPerSecond,
    Path disk,
    int wholeClients,
    long seed) {}
