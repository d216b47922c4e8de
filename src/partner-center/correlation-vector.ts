import { randomBytes } from 'node:crypto';

/**
 * A fresh correlation vector for `MS-CV`: 128 random bits in base64 without padding, and the first element `.0`.
 * Source: microsoft/CorrelationVector, version 2.
 */
export function newCorrelationVector(): string {
  return `${randomBytes(16).toString('base64').slice(0, 22)}.0`;
}
