/** Ranges of a text: where they are seen, painted behind it however many they are, and edited. */
@NullMarked
package dev.weft.desktop.ranges;

import org.jspecify.annotations.NullMarked;
