import { LoroDoc } from 'loro-crdt';

/** Loro. One commit a transaction; the text is a LoroText without marks. */
export default class Loro {
  unit = 'UTF-16';
  notes = {
    bulk: "its update encoding; a snapshot, which it decodes when asked, is in 'load' and 'edit'",
    load: 'decodes the text, and the history when asked for it',
  };

  #columns;
  #start;

  constructor(script) {
    this.#columns = script.inUnit(this.unit);
    if (script.startContent !== '') {
      const document = this.#document(new LoroDoc(), 0);
      document.text.insert(0, script.startContent);
      document.doc.commit();
      this.#start = document.doc.export({ mode: 'update' });
    }
  }

  #document(doc, peer) {
    if (peer !== undefined) {
      doc.setPeerId(BigInt(peer));
    }
    return { doc, text: doc.getText('text') };
  }

  empty() {
    return this.#document(new LoroDoc());
  }

  reader() {
    const document = this.empty();
    if (this.#start) {
      document.doc.import(this.#start);
    }
    return document;
  }

  create(writer) {
    const document = this.reader();
    document.doc.setPeerId(BigInt(writer + 1));
    return document;
  }

  fork(document, writer, last) {
    if (last) {
      document.doc.setPeerId(BigInt(writer + 1));
      return document;
    }
    return this.#document(document.doc.fork(), writer + 1);
  }

  type({ doc, text }, transaction) {
    const { firstPatch, positions, deleted, inserted } = this.#columns;
    const to = firstPatch[transaction + 1];
    for (let patch = firstPatch[transaction]; patch < to; patch++) {
      if (deleted[patch] > 0) {
        text.delete(positions[patch], deleted[patch]);
      }
      if (inserted[patch] !== '') {
        text.insert(positions[patch], inserted[patch]);
      }
    }
    doc.commit();
  }

  /** Whether an error says that a position lies outside of the text. */
  isOutside(error) {
    return /out of bound/i.test(String(error));
  }

  typeAndEncode(document, transaction, stopwatch) {
    const from = document.doc.version();
    stopwatch.start();
    this.type(document, transaction);
    stopwatch.stop();
    return document.doc.export({ mode: 'update', from });
  }

  insert({ doc, text }, index, inserted) {
    text.insert(index, inserted);
    doc.commit();
  }

  apply({ doc }, update) {
    doc.import(update);
  }

  applyAll(document, updates) {
    document.doc.importBatch(updates);
  }

  applyHistory({ doc }, history) {
    doc.import(history);
  }

  history({ doc }) {
    return doc.export({ mode: 'update' });
  }

  snapshot({ doc }) {
    return doc.export({ mode: 'snapshot' });
  }

  load(snapshot) {
    return this.#document(LoroDoc.fromSnapshot(snapshot));
  }

  text({ text }) {
    return text.toString();
  }

  *sizes({ snapshot, history, document }) {
    const { doc } = document;
    const shallow = doc.export({ mode: 'shallow-snapshot', frontiers: doc.frontiers() });
    yield {
      bytes: snapshot.length,
      note: `snapshot, deleted text is in it (as updates ${history.length.toLocaleString('en')}; `
        + `a shallow snapshot, without history, ${shallow.length.toLocaleString('en')})`,
    };
  }

  free({ doc, text }) {
    text.free();
    doc.free();
  }
}
