/**
 * Recorded editing histories: reading them, and replaying them through documents.
 *
 * <table>
 *   <caption>What stands where</caption>
 *   <tr><td>{@link dev.weft.cli.trace.TraceReader}</td><td>reads the public JSON formats into a {@link dev.weft.cli.trace.Trace}</td></tr>
 *   <tr><td>{@link dev.weft.cli.trace.Script}</td><td>a trace in a document's own terms, ready to be typed</td></tr>
 *   <tr><td>{@link dev.weft.cli.trace.LiveRun}</td><td>types a script by as many replicas as it has writers</td></tr>
 *   <tr><td>{@link dev.weft.cli.trace.Recording}</td><td>what such a run leaves behind: updates, snapshot, text</td></tr>
 *   <tr><td>{@link dev.weft.cli.trace.TraceReplay}</td><td>times one way of taking a trace in</td></tr>
 * </table>
 */
@NullMarked
package dev.weft.cli.trace;

import org.jspecify.annotations.NullMarked;
