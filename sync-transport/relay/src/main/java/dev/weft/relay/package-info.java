/**
 * The relay: a Jetty server that validates, orders, stores and forwards changes between clients,
 * with bounded queues and admission, so that a slow or loud client slows nobody else. Its entry is
 * {@link dev.weft.relay.RelayServer}.
 *
 * <p>The hub knows no sockets, threads or clocks; {@code RelayServer} attaches them, and a test can
 * attach a network, an order of events and a time of its own.
 *
 * <pre>
 *  WebSocketEndpoint   one socket                        any thread, as an Outlet
 *  HttpDoors           requests by HTTP
 *    Poll              one of them, as a connection      any thread, as an Outlet
 *      FrameSource     its body                          its lock
 *      FrameSink       its response                      its lock
 *    Session           one connection: order, limits     its lock
 *      Admission       who the client is                 its lock
 *      LifeSigns       whether it is there               its lock
 *      ChannelTable    its channels                      the session's lock
 *      ReadGate        when the next frame may come      its lock
 *      SendQueue       what waits to be sent, or is owed its lock
 *    Reading           one that only reads               no lock
 *    EventStream       events to one reader              its lock
 *  OperationsDoors     requests of those who run it
 *    Dashboard         figures for all who look          its lock
 *      FigureStream    figures to one of them            its lock
 *  RelayHub            connections and documents         its lock
 *    OpenDocument      one document                      its Mailbox, on a shared worker
 *      Eviction        how long nobody has used it
 *      Channels        who has it open
 *        Writers       who writes under which id
 *        PendingSaves  saves without an answer
 *        PresenceBoard who is where
 *      Guests          who only reads it
 *        Renderings    the text in bytes for them
 *        Followers     who follows by events
 *      DocumentBody    what it has once it is loaded
 *        RelayedText   the text, and what came too early
 *        Intake        what is taken in, and refused
 *        News          what is to be passed on
 *        OtherRelays   what others that share the store  its lock, for what was just announced
 *                      announce, or have stored
 *        Debts         what channels are owed
 *        CatchUp       what a client lacks, in parts
 *        DocumentWriter  what is to be stored
 *    Admissions        whose tokens are asked about again  its lock
 *    WriteBehind       many documents, one flush         its lock; one writing thread
 * </pre>
 *
 * <p>Locks are taken in one order only: the session's before the hub's, a mailbox's, a gate's, a
 * queue's, or that of who the client is or whether it is there, a gate's before its queue's, and
 * that of who a client is before that of all of them, and the dashboard's before a stream's of its
 * and those of whatever it asks; no other two are held together. A document's worker comes with
 * none.
 */
@NullMarked
package dev.weft.relay;

import org.jspecify.annotations.NullMarked;
