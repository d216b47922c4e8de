import pino from 'pino';
import type { Logger } from '../../src/process/logging';

export interface LogEntry {
  level: string;
  message: string;
  [field: string]: unknown;
}

/** A logger that keeps its entries. Not redacted: a secret must not reach the log in the first place. */
export function recordLog(): { log: Logger; entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const log = pino(
    {
      level: 'trace',
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => entries.push(JSON.parse(line) as LogEntry) },
  );
  return { log, entries };
}
