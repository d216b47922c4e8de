import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the nearest package.json above this file: the same whether it runs from `tools/` or from `lib/tools/`. */
export function findProjectRoot(start = __dirname): string {
  if (existsSync(join(start, 'package.json'))) return start;
  const parent = dirname(start);
  if (parent === start) throw new Error(`No package.json stands in or above ${__dirname}: run this from a checkout.`);
  return findProjectRoot(parent);
}
