/** Clients that break the rules of HTTP, each on its own socket, until the gateway disconnects them. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const TRICKLE_MS = 200;

interface Misbehaviour {
  act: (socket: Socket, key: string) => void;
  /** The status it may get before it is disconnected; one that still sends may get none, because a reset overtakes it. */
  statuses: readonly (number | undefined)[];
}

const posting = (key: string, header: string) =>
  `POST /v1/onboardings HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n${header}\r\n\r\n`;

export const misbehaviours = {
  'says nothing': { act: () => undefined, statuses: [408] },
  'sends its headers byte by byte': {
    act: (socket, key) => trickle(socket, posting(key, 'content-length: 2')),
    statuses: [408],
  },
  'sends headers without end': {
    act: (socket) => trickle(socket, `GET /healthz HTTP/1.1\r\nhost: x\r\n${'x-more: 1\r\n'.repeat(1_000)}`),
    statuses: [408],
  },
  'never ends its body': {
    act: (socket, key) => {
      socket.write(posting(key, 'content-length: 60000'));
      trickle(socket, ' '.repeat(60_000));
    },
    statuses: [408],
  },
  'never sends the next chunk': {
    act: (socket, key) => void socket.write(`${posting(key, 'transfer-encoding: chunked')}1\r\n{\r\n`),
    statuses: [408],
  },
  'sends a body that is far too large': {
    act: (socket, key) => pour(socket, posting(key, 'content-length: 1000000000'), ' '.repeat(16_384)),
    statuses: [413, undefined],
  },
  'sends chunks without end': {
    act: (socket, key) => pour(socket, posting(key, 'transfer-encoding: chunked'), `4000\r\n${' '.repeat(0x4000)}\r\n`),
    statuses: [413, undefined],
  },
  'sends headers that are too large': {
    act: (socket) => pour(socket, 'GET /healthz HTTP/1.1\r\nhost: x\r\n', `x-large: ${'a'.repeat(16_384)}\r\n`),
    statuses: [431, undefined],
  },
  'sends garbage': {
    act: (socket) => pour(socket, '\u0000', randomBytes(16_384)),
    statuses: [400, undefined],
  },
  'closes its half in the middle of the headers': {
    act: (socket) => void socket.end('GET /healthz HTTP/1.1\r\nhos'),
    statuses: [400],
  },
  'closes its half in the middle of the body': {
    act: (socket, key) => void socket.end(`${posting(key, 'content-length: 500')}{"dealId"`),
    statuses: [400],
  },
  'closes its half after the request': {
    act: (socket) => void socket.end('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'),
    statuses: [200],
  },
  'asks and never reads': {
    act: (socket) => {
      socket.pause();
      pour(socket, '', 'GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(100));
    },
    statuses: [undefined],
  },
} satisfies Record<string, Misbehaviour>;

export type Misbehaving = keyof typeof misbehaviours;

/** The status that the client received before the gateway disconnected it; undefined for none. */
export function misbehave(kind: Misbehaving, port: number, key: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () =>
      misbehaviours[kind].act(socket, key),
    );
    socket.on('data', (chunk: Buffer) => {
      if (received.length < 64) received += chunk.toString('latin1');
    });
    socket.on('error', () => undefined); // a reset is one way to disconnect
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(received)?.[1];
      resolve(status === undefined ? undefined : Number(status));
    });
  });
}

function trickle(socket: Socket, text: string): void {
  let sent = 0;
  const timer = setInterval(() => socket.write(text.slice(sent, (sent += 1))), TRICKLE_MS);
  socket.on('close', () => clearInterval(timer));
}

/** `more` again and again, as fast as the other side takes it. */
function pour(socket: Socket, head: string, more: string | Buffer): void {
  const write = () => {
    while (!socket.destroyed && socket.write(more));
  };
  socket.write(head);
  socket.on('drain', write);
  write();
}
