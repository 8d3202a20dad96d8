/**
 * Keeps characters of several UTF-16 units whole in RSyntaxTextArea: painted as one, and stepped
 * over, selected and deleted as one.
 */
@NullMarked
package dev.weft.desktop.characters;

import org.jspecify.annotations.NullMarked;
