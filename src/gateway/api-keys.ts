import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '../config';

/** Whose key a call carries. */
export type Caller = Omit<ApiKey, 'sha256'>;

/** The caller whose key this is. Every key is compared, each in constant time: how long it takes tells nothing. */
export function callerWith(secret: string, keys: readonly ApiKey[]): Caller | undefined {
  const hash = createHash('sha256').update(secret).digest();
  let found: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.sha256, hash)) found ??= key;
  return found && { name: found.name, ...(found.resellerId !== undefined && { resellerId: found.resellerId }) };
}

/** The key that a call carries: `Authorization: Bearer`, or `X-API-Key` for callers that can send fixed headers only. */
export function keyIn(headers: { authorization?: string | undefined; 'x-api-key'?: unknown }): string | undefined {
  const bearer = /^Bearer +(?<key>\S+) *$/i.exec(headers.authorization ?? '')?.groups?.['key'];
  const fixed = headers['x-api-key'];
  return bearer ?? (typeof fixed === 'string' && fixed !== '' ? fixed : undefined);
}
