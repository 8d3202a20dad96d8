/** How long a key takes in a real window of the desktop editor, while others write too. */
@NullMarked
package dev.weft.bench.window;

import org.jspecify.annotations.NullMarked;
