import * as Automerge from '@automerge/automerge';

const PATH = ['text'];

/** Automerge for JavaScript. One change a transaction, of splices. Its documents are values. */
export default class AutomergeForJavaScript {
  unit = 'UTF-16';
  notes = {
    bulk: 'the saved document taken into an empty one, which is quicker than its list of changes',
  };

  #columns;
  #base;

  constructor(script) {
    this.#columns = script.inUnit(this.unit);
    const base = Automerge.from({ text: script.startContent }, { actor: actor(0) });
    this.#base = Automerge.save(base);
    Automerge.free(base);
  }

  empty() {
    return { doc: Automerge.init() };
  }

  reader() {
    return { doc: Automerge.load(this.#base) };
  }

  create(writer) {
    return { doc: Automerge.load(this.#base, { actor: actor(writer + 1) }) };
  }

  fork({ doc }, writer, last) {
    const copy = { doc: Automerge.clone(doc, { actor: actor(writer + 1) }) };
    if (last) {
      Automerge.free(doc);
    }
    return copy;
  }

  type(document, transaction) {
    const { firstPatch, positions, deleted, inserted } = this.#columns;
    const to = firstPatch[transaction + 1];
    document.doc = Automerge.change(document.doc, { time: 0 }, (draft) => {
      for (let patch = firstPatch[transaction]; patch < to; patch++) {
        Automerge.splice(draft, PATH, positions[patch], deleted[patch], inserted[patch]);
      }
    });
  }

  /** Whether an error says that a position lies outside of the text. */
  isOutside(error) {
    return error instanceof RangeError;
  }

  typeAndEncode(document, transaction, stopwatch) {
    stopwatch.start();
    this.type(document, transaction);
    stopwatch.stop();
    return Automerge.getLastLocalChange(document.doc);
  }

  insert(document, index, inserted) {
    document.doc = Automerge.change(document.doc, { time: 0 }, (draft) => {
      Automerge.splice(draft, PATH, index, 0, inserted);
    });
  }

  apply(document, update) {
    [document.doc] = Automerge.applyChanges(document.doc, [update]);
  }

  applyAll(document, updates) {
    [document.doc] = Automerge.applyChanges(document.doc, updates);
  }

  applyHistory(document, history) {
    document.doc = Automerge.loadIncremental(document.doc, history);
  }

  history({ doc }) {
    return Automerge.save(doc);
  }

  snapshot({ doc }) {
    return Automerge.save(doc);
  }

  load(snapshot) {
    return { doc: Automerge.load(snapshot) };
  }

  text({ doc }) {
    return doc.text;
  }

  *sizes({ snapshot }) {
    yield { bytes: snapshot.length, note: 'deleted text is in it' };
  }

  free({ doc }) {
    Automerge.free(doc);
  }
}

function actor(number) {
  return number.toString(16).padStart(32, '0');
}
