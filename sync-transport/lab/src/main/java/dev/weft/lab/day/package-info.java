/**
 * The game day: a relay and several clients as processes of their own, with real sockets and files,
 * while faults are injected for some minutes; what people would have seen, and whether every
 * promise was kept.
 *
 * <table>
 *   <caption>Who is who</caption>
 *   <tr><td>{@code GameDayCommand}, {@code GameDay}</td><td>the command, and the run
 *   </td></tr>
 *   <tr><td>{@code Plan}, {@code FaultKind}, {@code Injector}</td><td>which faults a seed gives,
 *   and how they are done to processes, links and disks</td></tr>
 *   <tr><td>{@code Typist}, {@code Keyboard}, {@code RelayMain}</td><td>what runs in the other
 *   processes</td></tr>
 *   <tr><td>{@code Person}, {@code Relay}, {@code DayProcess}, {@code SmallDisk}</td><td>this side
 *   of them</td></tr>
 *   <tr><td>{@code Line}, {@code ClientRun}, {@code Day}, {@code Measures}</td><td>what they
 *   report, and what follows from it</td></tr>
 *   <tr><td>{@code Inquest}, {@code Verdict}</td><td>the promises, checked on the stores that are
 *   left</td></tr>
 *   <tr><td>{@code ReportPage}, {@code Table}, {@code Timeline}, {@code LatencyChart}</td><td>
 *   the report</td></tr>
 * </table>
 */
package dev.weft.lab.day;
