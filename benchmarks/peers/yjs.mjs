import * as Y from 'yjs';

/**
 * Yjs. A transaction of one edit is that edit's own; updates are in its default encoding, the size
 * in the smaller second one. It drops deleted text (gc), as it does where nobody asks otherwise.
 */
export default class Yjs {
  unit = 'UTF-16';

  // So the time of typing while updates are made is not that of typing.
  encodesWhileTyping = true;

  notes = {
    load: 'deleted text is not in what it loads',
    edit: 'deleted text is not in what it loads',
    bulk: 'deleted text is not in the update',
  };

  #gc;
  #script;
  #columns;
  #start;

  constructor(script, gc = true) {
    this.#gc = gc;
    this.#script = script;
    this.#columns = script.inUnit(this.unit);
    if (script.startContent !== '') {
      const document = this.#document(0);
      document.text.insert(0, script.startContent);
      this.#start = Y.encodeStateAsUpdate(document.doc);
    }
  }

  withHistory() {
    return new Yjs(this.#script, false);
  }

  #document(clientId) {
    const doc = new Y.Doc({ gc: this.#gc });
    if (clientId !== undefined) {
      doc.clientID = clientId;
    }
    return { doc, text: doc.getText('text') };
  }

  empty() {
    return this.#document();
  }

  reader() {
    const document = this.#document();
    if (this.#start) {
      Y.applyUpdate(document.doc, this.#start);
    }
    return document;
  }

  create(writer) {
    const document = this.reader();
    document.doc.clientID = writer + 1;
    return document;
  }

  fork(document, writer, last) {
    if (last) {
      document.doc.clientID = writer + 1;
      return document;
    }
    const copy = this.#document(writer + 1);
    Y.applyUpdate(copy.doc, Y.encodeStateAsUpdate(document.doc));
    return copy;
  }

  type({ doc, text }, transaction) {
    const { firstPatch, positions, deleted, inserted } = this.#columns;
    const from = firstPatch[transaction];
    const to = firstPatch[transaction + 1];
    if (to - from === 1 && (deleted[from] === 0 || inserted[from] === '')) {
      if (deleted[from] === 0) {
        text.insert(positions[from], inserted[from]);
      } else {
        text.delete(positions[from], deleted[from]);
      }
      return;
    }
    doc.transact(() => {
      for (let patch = from; patch < to; patch++) {
        if (deleted[patch] > 0) {
          text.delete(positions[patch], deleted[patch]);
        }
        if (inserted[patch] !== '') {
          text.insert(positions[patch], inserted[patch]);
        }
      }
    });
  }

  /** Whether an error says that a position lies outside of the text. */
  isOutside(error) {
    return /length exceeded/i.test(String(error));
  }

  typeAndEncode(document, transaction, stopwatch) {
    let update;
    const keep = (made) => {
      update = made;
    };
    document.doc.on('update', keep);
    stopwatch.start();
    this.type(document, transaction);
    stopwatch.stop();
    document.doc.off('update', keep);
    return update;
  }

  insert({ text }, index, inserted) {
    text.insert(index, inserted);
  }

  apply({ doc }, update) {
    if (update !== undefined) {
      Y.applyUpdate(doc, update);
    }
  }

  applyAll(document, updates) {
    for (const update of updates) {
      this.apply(document, update);
    }
  }

  applyHistory({ doc }, history) {
    Y.applyUpdate(doc, history);
  }

  history({ doc }) {
    return Y.encodeStateAsUpdate(doc);
  }

  snapshot({ doc }) {
    return Y.encodeStateAsUpdate(doc);
  }

  load(snapshot) {
    const document = this.#document();
    Y.applyUpdate(document.doc, snapshot);
    return document;
  }

  text({ text }) {
    return text.toString();
  }

  *sizes(recording, recordWithHistory) {
    yield {
      bytes: Y.encodeStateAsUpdateV2(recording.document.doc).length,
      note: 'deleted text is not in it; second encoding (the default takes '
        + recording.snapshot.length.toLocaleString('en') + ')',
    };
    yield {
      variant: 'gc off',
      bytes: Y.encodeStateAsUpdateV2(recordWithHistory().document.doc).length,
      note: 'second encoding, with gc off: deleted text is in it',
    };
  }

  free({ doc }) {
    doc.destroy();
  }
}
