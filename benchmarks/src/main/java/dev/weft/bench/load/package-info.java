/**
 * {@code weft load}: synthetic clients that type like recorded authors, the runs that are made of
 * them, and what is searched and compared by such runs.
 */
@NullMarked
package dev.weft.bench.load;

import org.jspecify.annotations.NullMarked;
