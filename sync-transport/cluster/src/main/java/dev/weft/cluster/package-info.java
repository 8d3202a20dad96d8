/**
 * More than one relay: a change store in PostgreSQL, whose commit acknowledges a save, and
 * best-effort announcements over Redis, so that any relay serves any client of any document.
 *
 * <p>{@link dev.weft.cluster.Cluster} is the way in. What holds is in PostgreSQL alone; Redis only
 * makes it quick:
 *
 * <table>
 *   <caption>What is seen when something is away</caption>
 *   <tr><th>away</th><th>keystrokes</th><th>saves</th></tr>
 *   <tr><td>Redis</td><td>come from other relays some tenths of a second later</td>
 *       <td>as ever</td></tr>
 *   <tr><td>PostgreSQL</td><td>go on, between relays too, until the bound of what may wait</td>
 *       <td>are refused, and retried by the clients; documents that no client of the relay has open
 *       cannot be opened</td></tr>
 *   <tr><td>a synchronous standby</td><td>go on, likewise bounded</td><td>wait, then are refused and
 *       retried</td></tr>
 *   <tr><td>a relay</td><td>its clients go to another</td><td>are repeated there; each has one
 *       effect</td></tr>
 * </table>
 */
@NullMarked
package dev.weft.cluster;

import org.jspecify.annotations.NullMarked;
