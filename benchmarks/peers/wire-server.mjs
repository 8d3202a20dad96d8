// The server of one JavaScript library, for `benchmarks/run wire` and `weft load --beside`:
//
//   node wire-server.mjs LIBRARY
//
// It prints the port that it listens on, for each line of its standard input how many bytes of memory
// are in use once garbage is collected, and ends with its standard input. Nothing is configured but the
// port; nothing is stored.

import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const HOST = '127.0.0.1';

const servers = {
  /** As @y/websocket-server's own server.js does it; that one does not tell a port of its choice. */
  async 'y-websocket'() {
    const { setupWSConnection } = await import('@y/websocket-server/utils');
    const { WebSocketServer } = await import('ws');
    const sockets = new WebSocketServer({ noServer: true });
    const server = createServer();
    sockets.on('connection', setupWSConnection);
    server.on('upgrade', (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        sockets.emit('connection', webSocket, request);
      });
    });
    await new Promise((listening) => server.listen(0, HOST, listening));
    return server.address().port;
  },

  async hocuspocus() {
    const { Server } = await import('@hocuspocus/server');
    const server = new Server({ address: HOST, quiet: true });
    await new Promise((listening) => server.httpServer.listen(0, HOST, listening));
    return server.httpServer.address().port;
  },
};

const port = await servers[process.argv[2]]();
console.log(port);
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const lines = createInterface({ input: process.stdin });
lines.on('line', () => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  console.log(heapUsed + external);
});
lines.on('close', () => process.exit(0));
