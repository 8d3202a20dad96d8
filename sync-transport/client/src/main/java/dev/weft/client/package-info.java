/**
 * The client: shared texts kept in step with a relay in two tiers, keystrokes that are instant and
 * best-effort and saves that are slow and certain, with reconnection and a status that never
 * misleads about what is pending, stale, degraded or refused.
 *
 * <p>{@link dev.weft.client.WeftClient} and {@link dev.weft.client.SharedText} are what an embedder
 * uses, with {@link dev.weft.client.SharedPresence} and {@link dev.weft.client.SharedUndo}. Behind
 * them:
 *
 * <table>
 * <caption>What does what, and on which thread</caption>
 * <tr><th>class</th><th>is</th><th>runs on</th></tr>
 * <tr><td>{@code LocalCopy}</td><td>the text, and what the relay has of it</td>
 *     <td>any thread, by a lock</td></tr>
 * <tr><td>{@code Session}</td><td>the connection, made again when it is lost</td>
 *     <td>the loop</td></tr>
 * <tr><td>{@code Channel}</td><td>how one text keeps in step</td><td>the loop</td></tr>
 * <tr><td>{@code Outgoing}, {@code Inbox}</td><td>what a text sends, and what comes for it</td>
 *     <td>the loop; the listener executor</td></tr>
 * <tr><td>{@code Journal}</td><td>the way into the store</td>
 *     <td>the loop; the disk executor</td></tr>
 * <tr><td>{@code Saves}, {@code StoredSaves}</td>
 *     <td>saves, from the request to the receipt; as the store has them</td><td>the loop</td></tr>
 * <tr><td>{@code PresenceExchange}</td><td>who is where</td><td>the loop</td></tr>
 * <tr><td>{@code Heartbeat}</td><td>whether the relay is still there</td><td>the loop</td></tr>
 * <tr><td>{@code Credentials}, {@code Route}</td>
 *     <td>by which token, and where, the session connects</td><td>the loop</td></tr>
 * <tr><td>{@code Link}, {@code Loop}, {@code Environment}</td>
 *     <td>the seams to the network, to threads and to time</td><td></td></tr>
 * </table>
 *
 * <p>Nobody waits for anybody: the threads hand each other tasks, and only an edit's or a read's
 * short time under the text's lock is shared.
 */
@NullMarked
package dev.weft.client;

import org.jspecify.annotations.NullMarked;
