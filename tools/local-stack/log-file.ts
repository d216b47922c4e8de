import { closeSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

const FOLLOW_MS = 200;

/** A part's log. The part writes to the file itself, so its last words are kept even if the supervisor is killed. */
export class LogFile {
  readonly path: string;
  /** Handed to the child as stdout and stderr. */
  readonly descriptor: number;

  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, `${name}.log`);
    this.descriptor = openSync(this.path, 'w', 0o600);
  }

  lastLines(count: number): string[] {
    return readFileSync(this.path, 'utf8').split('\n').filter(Boolean).slice(-count);
  }

  /** Calls `onLine` for each line from now on; the function returned ends that, after what is there already. */
  follow(onLine: (line: string) => void): () => void {
    const reader = openSync(this.path, 'r');
    const chunk = Buffer.alloc(64 * 1024);
    let unfinished = '';
    const read = () => {
      for (let length = readSync(reader, chunk); length > 0; length = readSync(reader, chunk)) {
        const lines = (unfinished + chunk.toString('utf8', 0, length)).split('\n');
        unfinished = lines.pop() ?? '';
        lines.forEach(onLine);
      }
    };
    const timer = setInterval(read, FOLLOW_MS);
    return () => {
      clearInterval(timer);
      read();
      closeSync(reader);
    };
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
