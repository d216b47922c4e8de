/**
 * Ports for processes that are told theirs before they listen. One that the system gave and took back would not do: it
 * may give it to anybody else until the process has started. These lie below the ports that a system gives by chance (from
 * 32768 on Linux, from 49152 on others), and of two programs that use this module each has blocks of its own.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

const FIRST_PORT = 20_000;
const BLOCK_SIZE = 16;
const BLOCKS = 750;

const unused: number[] = [];

/** A port of the loopback that nobody listens on and that no other caller is given as long as this process runs. */
export async function ownPort(): Promise<number> {
  for (;;) {
    if (unused.length === 0) unused.push(...(await claimBlock()));
    const port = unused.shift();
    if (port !== undefined && (await isFree(port))) return port;
  }
}

export async function ownPorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await ownPort());
  return ports;
}

/** Whoever listens on the first port of a block, until its process ends, has the others. */
async function claimBlock(): Promise<number[]> {
  const anyBlock = Math.floor(Math.random() * BLOCKS);
  for (let tried = 0; tried < BLOCKS; tried += 1) {
    const first = FIRST_PORT + ((anyBlock + tried) % BLOCKS) * BLOCK_SIZE;
    const claim = await listenOn(first);
    claim?.unref();
    if (claim) return Array.from({ length: BLOCK_SIZE - 1 }, (_, index) => first + 1 + index);
  }
  throw new Error(`Every block of ports from ${FIRST_PORT} on is taken.`);
}

async function isFree(port: number): Promise<boolean> {
  const probe = await listenOn(port);
  if (probe) await once(probe.close(), 'close');
  return probe !== undefined;
}

/** `undefined` when the port is taken. */
async function listenOn(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}
