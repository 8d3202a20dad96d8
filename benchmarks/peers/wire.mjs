// An author and a reader of one JavaScript library, for `benchmarks/run wire`:
//
//   node wire.mjs LIBRARY FLUSH_MILLIS SCRIPT EDITS KEYSTROKES_PER_SECOND AUTHOR_PORT READER_PORT
//
// Both connect to their port. When they are in step it prints "connected" and waits for a line; then
// the author types the first edits of the script: at a steady pace or, with 0 keystrokes a second,
// each once the reader has seen the one before. When the reader has all, it prints the digests of
// both texts, and ends with its standard input. FLUSH_MILLIS is for how long Hocuspocus gathers, 0
// for its default, which does not.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import * as Y from 'yjs';

const DOCUMENT = 'wire';
const PATIENCE_MILLIS = 120_000;

const providers = {
  async 'y-websocket'(port, doc) {
    const { WebsocketProvider } = await import('y-websocket');
    // Within a process they would find each other by a broadcast channel.
    const provider = new WebsocketProvider(`ws://127.0.0.1:${port}`, DOCUMENT, doc, {
      WebSocketPolyfill: WebSocket,
      disableBc: true,
    });
    await new Promise((synced) => provider.on('sync', (isSynced) => isSynced && synced()));
  },

  async hocuspocus(port, doc, flushMillis) {
    const { HocuspocusProvider, HocuspocusProviderWebsocket } = await import(
      '@hocuspocus/provider'
    );
    const websocketProvider = new HocuspocusProviderWebsocket({
      url: `ws://127.0.0.1:${port}`,
      WebSocketPolyfill: WebSocket,
    });
    await new Promise((synced) => {
      const provider = new HocuspocusProvider({
        websocketProvider,
        name: DOCUMENT,
        document: doc,
        flushDelay: flushMillis === 0 ? false : flushMillis,
        onSynced: synced,
      });
      provider.attach();
    });
  },
};

class Script {
  constructor(file) {
    Object.assign(this, JSON.parse(readFileSync(file, 'utf8')));
  }

  type(edit, doc, text) {
    doc.transact(() => {
      if (this.deleted[edit] > 0) {
        text.delete(this.positions[edit], this.deleted[edit]);
      }
      if (this.inserted[edit] !== '') {
        text.insert(this.positions[edit], this.inserted[edit]);
      }
    });
  }
}

/** Waits until the reader's text is the author's. */
async function inStep(author, reader) {
  const until = performance.now() + PATIENCE_MILLIS;
  while (reader.toString() !== author.toString()) {
    if (performance.now() > until) {
      throw new Error('the reader does not come to have what the author wrote');
    }
    await sleep(20);
  }
}

async function main([library, flush, file, edits, pace, authorPort, readerPort]) {
  const script = new Script(file);
  const author = new Y.Doc();
  const reader = new Y.Doc();
  await providers[library](authorPort, author, Number(flush));
  await providers[library](readerPort, reader, Number(flush));
  const written = author.getText('text');
  const read = reader.getText('text');
  if (script.startContent !== '') {
    written.insert(0, script.startContent);
  }
  await inStep(written, read);
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  console.log('connected');
  await lines.next();

  if (Number(pace) === 0) {
    for (let edit = 0; edit < Number(edits); edit++) {
      const seen = new Promise((update) => reader.once('update', update));
      script.type(edit, author, written);
      await seen;
    }
  } else {
    const begun = performance.now();
    for (let edit = 0; edit < Number(edits); edit++) {
      const left = begun + (edit * 1000) / Number(pace) - performance.now();
      if (left > 0) {
        await sleep(left);
      }
      script.type(edit, author, written);
    }
  }
  await inStep(written, read);
  for (const text of [written, read]) {
    console.log(createHash('sha256').update(text.toString(), 'utf8').digest('hex'));
  }
  await lines.next();
  process.exit(0);
}

main(process.argv.slice(2)).catch((e) => {
  process.stderr.write(String(e?.message ?? e).split('\n')[0] + '\n');
  process.exit(1);
});
