/**
 * JMH suites over recorded editing traces, beside a plain gap buffer, which is what editing costs
 * without collaboration. {@code benchmarks/run} builds and runs them; nothing of them runs in the
 * normal build.
 */
@NullMarked
package dev.weft.bench;

import org.jspecify.annotations.NullMarked;
