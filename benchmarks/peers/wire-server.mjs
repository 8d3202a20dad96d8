// The server of one JavaScript library, for `benchmarks/run wire`:
//
//   node wire-server.mjs LIBRARY
//
// It prints the port that it listens on, and ends with its standard input. Nothing is configured but
// the port; nothing is stored.

import { createServer } from 'node:http';

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
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
