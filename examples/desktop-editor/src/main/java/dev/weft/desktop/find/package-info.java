/** Finding and replacing in a text component that shows a shared text. */
@NullMarked
package dev.weft.desktop.find;

import org.jspecify.annotations.NullMarked;
