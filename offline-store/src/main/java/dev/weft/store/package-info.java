/**
 * The offline store: a durable log of changes, the outbox of those that are not yet durable at the
 * relay, saves that survive a restart, and the dead letters that the relay refused. What reached
 * the store is never silently dropped, and a damaged file is left as it is, never overwritten.
 *
 * <table>
 * <caption>Which type when</caption>
 * <tr><td>{@link dev.weft.store.ChangeStore}</td>
 *     <td>the log alone: what a relay writes to, and what another database can offer</td></tr>
 * <tr><td>{@link dev.weft.store.WorkspaceStore}</td>
 *     <td>a device's log, with its replica ids, outbox and pending saves</td></tr>
 * <tr><td>{@link dev.weft.store.SqliteChangeStore}</td>
 *     <td>both, in one file of a directory</td></tr>
 * <tr><td>{@link dev.weft.store.StoreCheck}, {@link dev.weft.store.StoreRepair}</td>
 *     <td>to verify such a directory, and to recover what can be read of a damaged one</td></tr>
 * <tr><td>{@link dev.weft.store.StoredDocument}</td>
 *     <td>to read a document from either</td></tr>
 * </table>
 */
@NullMarked
package dev.weft.store;

import org.jspecify.annotations.NullMarked;
