/**
 * The sequence CRDT: documents of text that replicas edit apart and merge to the same result in
 * whatever order changes reach them, version vectors that say what a replica has seen, and the one
 * documented binary format of changes and snapshots. It is plain Java: it opens no thread, reads no
 * clock, logs nothing, and depends on nothing but {@code java.base}.
 */
@NullMarked
package dev.weft.crdt;

import org.jspecify.annotations.NullMarked;
