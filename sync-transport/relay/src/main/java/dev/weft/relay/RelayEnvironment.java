package dev.weft.relay;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What the hub takes from outside: time, chance and threads. With one seeded generator and
 * executors that run in one thread, everything that the hub does is a function of its input.
 *
 * @param ticker monotonic time in nanoseconds; only differences mean anything
 * @param random names sessions and the replicas that the relay reads with; never used by two
 *     threads at once
 * @param timer runs tasks later
 * @param workers run documents' work; each document has at most one task there
 * @param storeReads run what reads the store, which may block; each document has at most one task
 *     there
 * @param storeWrites runs what writes the store, one task at a time, which may block
 * @param meters where what happens is counted
 */
record RelayEnvironment(
    LongSupplier ticker,
    RandomGenerator random,
    Timer timer,
    Executor workers,
    Executor storeReads,
    Executor storeWrites,
    MeterRegistry meters) {}
