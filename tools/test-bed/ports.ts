/**
 * Reserves ports for processes that must know their port before they start. Binding port 0 and releasing it is unsafe,
 * because the system may assign the port to another process before ours has started. The ports here are below the ephemeral
 * ranges (from 32768 on Linux, from 49152 elsewhere), and two programs that use this module never share a block.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

const FIRST_PORT = 20_000;
const BLOCK_SIZE = 16;
const BLOCKS = 750;

const unused: number[] = [];

/** A free port on 127.0.0.1 that no other caller gets while this process runs. */
export async function reservePort(): Promise<number> {
  for (;;) {
    if (unused.length === 0) unused.push(...(await claimBlock()));
    const port = unused.shift();
    if (port !== undefined && (await isFree(port))) return port;
  }
}

export async function reservePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await reservePort());
  return ports;
}

/** Claims a block by listening on its first port until this process ends. */
async function claimBlock(): Promise<number[]> {
  const randomBlock = Math.floor(Math.random() * BLOCKS);
  for (let tried = 0; tried < BLOCKS; tried += 1) {
    const first = FIRST_PORT + ((randomBlock + tried) % BLOCKS) * BLOCK_SIZE;
    const claim = await listenOn(first);
    claim?.unref();
    if (claim) return Array.from({ length: BLOCK_SIZE - 1 }, (_, index) => first + 1 + index);
  }
  throw new Error(`Every block of ports from ${FIRST_PORT} on is in use.`);
}

async function isFree(port: number): Promise<boolean> {
  const probe = await listenOn(port);
  if (probe) await once(probe.close(), 'close');
  return probe !== undefined;
}

/** Undefined if the port is in use. */
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
