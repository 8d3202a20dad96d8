package dev.weft.crdt;

/**
 * A range of a text that one replica wrote. Immutable.
 *
 * @param start where it begins, in UTF-16 units from 0
 * @param end where it ends, exclusive
 * @param author who inserted it
 */
public record AuthorRun(int start, int end, ReplicaId author) {}
