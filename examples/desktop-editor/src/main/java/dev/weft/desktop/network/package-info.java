/**
 * A stretch of network on this machine that a person can break: what stands between an editor of
 * the demonstration and its relay. It knows sockets and nothing of what passes through them.
 */
@NullMarked
package dev.weft.desktop.network;

import org.jspecify.annotations.NullMarked;
