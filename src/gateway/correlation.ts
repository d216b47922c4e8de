import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const CORRELATION_HEADER = 'x-correlation-id';

const LOOKS_LIKE_AN_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{7,63}$/;

/** The caller's own id of this call where it sends one, so that both logs can be read together; else a new one. */
export function correlationIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const sent = [headers[CORRELATION_HEADER], headers['x-request-id']];
  return sent.find((id): id is string => typeof id === 'string' && LOOKS_LIKE_AN_ID.test(id)) ?? randomUUID();
}
