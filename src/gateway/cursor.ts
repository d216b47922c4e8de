import { createHash } from 'node:crypto';

const CHECKSUM_BYTES = 8;

/** A place in a list as callers carry it: the server's own token behind a checksum. */
export function cursorOf(token: Uint8Array): string {
  return Buffer.concat([checksumOf(token), token]).toString('base64url');
}

/**
 * The server's token, or undefined for what is no whole cursor: the server would answer that with an error which is not
 * told from its being down. No protection, for a token holds nothing but a place.
 */
export function tokenIn(cursor: string): Uint8Array | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  const token = bytes.subarray(CHECKSUM_BYTES);
  return bytes.subarray(0, CHECKSUM_BYTES).equals(checksumOf(token)) ? token : undefined;
}

function checksumOf(token: Uint8Array): Buffer {
  return createHash('sha256').update(token).digest().subarray(0, CHECKSUM_BYTES);
}
