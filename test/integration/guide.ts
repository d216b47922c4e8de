/** The parts of docs/crm-integration.md that can be run: each fenced block that has a name. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';

export const root = resolve(__dirname, '../..');
export const guide = readFileSync(join(root, 'docs/crm-integration.md'), 'utf8');
const blocks = new Map([...guide.matchAll(/^```\w+ ([\w-]+)\n(.*?)^```$/gms)].map(([, name, text]) => [name!, text!]));

export function getBlock(name: string): string {
  const text = blocks.get(name);
  if (text === undefined) throw new Error(`The guide has no block ${name}; it has ${[...blocks.keys()].join(', ')}.`);
  return text;
}

/** Method, path, headers and body of a block that shows a request. */
export function parseRequest(name: string) {
  const [head = '', ...rest] = getBlock(name).split('\n\n');
  const [line = '', ...headerLines] = head.split('\n');
  const headers = Object.fromEntries(headerLines.map((text) => text.split(': ') as [string, string]));
  return { method: line.split(' ')[0]!, path: line.split(' ')[1]!, headers, body: rest.join('\n\n').trim() };
}

/** What a CommonJS block exports, with an environment of its own. */
export function load(name: string, env: Record<string, string> = {}): unknown {
  const module = { exports: {} };
  // oxlint-disable-next-line typescript/no-implied-eval -- to run what the guide shows is the point of this test
  const run = new Function('module', 'exports', 'require', 'process', getBlock(name)) as (...args: unknown[]) => void;
  run(module, module.exports, require, { env });
  return module.exports;
}

/** Whether anything listens on this port of the machine. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve_) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve_(true);
    });
    socket.on('error', () => resolve_(false));
  });
}
