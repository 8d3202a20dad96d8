/**
 * The relay: a Jetty server that validates, orders, stores and forwards changes between clients,
 * with bounded queues and admission, so that a slow or loud client slows nobody else.
 */
@NullMarked
package dev.weft.relay;

import org.jspecify.annotations.NullMarked;
