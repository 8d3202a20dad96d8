/** Has long texts, in any script, laid out no more often than need be. */
@NullMarked
package dev.weft.desktop.layout;

import org.jspecify.annotations.NullMarked;
