/** Chance that comes out the same for the same seed, whatever else is drawn before or after it. */
import { createHash } from 'node:crypto';

/** A number in [0, 1) that hangs on the seed and the name alone. */
export function drawn(seed: number, name: string): number {
  return digestOf(seed, name).readUInt32BE() / 2 ** 32;
}

/** A GUID (version 4 by its form) that hangs on the seed and the name alone. */
export function drawnGuid(seed: number, name: string): string {
  const bytes = digestOf(seed, name).subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The items in an order that hangs on the seed and the name alone. */
export function shuffled<T>(items: readonly T[], seed: number, name: string): T[] {
  return items
    .map((item, index) => ({ item, rank: drawn(seed, `${name} ${index}`) }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

function digestOf(seed: number, name: string): Buffer {
  return createHash('sha256').update(`${seed} ${name}`).digest();
}
