import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type History, historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils';

const FOLDER = join(__dirname, 'histories');

/** Replaces in every history the identity of the process and the host that recorded it. */
export const RECORDER = 'recorder';

/** The names of all recorded histories. */
export function listHistories(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .toSorted();
}

/** Writes a history without what belongs to the machine it was recorded on. Returns how many bytes that were. */
export function writeHistory(name: string, history: History): number {
  const json = `${JSON.stringify(JSON.parse(historyToJSON(history)), removeMachineDetails, 2)}\n`;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(getPath(name), json);
  return json.length;
}

export function readHistoryText(name: string): string {
  return readFileSync(getPath(name), 'utf8');
}

/** @throws an error that names the fix when the SDK cannot read any JSON history at all. */
export function readHistory(name: string): History {
  try {
    return historyFromJSON(JSON.parse(readHistoryText(name)));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Error(
      `No history can be read from JSON (${error.message}). npm has installed several copies of protobufjs 8, and the ` +
        'SDK confuses them: keep `protobufjs` 8 among the dependencies in package.json, so that there is one.',
      { cause: error },
    );
  }
}

/** What the payloads of a history say, as text. */
export function readPayloadTexts(name: string): string[] {
  const texts: string[] = [];
  JSON.parse(readHistoryText(name), (key, value: unknown) => {
    if (key === 'data' && typeof value === 'string') texts.push(Buffer.from(value, 'base64').toString('utf8'));
    return value;
  });
  return texts;
}

function getPath(name: string): string {
  return join(FOLDER, `${name}.json`);
}

/** For `JSON.stringify`. Replay looks at neither member. */
function removeMachineDetails(key: string, value: unknown): unknown {
  if (key === 'identity') return RECORDER; // a client's is its process id and host name
  if (key === 'stackTrace') return undefined; // names folders
  return value;
}
