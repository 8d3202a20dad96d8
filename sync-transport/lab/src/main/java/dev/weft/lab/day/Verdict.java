package dev.weft.lab.day;

/**
 * What became of one promise.
 *
 * @param promise what was promised, as a sentence
 * @param kept whether it was kept
 * @param details how many were looked at, or what broke it
 */
record Verdict(String promise, boolean kept, String details) {}
