package dev.weft.relay;

/**
 * How many connections there are of a kind. Immutable.
 *
 * @param open how many are open now
 * @param opened how many were opened since the relay was started, those that are open included
 */
public record ConnectionCount(long open, long opened) {}
