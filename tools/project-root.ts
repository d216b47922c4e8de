import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder above this file with a package.json: the same from `tools/` and from the compiled `lib/tools/`. */
export function findProjectRoot(start = __dirname): string {
  if (existsSync(join(start, 'package.json'))) return start;
  const parent = dirname(start);
  if (parent === start) throw new Error(`There is no package.json in or above ${__dirname}: run this from a checkout.`);
  return findProjectRoot(parent);
}
