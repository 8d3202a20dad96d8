import { createRequire } from 'node:module';

const { Doc } = createRequire(import.meta.url)('diamond-types-node');

/** diamond-types through its WebAssembly package: a Doc, which is the operation log and the text. */
export default class DiamondTypes {
  unit = 'code points';

  #columns;
  #start;

  constructor(script) {
    this.#columns = script.inUnit(this.unit);
    if (script.startContent !== '') {
      const document = { doc: new Doc(agent(0)) };
      document.doc.ins(0, script.startContent);
      this.#start = document.doc.toBytes();
      this.free(document);
    }
  }

  #open(name) {
    return { doc: this.#start ? Doc.fromBytes(this.#start, name) : new Doc(name) };
  }

  empty() {
    return { doc: new Doc('reader') };
  }

  reader() {
    return this.#open('reader');
  }

  create(writer) {
    return this.#open(agent(writer + 1));
  }

  fork(document, writer, last) {
    const copy = { doc: Doc.fromBytes(document.doc.toBytes(), agent(writer + 1)) };
    if (last) {
      this.free(document);
    }
    return copy;
  }

  type({ doc }, transaction) {
    const { firstPatch, positions, deleted, inserted } = this.#columns;
    const to = firstPatch[transaction + 1];
    for (let patch = firstPatch[transaction]; patch < to; patch++) {
      if (deleted[patch] > 0) {
        doc.del(positions[patch], deleted[patch]);
      }
      if (inserted[patch] !== '') {
        doc.ins(positions[patch], inserted[patch]);
      }
    }
  }

  /** Whether an error says that a position lies outside of the text. */
  isOutside() {
    return false;
  }

  typeAndEncode(document, transaction, stopwatch) {
    const before = document.doc.getLocalVersion();
    stopwatch.start();
    this.type(document, transaction);
    stopwatch.stop();
    return document.doc.getPatchSince(before);
  }

  insert({ doc }, position, inserted) {
    doc.ins(position, inserted);
  }

  apply({ doc }, update) {
    doc.mergeBytes(update);
  }

  applyAll(document, updates) {
    for (const update of updates) {
      this.apply(document, update);
    }
  }

  applyHistory({ doc }, history) {
    doc.mergeBytes(history);
  }

  history({ doc }) {
    return doc.toBytes();
  }

  snapshot({ doc }) {
    return doc.toBytes();
  }

  load(snapshot) {
    return { doc: Doc.fromBytes(snapshot, 'reader') };
  }

  text({ doc }) {
    return doc.get();
  }

  *sizes({ snapshot }) {
    yield { bytes: snapshot.length, note: 'deleted text is in it' };
  }

  free({ doc }) {
    doc.free();
  }
}

/** Ties go by name: padded, so that names ascend as numbers do. */
function agent(number) {
  return String(number).padStart(7, '0');
}
