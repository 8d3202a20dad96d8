package dev.weft.client;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a client takes from outside: threads, time, chance and the network. A simulation gives its
 * own, so that one seed drives the whole client in one thread.
 *
 * @param loop where the session and all its documents decide
 * @param disk where the store is read and written, one task at a time, in order
 * @param housekeeping where the store is tidied, however long that takes
 * @param listeners where remote changes are applied, and observers and listeners called, in order
 * @param completions where the futures that callers hold are completed; their dependents may block
 * @param tokens where the embedder is asked for a token, however long that takes
 * @param ticker the monotonic clock, in nanoseconds from any origin
 * @param wallClock tells people when something happened, and decides nothing
 * @param random for jitter and for the ids of saves
 * @param links the network
 */
record Environment(
    Loop loop,
    Executor disk,
    Executor housekeeping,
    Executor listeners,
    Executor completions,
    Executor tokens,
    LongSupplier ticker,
    InstantSource wallClock,
    RandomGenerator random,
    Links links) {}
