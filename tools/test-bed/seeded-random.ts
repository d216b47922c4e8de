/** Random values that depend only on a seed and a name, so that an additional value does not change the others. */
import { createHash } from 'node:crypto';

/** A number in [0, 1). */
export function randomNumber(seed: number, name: string): number {
  return hash(seed, name).readUInt32BE() / 2 ** 32;
}

/** A version 4 GUID. */
export function randomGuid(seed: number, name: string): string {
  const bytes = hash(seed, name).subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The items in random order. */
export function shuffle<T>(items: readonly T[], seed: number, name: string): T[] {
  return items
    .map((item, index) => ({ item, rank: randomNumber(seed, `${name} ${index}`) }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

function hash(seed: number, name: string): Buffer {
  return createHash('sha256').update(`${seed} ${name}`).digest();
}
