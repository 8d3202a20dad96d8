// Measures one JavaScript library on one trace, for `./weft peers`, and prints one JSON object a
// line for each metric:
//
//   node peers.mjs LIBRARY SCRIPT METRIC[,METRIC...] WARM_UP_SECONDS LIMIT_SECONDS [REPEAT]
//
// SCRIPT is a trace as `dev.weft.bench.peers.PreparedScript` writes it: columns of patches, with who
// receives what before which transaction worked out. Every library plays it through an adapter (at
// the end of this file) in the way its documentation recommends; the rest is the same for all.

import { readFileSync, writeSync } from 'node:fs';

const libraries = {
  yjs: () => import('./yjs.mjs'),
  loro: () => import('./loro.mjs'),
  'automerge-js': () => import('./automerge.mjs'),
  'diamond-types': () => import('./diamond-types.mjs'),
};

// The same numbers as in dev.weft.bench.peers.Repetition.
const LEAST_RUNS = 5;
const MOST_RUNS = 200;
const MOST_WARM_UP_RUNS = 500;
const ENOUGH_NANOS = 1e9;
const TOO_LONG_NANOS = 10e9;

// The same words as in dev.weft.bench.peers.JvmWorker.
const CANNOT_FOLLOW =
  'puts what authors inserted at one place at once in an order of its own, so a later position of '
  + 'the trace lies outside of its text';

const NO_PARENT = -1;
const LOOK_AT_CLOCK_EVERY = 16;

class Script {
  constructor(json) {
    Object.assign(this, json);
    this.count = this.writers.length;
    this.patches = this.positions.length;
  }

  get sequential() {
    return this.kind === 'SEQUENTIAL';
  }

  /** The columns in the unit that a library counts in. */
  inUnit(unit) {
    const codePoints = unit === 'code points' && this.codePointPositions;
    return {
      firstPatch: this.firstPatch,
      positions: codePoints ? this.codePointPositions : this.positions,
      deleted: codePoints ? this.codePointsDeleted : this.deleted,
      inserted: this.inserted,
    };
  }
}

class Stopwatch {
  nanos = 0;
  #startedAt = 0n;

  start() {
    this.#startedAt = process.hrtime.bigint();
  }

