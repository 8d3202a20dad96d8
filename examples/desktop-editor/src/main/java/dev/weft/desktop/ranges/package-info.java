/** Ranges of a text that are painted behind it, however many there are. */
@NullMarked
package dev.weft.desktop.ranges;

import org.jspecify.annotations.NullMarked;
