package dev.weft.relay;

import dev.weft.protocol.Codes;
import dev.weft.protocol.Refusal;
import dev.weft.store.DocumentId;
import dev.weft.store.StoreDamagedException;
import dev.weft.store.StoreException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One visit of somebody who wants to read a document: finds out who it is, whether it may, and
 * whether the relay has the document, which is opened for it then. Who is not let in is told why.
 * Thread-safe.
 */
final class Reading implements Admission.Hooks {
  private static final Logger log = LoggerFactory.getLogger(Reading.class);

  private final RelayHub hub;
  private final Visit visit;
  private final Reader reader;
  private final Admission admission;
  private final AtomicBoolean decided = new AtomicBoolean();

  /** Under which name the authenticator knows who reads; empty before it has been asked. */
  private volatile String user = "";

  private Reading(RelayHub hub, Visit visit, Reader reader) {
    this.hub = hub;
    this.visit = visit;
    this.reader = reader;
    this.admission = new Admission(hub, visit.peer(), this);
  }

  /** What is done with the document. Its methods are called on any thread. */
  interface Reader {
    /**
     * The document is there and open, until {@link OpenDocument#letGo} is called on its worker,
     * once.
     */
    void entered(OpenDocument document);

    /** The reader is not let in any more. */
    void dismissed(Refusal why);
  }

  /** Begins: {@code reader} is told, or the visit is answered. */
  static void begin(RelayHub hub, Visit visit, Reader reader) {
    Refusal refusal = hub.admitVisit();
    if (refusal != null) {
      visit.refuse(refusal);
      return;
    }
    Reading reading = new Reading(hub, visit, reader);
    Request.addCompletionListener(visit.request(), failure -> reading.ended());
    reading.admission.want(visit.token());
    reading.admission.proceed();
  }

  private void ended() {
    admission.close();
    hub.endVisit();
  }

  @Override
  public void admitted(Identity identity) {
    user = identity.name();
    DocumentId document = visit.document();
    boolean mayRead = admission.accessTo(document) != DocumentAccess.NONE;
    if (!decided.compareAndSet(false, true)) {
      if (!mayRead) {
        dismiss(Refusals.unauthorised());
      }
    } else if (!mayRead) {
      visit.note(user, Refusals.unauthorised());
      visit.answer(HttpStatus.FORBIDDEN_403, Refusals.unauthorised().reason());
    } else if (hub.openDocument(document) != null) {
      enter();
    } else if (!hub.lookUp(this::enterIfStored)) {
      visit.refuse(Refusal.forNow(Codes.OVERLOADED, "The relay has too much to look up.", 1_000));
    }
  }

  @Override
  public void refused(Refusal refusal) {
    if (decided.compareAndSet(false, true)) {
      visit.refuse(refusal);
    } else {
      dismiss(refusal);
    }
  }

  private void dismiss(Refusal refusal) {
    visit.note(user, refusal);
    reader.dismissed(refusal);
  }

  /** A document that does not exist is not opened: that would keep it here for a while. */
  private void enterIfStored() {
    boolean stored;
    try {
      stored = !hub.store().version(visit.document()).isEmpty();
    } catch (StoreDamagedException e) {
      Failures.tell(log, Level.ERROR, LoadedDocument.damaged(visit.document()), e);
      visit.refuse(Refusals.storeDamaged());
      return;
    } catch (StoreException | IllegalStateException e) {
      Failures.tell(
          log, Level.WARN, "document " + visit.document() + ": the store cannot be read", e);
      visit.refuse(Refusals.storeUnreadable());
      return;
    } catch (RuntimeException | Error e) {
      log.error("document {}: a fault of the store", visit.document(), e);
      visit.refuse(Refusals.internal());
      return;
    }
    if (stored) {
      enter();
    } else {
      visit.answerUnknown();
    }
  }

  private void enter() {
    OpenDocument document;
    try {
      document = hub.enter(visit.document());
    } catch (RefusedException e) {
      visit.refuse(e.refusal());
      return;
    }
    reader.entered(document);
  }
}