  stop() {
    this.nanos += Number(process.hrtime.bigint() - this.#startedAt);
  }

  /** The time of this and of the section that is under way. */
  sofar() {
    return this.nanos + Number(process.hrtime.bigint() - this.#startedAt);
  }
}

/** What a library makes of a trace once, untimed, and what the ways of taking it in start from. */
class Recording {
  constructor(library, script) {
    this.updates = new Array(script.count);
    const startedAt = performance.now();
    const typing = new Stopwatch();
    const documents = play(library, script, this, (document, transaction) => {
      this.updates[transaction] = library.typeAndEncode(document, transaction, typing);
    });
    // Of what takes so long, one run is enough: this was it.
    const tookTooLong = (performance.now() - startedAt) * 1e6 >= TOO_LONG_NANOS;
    this.typed = tookTooLong && !library.encodesWhileTyping
      ? { nanos: typing.nanos, done: script.patches, of: script.patches }
      : undefined;
    this.text = library.text(documents[0]);
    for (const document of documents) {
      if (library.text(document) !== this.text) {
        throw new Error('its replicas diverge');
      }
    }
    this.order = compare(this.text, script);
    this.history = library.history(documents[0]);
    this.snapshot = library.snapshot(documents[0]);
    this.document = documents[0];
    documents.slice(1).forEach((document) => library.free(document));
  }

  require(text) {
    if (text !== this.text) {
      throw new Error('its text differs from that of its own live run');
    }
  }
}

/**
 * How a text relates to the trace's. Where authors write at once, libraries differ in the order of
 * what they insert at one place, and a later position then means another character; in a sequential
 * trace nothing excuses another text.
 */
function compare(text, script) {
  if (script.endContent === null) {
    return 'not told';
  }
  if (text === script.endContent) {
    return 'as recorded';
  }
  if (!script.sequential) {
    return 'own order';
  }
  throw new Error(
    `its text, of ${text.length} units, is not the trace's, of ${script.endContent.length}`);
}

/**
 * Plays all authors of a trace, each receiving what its parents name before it types. Returns the
 * documents that have the whole history in the end.
 */
function play(library, script, recording, type) {
  return script.kind === 'EVENT_GRAPH'
    ? playTransactions(library, script, recording, type)
    : playAgents(library, script, recording, type);
}

function playAgents(library, script, recording, type) {
  const documents = [];
  for (let writer = 0; writer < Math.max(1, script.writerCount); writer++) {
    documents.push(library.create(writer));
  }
  for (let transaction = 0; transaction < script.count; transaction++) {
    const document = documents[script.writers[transaction]];
    receive(library, document, script.received[transaction], recording);
    type(document, transaction);
  }
  documents.forEach((document, writer) => {
    receive(library, document, script.receivedAtEnd[writer] ?? [], recording);
  });
  return documents;
}

function playTransactions(library, script, recording, type) {
  const forksLeft = new Array(script.count).fill(0);
  for (const base of script.forkedFrom) {
    if (base !== NO_PARENT) {
      forksLeft[base]++;
    }
  }
  const states = new Array(script.count);
  let document = library.create(0);
  for (let transaction = 0; transaction < script.count; transaction++) {
    const base = script.forkedFrom[transaction];
    const writer = script.writers[transaction];
    if (base === NO_PARENT) {
      document = library.create(writer);
    } else {
      const last = --forksLeft[base] === 0;
      document = library.fork(states[base], writer, last);
      if (last) {
        states[base] = undefined;
      }
    }
    receive(library, document, script.received[transaction], recording);
    type(document, transaction);
    if (forksLeft[transaction] > 0) {
      states[transaction] = document;
    } else if (transaction < script.count - 1) {
      library.free(document);
    }
  }
  if (script.count > 0) {
    receive(library, document, script.receivedAtEnd[script.writers[script.count - 1]], recording);
  }
  return [document];
}

/** Untimed, so in whatever way is quickest. */
function receive(library, document, transactions, recording) {
  if (transactions.length > 0) {
    library.applyAll(document, transactions.map((transaction) => recording.updates[transaction]));
  }
}

/** The metrics: each is one run, which returns its nanoseconds and how much of the trace it did. */
const metrics = {
  local(library, script, recording, limitNanos) {
    const stopwatch = new Stopwatch();
    if (script.sequential) {
      const document = library.create(0);
      let transaction = 0;
      stopwatch.start();
      while (transaction < script.count) {
        library.type(document, transaction++);
        if (transaction % LOOK_AT_CLOCK_EVERY === 0 && stopwatch.sofar() > limitNanos) {
          break;
        }
      }
      stopwatch.stop();
      const done = script.firstPatch[transaction];
      const text = library.text(document);
      if (done === script.patches) {
        recording.require(text);
      } else if (text !== beginning(script, done)) {
        throw new Error(`its text after ${transaction} transactions is not the trace's`);
      }
      library.free(document);
      return { nanos: stopwatch.nanos, done, of: script.patches };
    }
    const documents = play(library, script, recording, (document, transaction) => {
      stopwatch.start();
      library.type(document, transaction);
      stopwatch.stop();
    });
    for (const document of documents) {
      recording.require(library.text(document));
      library.free(document);
    }
    return { nanos: stopwatch.nanos, done: script.patches, of: script.patches };
  },

  remote(library, script, recording, limitNanos) {
    const document = library.reader();
    const stopwatch = new Stopwatch();
    let transaction = 0;
    stopwatch.start();
    while (transaction < script.count) {
      library.apply(document, recording.updates[transaction++]);
      if (transaction % LOOK_AT_CLOCK_EVERY === 0 && stopwatch.sofar() > limitNanos) {
        break;
      }
    }
    stopwatch.stop();
    if (transaction < script.count) {
      library.applyHistory(document, recording.history);
    }
    recording.require(library.text(document));
    library.free(document);
    return { nanos: stopwatch.nanos, done: transaction, of: script.count };
  },

  bulk(library, script, recording) {
    const document = library.empty();
    const stopwatch = new Stopwatch();
    stopwatch.start();
    library.applyHistory(document, recording.history);
    stopwatch.stop();
    recording.require(library.text(document));
    library.free(document);
    return { nanos: stopwatch.nanos, done: script.patches, of: script.patches };
  },

  load(library, script, recording) {
    const stopwatch = new Stopwatch();
    stopwatch.start();
    const document = library.load(recording.snapshot);
    const text = library.text(document);
    stopwatch.stop();
    recording.require(text);
    library.free(document);
    return { nanos: stopwatch.nanos };
  },

  edit(library, script, recording) {
    const middle = boundary(recording.text, recording.text.length >> 1);
    const stopwatch = new Stopwatch();
    stopwatch.start();
    const document = library.load(recording.snapshot);
    library.insert(document, library.unit === 'code points' ? middle.codePoint : middle.utf16, '#');
    const text = library.text(document);
    stopwatch.stop();
    recording.require(text.slice(0, middle.utf16) + text.slice(middle.utf16 + 1));
    library.free(document);
    return { nanos: stopwatch.nanos };
  },
};

/** The place at or right before an index that does not part a surrogate pair. */
function boundary(text, index) {
  const code = text.charCodeAt(index);
  const utf16 = code >= 0xdc00 && code < 0xe000 ? index - 1 : index;
  let codePoint = 0;
  for (let i = 0; i < utf16; codePoint++) {
    i += text.codePointAt(i) > 0xffff ? 2 : 1;
  }
  return { utf16, codePoint };
}

/** The text after the first patches of a sequential trace. */
function beginning(script, patches) {
  let text = script.startContent;
  for (let patch = 0; patch < patches; patch++) {
    const at = script.positions[patch];
    text = text.slice(0, at) + script.inserted[patch] + text.slice(at + script.deleted[patch]);
  }
  return text;
}

function measure(run, warmUpSeconds, repeat) {
  const counted = [];
  let warmUpRuns = 0;
  let startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) * 1e6;
  while (warmUpRuns < MOST_WARM_UP_RUNS && elapsed() < warmUpSeconds * 1e9) {
    const result = run();
    if (warmUpRuns === 0 && elapsed() >= TOO_LONG_NANOS && repeat === undefined) {
      return { counted: [result], warmUpRuns }; // it has warmed itself up
    }
    warmUpRuns++;
  }
  startedAt = performance.now();
  do {
    counted.push(run());
  } while (
    repeat === undefined
      ? elapsed() < TOO_LONG_NANOS &&
        counted.length < MOST_RUNS &&
        (counted.length < LEAST_RUNS || elapsed() < ENOUGH_NANOS)
      : counted.length < repeat
  );
  return { counted, warmUpRuns };
}

function summary({ counted, warmUpRuns }) {
  const ascending = counted.map((run) => run.nanos).sort((a, b) => a - b);
  const middle = ascending.length >> 1;
  const medianNanos =
    ascending.length % 2 === 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
  // A run that was stopped stands for itself: the one that got furthest is told of.
  const furthest = counted.reduce((a, b) => (b.done > a.done ? b : a));
  const stopped = furthest.done !== furthest.of;
  return {
    runs: counted.length,
    warmUpRuns,
    medianNanos: Math.round(stopped ? furthest.nanos : medianNanos),
    minNanos: Math.round(stopped ? furthest.nanos : ascending[0]),
    done: furthest.done,
    of: furthest.of,
  };
}

/** Written at once: what was measured counts also when what comes next ends the process. */
function print(line) {
  writeSync(1, JSON.stringify(line) + '\n');
}

async function main([name, file, wanted, warmUp, limit, repeat]) {
  const script = new Script(JSON.parse(readFileSync(file, 'utf8')));
  const { default: Library } = await libraries[name]();
  const library = new Library(script);
  let recording;
  try {
    recording = new Recording(library, script);
  } catch (e) {
    if (script.sequential || !library.isOutside(e)) {
      throw e;
    }
    for (const metric of wanted.split(',')) {
      print({ library: name, metric, notMeasured: CANNOT_FOLLOW });
    }
    return;
  }
  for (const metric of wanted.split(',')) {
    const head = { library: name, metric };
    try {
      if (metric === 'size') {
        for (const size of library.sizes(recording, () => new Recording(library.withHistory(), script))) {
          print({ ...head, text: recording.order, ...size });
        }
        continue;
      }
      const run = () => metrics[metric](library, script, recording, limit * 1e9);
      const timing =
        metric === 'local' && recording.typed && repeat === undefined
          ? { counted: [recording.typed], warmUpRuns: 0 }
          : measure(run, Number(warmUp), repeat === undefined ? undefined : Number(repeat));
      const note = library.notes?.[metric];
      print({
        ...head,
        text: recording.order,
        ...summary(timing),
        ...(note && { note }),
      });
    } catch (e) {
      print({ ...head, failed: reason(e) });
    }
  }
}

function reason(e) {
  return String(e?.message ?? e).split('\n')[0];
}

main(process.argv.slice(2)).catch((e) => {
  process.stderr.write(reason(e) + '\n');
  process.exitCode = 1;
});
