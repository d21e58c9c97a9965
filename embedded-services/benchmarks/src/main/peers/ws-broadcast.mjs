// npm `ws`, doing what the bare baseline does: /sub subscribes, POST /fire/VERSION?bytes=N sends everyone one message.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const port = Number(process.argv[2]);
const http = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const head = Buffer.from(`{"kind":"delta","version":${url.pathname.split('/').pop()}}`);
  const message = Buffer.alloc(Math.max(Number(url.searchParams.get('bytes')), 4 + head.length), 0x20);
  message.writeUInt32BE(head.length);
  head.copy(message, 4);
  for (const socket of sockets.clients) {
    socket.send(message, { binary: true });
  }
  response.writeHead(204).end();
});
const sockets = new WebSocketServer({ server: http, path: '/sub', perMessageDeflate: false });
// The generator ends its sockets without a farewell.
sockets.on('connection', (socket) => socket.on('error', () => {}));
http.listen(port, '127.0.0.1', 4096, () => console.log('ready'));
