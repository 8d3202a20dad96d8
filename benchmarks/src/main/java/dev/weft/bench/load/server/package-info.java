/** The servers that are measured, each started as a process of its own. */
@NullMarked
package dev.weft.bench.load.server;

import org.jspecify.annotations.NullMarked;
